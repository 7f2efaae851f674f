"""The rules together, on a real database: several plays, players and sources of one account."""

import sqlite3

from tests.rules.making import HEAT, NOW, PILOT, POLICY, SECOND, event, minutes
from tests.rules.test_household import ME, arrive, check_debts, database, history
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Receipt, Step
from watchd.model.relay import DeliveryState, Verb
from watchd.services import merging, sittings
from watchd.store import deliveries, medias, plays

START, STOP, PAUSE, BEAT, WATCHED = Action.START, Action.STOP, Action.PAUSE, Action.PROGRESS, Action.WATCHED


def hear(connection: sqlite3.Connection, minute: float, told: PlaybackEvent) -> Receipt:
    return arrive(connection, told, NOW + minutes(minute), POLICY).receipt


def shown(connection: sqlite3.Connection) -> list[Media]:
    return [play.media for play in plays.open_plays(connection, ME)]


def test_another_media_on_the_same_player_ends_the_one_before() -> None:
    with database() as connection:
        first = hear(connection, 0, event(START, 0, player="tv"))
        hear(connection, 10, event(START, 0, media=PILOT, player="tv"))
        assert shown(connection) == [PILOT]
        assert [item.verb for item in deliveries.of_play(connection, first.play.id if first.play else 0)] == [Verb.START]


def test_another_media_on_another_player_ends_nothing() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0, player="tv"))
        hear(connection, 10, event(START, 0, media=PILOT, player="phone"))
        assert len(shown(connection)) == 2


def test_a_heartbeat_of_the_item_before_does_not_end_the_new_one() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0, player="tv"))
        hear(connection, 10, event(START, 0, media=PILOT, player="tv"))
        late = hear(connection, 10.02, event(BEAT, 10, player="tv"))
        assert late.step is Step.NONE
        assert shown(connection) == [PILOT]


def test_an_older_event_of_another_media_does_not_end_what_plays_now() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0, player="tv"))
        hear(connection, 1, event(START, 0, media=PILOT, player="tv", at=NOW - minutes(30)))
        assert HEAT in shown(connection)


def test_the_next_episode_at_the_expected_end_completes_the_one_before() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0, media=PILOT, player="tv"))
        hear(connection, 40, event(START, 0, media=SECOND, player="tv"))
        assert [play.media for play in history(connection)] == [PILOT]
        check_debts(connection)


def test_a_new_session_ends_the_sitting_that_stayed_open_and_its_other_sources_come_along() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0, session="a"))
        hear(connection, 90, event(WATCHED, session="a"))
        hear(connection, 101, event(START, 0, source="emby"))
        hear(connection, 101.05, event(START, 0, session="b"))
        assert len(shown(connection)) == 1
        second = hear(connection, 196, event(STOP, 95, source="emby"))
        third = hear(connection, 196.05, event(STOP, 95, session="b"))
        assert (second.step, third.step) == (Step.WATCHED, Step.SWALLOWED)
        assert len(history(connection)) == 2
        check_debts(connection)


def test_a_seek_back_after_the_watched_moment_and_a_stop_below_the_threshold_count_nothing() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0))
        hear(connection, 90, event(STOP, 90))
        hear(connection, 91, event(START, 0))
        assert hear(connection, 156, event(STOP, 65)).step is Step.SWALLOWED
        assert len(history(connection)) == 1


def test_what_silence_has_completed_is_not_completed_again_by_its_late_stop() -> None:
    with database() as connection:
        hear(connection, 0, event(START, 0))
        hear(connection, 85, event(BEAT, 85))
        sittings.settle_due(connection, NOW + minutes(103), POLICY)
        assert hear(connection, 104, event(STOP, 99)).step is Step.SWALLOWED
        assert len(history(connection)) == 1


def test_a_queue_delivered_hours_later_counts_at_its_own_time_and_shows_nothing() -> None:
    with database() as connection:
        for minute, told in ((0, START), (90, STOP)):
            hear(connection, 600, event(told, minute, at=NOW + minutes(minute)))
        assert [play.watched_at for play in history(connection)] == [NOW + minutes(90)]
        assert shown(connection) == []


def test_a_queue_that_reaches_further_back_than_another_source_heard_counts_once() -> None:
    with database() as connection:
        hear(connection, 90, event(START, 90))
        hear(connection, 91, event(STOP, 91))
        for minute, told in ((0, START), (90, PAUSE), (90.5, START), (91, STOP)):
            hear(connection, 99, event(told, minute, source="emby", at=NOW + minutes(minute)))
        assert len(history(connection)) == 1
        check_debts(connection)


def test_a_checkin_is_busy_while_something_plays_and_ends_with_its_runtime() -> None:
    with database() as connection:
        hear(connection, 0, event(Action.CHECKIN, source="trakt"))
        busy = hear(connection, 1, event(Action.CHECKIN, media=PILOT, source="trakt"))
        assert (busy.step, busy.until) == (Step.BUSY, NOW + minutes(100))
        sittings.settle_due(connection, NOW + minutes(100), POLICY)
        assert [(play.media, play.watched_at) for play in history(connection)] == [(HEAT, NOW + minutes(100))]
        check_debts(connection)


def test_a_checkin_taken_back_counts_nothing() -> None:
    with database() as connection:
        hear(connection, 0, event(Action.CHECKIN, source="trakt"))
        assert hear(connection, 1, PlaybackEvent("trakt", Action.UNCHECKIN, Movie())).step is Step.CANCELLED
        sittings.settle_due(connection, NOW + minutes(200), POLICY)
        assert history(connection) == []


def test_two_media_that_turn_out_to_be_one_become_one_play_with_one_outcome() -> None:
    own = Episode(Show("Severance"), 1, 1, ids=MediaIds(tvdb=7))
    foreign = Episode(Show("Trennung", ids=MediaIds(trakt=1)), 1, 1, runtime=2400.0)
    with database() as connection:
        for source, media in (("plex", own), ("jellyfin", foreign)):
            hear(connection, 0, event(START, 0, media=media, source=source))
        for source, media in (("plex", own), ("jellyfin", foreign)):
            hear(connection, 38, event(STOP, 95, media=media, source=source))
        assert len(history(connection)) == 2
        known = medias.known(connection, ME, own)
        assert known is not None
        merging.learn(connection, ME, known, Episode(Show("Severance", ids=MediaIds(trakt=1)), 1, 1), NOW + minutes(39))
        (play,) = history(connection)
        assert {teller.source for teller in play.tellers} == {"plex", "jellyfin"}
        outcomes = [item.state for item in deliveries.of_play(connection, play.id) if item.verb is Verb.WATCHED]
        assert sorted(outcomes) == [DeliveryState.PENDING, DeliveryState.SUPERSEDED]
        check_debts(connection)


def test_two_viewings_told_of_by_different_sources_stay_two_when_their_media_merge() -> None:
    with database() as connection:
        hear(connection, 90, event(STOP, 90, media=Movie("Heat", ids=MediaIds(imdb="tt1")), duration=6000.0))
        hear(connection, 600, event(STOP, 90, media=Movie("Hitze", ids=MediaIds(tmdb=2)), source="emby", duration=6000.0))
        known = medias.known(connection, ME, Movie(ids=MediaIds(imdb="tt1")))
        assert known is not None
        merging.learn(connection, ME, known, Movie(ids=MediaIds(imdb="tt1", tmdb=2)), NOW + minutes(601))
        assert len(history(connection)) == 2
        check_debts(connection)
