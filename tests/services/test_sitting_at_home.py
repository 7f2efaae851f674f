"""One sitting, however told of, reaches Trakt once: issue 2, point 9."""

from pathlib import Path

from tests.services.home import Home, a_home
from watchd.demo.players import plex_payload
from watchd.model.media import Episode, MediaIds, Show
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Step
from watchd.model.relay import DeliveryState, Verb
from watchd.standins.faults import Fault
from watchd.standins.items import Watchable

MINUTE = 60.0


def friends(home: Home) -> Watchable:
    return home.trakt.catalogue.episode("friends", 1, 1)


async def test_two_sources_with_disjoint_ids_and_titles_make_one_play_at_trakt(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        by_own_ids = Episode(show=Show(title="Friends (local title)"), ids=MediaIds(imdb="tt0583459"), season=1, number=1)
        by_show = Episode(show=Show(title="Freunde", ids=MediaIds(tmdb=1668)), season=1, number=1)
        for source, media in (("plex", by_own_ids), ("tautulli", by_show)):
            await home.event(PlaybackEvent(source, Action.START, media, progress=0, duration=1320))
        home.clock.advance(21 * MINUTE)
        for source, media in (("plex", by_own_ids), ("tautulli", by_show)):
            await home.event(PlaybackEvent(source, Action.STOP, media, progress=96, duration=1320))
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1
        watched = [delivery for delivery in await home.deliveries() if delivery.verb is Verb.WATCHED]
        assert sorted(delivery.state for delivery in watched) in (
            [DeliveryState.DELIVERED],
            [DeliveryState.DELIVERED, DeliveryState.SUPERSEDED],
        )


async def test_two_sources_that_only_tell_of_the_end_make_one_play_at_trakt(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        by_own_ids = Episode(show=Show(title="Friends (local title)"), ids=MediaIds(imdb="tt0583459"), season=1, number=1)
        by_show = Episode(show=Show(title="Freunde", ids=MediaIds(tmdb=1668)), season=1, number=1)
        await home.event(PlaybackEvent("plex", Action.WATCHED, by_own_ids, duration=1320))
        home.clock.advance(5)
        await home.event(PlaybackEvent("tautulli", Action.WATCHED, by_show, duration=1320))
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1


async def test_plex_starting_again_after_its_scrobble_event_is_the_same_sitting(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        await home.plex(plex_payload("media.play", item, 0))
        home.clock.advance(20 * MINUTE)
        scrobbled = await home.plex(plex_payload("media.scrobble", item, None))
        home.clock.advance(MINUTE)
        again = await home.plex(plex_payload("media.play", item, 0))
        home.clock.advance(MINUTE)
        stopped = await home.plex(plex_payload("media.stop", item, 97))
        assert [receipt.step for receipt in (scrobbled, again, stopped)] == [Step.WATCHED, Step.SWALLOWED, Step.SWALLOWED]
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1


async def test_a_rewatch_inside_trakts_409_window_goes_out_by_history(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        for _ in range(2):
            await home.plex(plex_payload("media.play", item, 0))
            await home.relay_all()
            home.clock.advance(15 * MINUTE)
            await home.plex(plex_payload("media.stop", item, 96))
            await home.relay_all()
            home.clock.advance(MINUTE)
        assert home.trakt.history_count(item.key[1], kind="episode") == 2
        assert any(seen.status == 409 for seen in home.trakt.calls("POST", "/scrobble/stop"))
        first, second = (row.watched_at for row in sorted(home.trakt.user().history, key=lambda row: row.watched_at))
        assert 15 * 60_000 <= second - first <= 18 * 60_000


async def test_a_stop_at_75_with_threshold_70_is_a_play_at_trakt(tmp_path: Path) -> None:
    async with a_home(tmp_path, watched_threshold=70) as home:
        item = friends(home)
        await home.plex(plex_payload("media.play", item, 0))
        home.clock.advance(17 * MINUTE)
        await home.plex(plex_payload("media.stop", item, 75))
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1
        assert home.trakt.calls("POST", "/scrobble/stop")[-1].body["progress"] >= 80


async def test_a_stop_at_85_with_threshold_90_scrobbles_nothing_and_keeps_the_position(tmp_path: Path) -> None:
    async with a_home(tmp_path, watched_threshold=90) as home:
        item = friends(home)
        await home.plex(plex_payload("media.play", item, 0))
        home.clock.advance(18 * MINUTE)
        await home.plex(plex_payload("media.stop", item, 85))
        await home.relay_all()
        assert home.trakt.history_count() == 0
        assert [row.progress for row in home.trakt.user().playback] == [79.9]


async def test_a_pause_is_told_as_a_stop_below_80_and_a_resume_as_a_start(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        for event, progress in (("media.play", 0), ("media.pause", 90), ("media.resume", 90)):
            await home.plex(plex_payload(event, item, progress))
            await home.relay_all()
            home.clock.advance(30)
        told = [(seen.path, seen.body["progress"]) for seen in home.trakt.calls("POST", "/scrobble/")]
        assert [path for path, _ in told] == ["/scrobble/start", "/scrobble/stop", "/scrobble/start"]
        assert told[1][1] == 79.9
        assert home.trakt.history_count() == 0


async def test_an_echo_of_our_own_start_is_ignored_once_the_play_has_ended_here(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        await home.plex(plex_payload("media.play", item, 0))
        await home.relay_all()
        home.clock.advance(3 * MINUTE)
        home.trakt.faults.add(Fault("status", status=503, method="POST", times=None))
        await home.plex(plex_payload("media.stop", item, 15))
        assert home.trakt.user().watching is not None
        await home.link.poller.poll_once()
        assert home.daemon.now.watching(1).state == "idle"


async def test_something_else_started_at_trakt_is_shown_after_our_play_has_ended(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = friends(home)
        await home.plex(plex_payload("media.play", item, 0))
        await home.relay_all()
        home.clock.advance(3 * MINUTE)
        await home.plex(plex_payload("media.stop", item, 15))
        await home.relay_all()
        home.clock.advance(10 * MINUTE)
        home.trakt.watch("watcher", item, 15)
        await home.link.poller.poll_once()
        watching = home.daemon.now.watching(1)
        assert (watching.state, watching.source) == ("watching", "trakt")
