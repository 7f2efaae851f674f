"""What is being watched now."""

from dataclasses import replace

import pytest

from tests.rules.making import HEAT, NOW, PILOT, POLICY, minutes, paused, play, stopped
from watchd.clock import MINUTE
from watchd.model.playback import Play
from watchd.model.watching import IDLE, Watching, WatchState
from watchd.rules.hearing import Hearing
from watchd.rules.now import Polled, decide, percentage

LIMIT = 3 * MINUTE
THERE = Polled(PILOT, NOW, NOW + minutes(40))
HEARD = Hearing(asked=True, since=NOW, last_heard=NOW)
NOT_ASKED = Hearing()


def see(
    *plays: Play, polled: Polled | None = None, hearing: Hearing = HEARD, last: Watching = IDLE, later: float = 0
) -> Watching:
    return decide(plays, polled, hearing, last, NOW + minutes(later), POLICY, LIMIT)


def test_nothing_anywhere_is_idle() -> None:
    assert see() == IDLE
    assert see(hearing=NOT_ASKED, later=10_000) == IDLE
    assert see(stopped(40.0, NOW)) == IDLE


def test_a_play_here_goes_before_what_trakt_says() -> None:
    seen = see(play(), polled=THERE)
    assert (seen.state, seen.media, seen.source, seen.play_id) == (WatchState.WATCHING, HEAT, "plex", 7)
    assert see(paused(40.0, NOW), polled=THERE).state is WatchState.PAUSED


def test_of_two_plays_the_newest_playing_one_is_shown() -> None:
    older, newer = play(id=1, updated_at=NOW - 5000), play(id=2, updated_at=NOW - 1000)
    resting = replace(paused(40.0, NOW), id=3)
    assert see(older, newer, resting).play_id == 2
    assert see(resting, replace(resting, id=4, updated_at=NOW - 1)).play_id == 3


def test_a_play_that_fell_silent_is_not_shown_past_its_end() -> None:
    assert see(play(), later=101).state is WatchState.WATCHING
    assert see(play(), later=103) == IDLE


def test_what_trakt_alone_knows_of_is_shown_until_it_expires() -> None:
    seen = see(polled=THERE, later=10)
    assert (seen.state, seen.media, seen.source, seen.play_id) == (WatchState.WATCHING, PILOT, "trakt", None)
    assert see(polled=THERE, later=40) == IDLE


def test_what_was_paused_there_is_shown_paused_for_some_hours() -> None:
    resting = replace(THERE, paused=True, progress=50.0, paused_at=NOW)
    seen = see(polled=resting, later=60)
    assert (seen.state, percentage(seen, NOW + minutes(60)), seen.expires_at) == (WatchState.PAUSED, 50.0, NOW + minutes(20))
    assert see(polled=resting, later=241) == IDLE


def test_the_state_is_unknown_only_when_nothing_is_live_here_and_trakt_was_silent_too_long() -> None:
    deaf = replace(HEARD, failing=True)
    assert see(hearing=deaf, later=3) == IDLE
    assert see(hearing=deaf, later=3.1).state is WatchState.UNKNOWN
    assert see(hearing=deaf, later=3.1).stale_since == NOW
    assert see(play(), hearing=deaf, later=60).state is WatchState.WATCHING
    assert see(hearing=replace(HEARD, failing=False), later=60) == IDLE


def test_before_trakt_was_first_heard_the_state_is_unknown_since_the_start() -> None:
    seen = see(hearing=Hearing(asked=True, since=NOW), later=1)
    assert (seen.state, seen.stale_since, seen.media) == (WatchState.UNKNOWN, NOW, None)


def test_unknown_keeps_the_last_content_standing_still() -> None:
    deaf = replace(HEARD, failing=True)
    before = see(polled=THERE, hearing=deaf, later=3)
    unknown = see(polled=THERE, hearing=deaf, last=before, later=4)
    assert (unknown.state, unknown.media, unknown.expires_at) == (WatchState.UNKNOWN, PILOT, THERE.expires_at)
    assert percentage(unknown, NOW + minutes(4)) == pytest.approx(10.0)
    still = see(polled=THERE, hearing=deaf, last=unknown, later=30)
    assert still == unknown
    back = see(polled=THERE, last=still, later=30)
    assert percentage(back, NOW + minutes(30)) == pytest.approx(75.0)


def test_unknown_claims_no_play_of_ours() -> None:
    seen = see(hearing=replace(HEARD, failing=True), last=see(play()), later=200)
    assert (seen.state, seen.media, seen.play_id) == (WatchState.UNKNOWN, HEAT, None)


TRUTH = [
    ("fresh start", Polled(HEAT, NOW, NOW + minutes(100)), 20, 20.0),
    ("resumed at 60 %", Polled(HEAT, NOW, NOW + minutes(40)), 20, 80.0),
    ("started_at of hours before", Polled(HEAT, NOW - minutes(300), NOW + minutes(40)), 20, 80.0),
    ("started_at of a little before", Polled(HEAT, NOW - minutes(4), NOW + minutes(100)), 20, 20.0),
    ("just before its end", Polled(HEAT, NOW, NOW + minutes(100)), 99.5, 99.0),
    ("runtime unknown", Polled(replace(HEAT, runtime=None), NOW, NOW + minutes(50)), 20, 40.0),
]


@pytest.mark.parametrize("name, polled, later, truth", TRUTH, ids=[row[0] for row in TRUTH])
def test_the_percentage_of_what_trakt_shows_is_right_within_one(name: str, polled: Polled, later: float, truth: float) -> None:
    shown = percentage(see(polled=polled, later=later), NOW + minutes(later))
    assert shown is not None
    assert abs(shown - truth) <= 1.0


HERE = [
    ("fresh start", play(), 20, 20.0),
    ("resumed at 60 %", play(progress=60.0), 20, 80.0),
    ("paused", paused(33.0, NOW), 500, 33.0),
    ("past its end", play(), 101, 99.0),
    ("before its start, by a clock set back", play(progress=10.0), -5, 10.0),
]


@pytest.mark.parametrize("name, item, later, truth", HERE, ids=[row[0] for row in HERE])
def test_the_percentage_of_a_play_here_is_right_within_one(name: str, item: Play, later: float, truth: float) -> None:
    shown = percentage(see(item, later=later), NOW + minutes(later))
    assert shown is not None
    assert abs(shown - truth) <= 1.0


def test_without_any_progress_there_is_no_percentage() -> None:
    assert percentage(see(play(progress=None)), NOW) is None


def test_what_is_watched_elsewhere_shows_through_a_play_left_paused_half_an_hour_before() -> None:
    left = paused(40.0, NOW)
    elsewhere = Polled(PILOT, NOW + minutes(20), NOW + minutes(90))
    assert see(left, polled=elsewhere, later=29).media == HEAT
    assert (see(left, polled=elsewhere, later=31).media, see(left, later=31).media) == (PILOT, HEAT)
    assert (
        see(left, polled=replace(elsewhere, started_at=NOW - minutes(1), media=replace(PILOT, runtime=None)), later=31).media
        == HEAT
    )
    assert see(left, polled=replace(elsewhere, paused=True, paused_at=NOW), later=31).media == HEAT
    assert see(play(), polled=elsewhere, later=31).media == HEAT
