"""What is not watched, told of four times over, and watched again: the judge is Trakt's history."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.home import ME, Home, a_home
from watchd.model.media import Episode, Media, MediaIds, Show
from watchd.model.playback import Action, PlaybackEvent, PlayState
from watchd.model.receipts import RawEvent, Receipt
from watchd.model.relay import DeliveryState, Verb
from watchd.standins.items import Watchable
from watchd.store import plays

MINUTE = 60.0
LENGTH = 1320
SHOW = Show("Friends", 1994)
TELLERS: dict[str, Media] = {
    "plex": Episode(Show("Friends (local title)"), 1, 1, ids=MediaIds(imdb="tt0583459")),
    "tautulli": Episode(Show("Freunde", ids=MediaIds(tmdb=1668)), 1, 1),
    "jellyfin": Episode(SHOW, 1, 1, ids=MediaIds(tvdb=303821)),
}
"""One episode in the words of each, without an id that two of them share."""


def friends(home: Home) -> Watchable:
    return home.trakt.catalogue.episode("friends", 1, 1)


def said(source: str, action: Action, progress: float) -> PlaybackEvent:
    return PlaybackEvent(source, action, TELLERS[source], progress=progress, duration=LENGTH, player="tv")


async def tell(home: Home, action: Action, progress: float, *sources: str) -> Receipt:
    receipt = None
    for source in sources or ("plex",):
        event = said(source, action, progress)
        receipt = await home.daemon.recorder.record(RawEvent(ME, source, home.clock.now(), "{}"), event)
        home.clock.advance(0.3)
    assert receipt is not None
    return receipt


async def counted(home: Home) -> int:
    return len(await home.daemon.database.read(lambda connection: plays.watched(connection, ME, 100)))


async def test_a_pause_at_85_that_is_left_is_not_watched_however_long_it_lasts(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await tell(home, Action.START, 0)
        home.clock.advance(0.85 * LENGTH)
        receipt = await tell(home, Action.PAUSE, 85)
        await home.relay_all()
        home.clock.advance(86_400)
        await home.settle()
        await home.relay_all()
        assert (await counted(home), home.trakt.history_count()) == (0, 0)
        left = await home.daemon.database.read(lambda connection: plays.get(connection, receipt.play.id if receipt.play else 0))
        assert left is not None
        assert (left.state, left.progress, left.watched_at) == (PlayState.STOPPED, 85.0, None)


async def test_a_stop_at_79_keeps_its_position_here_and_at_trakt(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await tell(home, Action.START, 0)
        await home.relay_all()
        home.clock.advance(0.79 * LENGTH)
        receipt = await tell(home, Action.STOP, 79)
        await home.relay_all()
        assert receipt.play is not None
        assert (receipt.play.state, receipt.play.progress) == (PlayState.STOPPED, 79.0)
        assert [(row.item, row.progress) for row in home.trakt.user().playback] == [(friends(home), 79.0)]
        assert home.trakt.history_count() == 0


async def test_with_threshold_90_a_stop_at_85_scrobbles_nothing(tmp_path: Path) -> None:
    async with a_home(tmp_path, watched_threshold=90) as home:
        await tell(home, Action.START, 0)
        await home.relay_all()
        home.clock.advance(0.85 * LENGTH)
        await tell(home, Action.STOP, 85)
        await home.relay_all()
        told = [(seen.path, seen.body["progress"]) for seen in home.trakt.calls("POST", "/scrobble/")]
        assert [path for path, _ in told] == ["/scrobble/start", "/scrobble/stop"]
        assert told[1][1] < 80
        assert home.trakt.calls("POST", "/sync/history") == []
        assert (await counted(home), home.trakt.history_count()) == (0, 0)


@pytest.mark.parametrize("order", [("plex", "tautulli", "jellyfin"), ("jellyfin", "tautulli", "plex")])
async def test_four_tellers_of_one_sitting_make_one_play_one_delivery_and_one_row(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    async with a_home(tmp_path) as home:
        await evening(home, order)
        assert home.trakt.history_count() == 1
        await home.lookup.complete(TELLERS["jellyfin"])
        assert await counted(home) == 1
        watched = [item for item in await home.deliveries() if item.verb is Verb.WATCHED]
        assert [item.state for item in watched if item.state is not DeliveryState.SUPERSEDED] == [DeliveryState.DELIVERED]


async def evening(home: Home, order: tuple[str, ...]) -> None:
    """Three sources tell of an episode from the start to the end, and Trakt's own `watching` echoes the first."""
    await tell(home, Action.START, 0, *order)
    await home.relay_all()
    for minute in range(1, 21):
        home.clock.advance(MINUTE)
        await tell(home, Action.PROGRESS, minute / 22 * 100, order[-1])
        if minute % 5 == 0:
            await home.link.poller.poll_once()
    assert home.daemon.now.watching(ME).state == "watching"
    await tell(home, Action.STOP, 95, *order)
    await home.relay_all()
    await home.link.poller.poll_once()
    assert home.daemon.now.watching(ME).state == "idle"


async def test_the_same_next_evening_is_a_second_play_with_a_row_of_its_own(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        order = ("plex", "tautulli", "jellyfin")
        await evening(home, order)
        home.clock.advance(22 * 3600)
        await evening(home, order)
        assert (await counted(home), home.trakt.history_count()) == (2, 2)


async def test_a_rewatch_within_trakts_window_is_delivered_by_the_history(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for _ in range(2):
            await tell(home, Action.START, 0)
            await home.relay_all()
            home.clock.advance(16 * MINUTE)
            await tell(home, Action.STOP, 96)
            await home.relay_all()
            home.clock.advance(0.6 * LENGTH - 16 * MINUTE if 0.6 * LENGTH > 16 * MINUTE else 30)
        assert any(seen.status == 409 for seen in home.trakt.calls("POST", "/scrobble/stop"))
        assert len(home.trakt.calls("POST", "/sync/history")) == 1
        assert (await counted(home), home.trakt.history_count()) == (2, 2)


async def test_a_double_episode_is_two_rows_at_trakt(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        file = Episode(replace(SHOW, ids=MediaIds(tmdb=1668)), 1, 1, number_end=2)
        start = PlaybackEvent("emby", Action.START, file, progress=0, duration=2 * LENGTH, player="tv")
        await home.event(start)
        await home.relay_all()
        home.clock.advance(1.9 * LENGTH)
        await home.event(replace(start, action=Action.STOP, progress=95))
        await home.relay_all()
        rows = sorted(home.trakt.user().history, key=lambda row: row.watched_at)
        assert [row.item for row in rows] == [home.trakt.catalogue.episode("friends", 1, number) for number in (1, 2)]
        assert rows[1].watched_at - rows[0].watched_at == pytest.approx(0.9 * LENGTH * 1000, abs=130_000)
