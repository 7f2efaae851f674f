"""What Trakt says, and honesty when it cannot be heard: issue 2, points 6 and 7."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.services.home import ME, Home, a_home
from watchd.demo.players import plex_payload
from watchd.model.watching import WatchState
from watchd.rules.poll import IDLE_MOST, LOCAL_LIVE, WATCHING
from watchd.standins.faults import Fault

MINUTE = 60.0


def card(home: Home) -> dict[str, Any]:
    document = home.daemon.now.live(None)
    assert document is not None
    told: dict[str, Any] = json.loads(document.body)
    return told


async def test_what_trakt_alone_knows_of_is_shown_and_never_becomes_a_play(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.episode("severance", 2, 10)
        home.trakt.watch("watcher", item, 60)
        wait = await home.link.poller.poll_once()
        shown = card(home)
        assert (shown["isWatching"], shown["state"], shown["source"]) == (True, "watching", "trakt")
        assert shown["content"]["title"] == "Severance"
        assert shown["content"]["progress"]["percentage"] == pytest.approx(60, abs=1)
        assert wait == WATCHING
        await home.settle()
        assert await home.deliveries() == []


@pytest.mark.parametrize("stale", [False, True])
@pytest.mark.parametrize("minutes", [0.0, 10.0, 25.0])
async def test_progress_of_a_polled_item_is_right_within_one_percent(tmp_path: Path, minutes: float, stale: bool) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.episode("severance", 2, 9)
        if stale:
            home.trakt.watch("watcher", home.trakt.catalogue.episode("severance", 2, 8), 0)
            home.clock.advance(40 * MINUTE)
        home.trakt.watch("watcher", item, 30)
        await home.link.poller.poll_once()
        home.clock.advance(minutes * MINUTE)
        truth = 30 + 100 * minutes / item.runtime
        assert card(home)["content"]["progress"]["percentage"] == pytest.approx(truth, abs=1)


async def test_an_expired_item_is_idle_without_another_poll(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.episode("severance", 2, 9)
        home.trakt.watch("watcher", item, 90)
        await home.link.poller.poll_once()
        home.clock.advance(item.runtime * 0.1 * MINUTE + 1)
        assert card(home)["state"] == "idle"


async def test_silence_beyond_the_limit_is_unknown_with_the_time_and_the_last_content(tmp_path: Path) -> None:
    async with a_home(tmp_path, unknown_after=120) as home:
        home.trakt.watch("watcher", home.trakt.catalogue.episode("severance", 2, 9), 10)
        await home.link.poller.poll_once()
        heard = home.link.poller.hearing.last_heard
        home.trakt.faults.add(Fault("drop_before", times=None))
        home.clock.advance(60)
        await home.link.poller.poll_once()
        assert card(home)["state"] == "watching"
        home.clock.advance(61)
        shown = card(home)
        assert (shown["state"], shown["isWatching"], shown["content"]["title"]) == ("unknown", False, "Severance")
        assert heard is not None
        assert shown["stale_since"] is not None
        home.trakt.faults.clear()
        await home.link.poller.poll_once()
        assert card(home)["state"] == "watching"


async def test_trakt_never_heard_since_the_start_is_unknown_not_idle(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.link.poller.reset()
        home.trakt.faults.add(Fault("status", status=503, times=None))
        await home.link.poller.poll_once()
        assert card(home)["state"] == "unknown"
        home.trakt.faults.clear()
        await home.link.poller.poll_once()
        assert card(home)["state"] == "idle"


async def test_a_local_play_wins_over_silence_and_slows_the_polls(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("drop_before", times=None))
        await home.link.poller.poll_once()
        await home.plex(plex_payload("media.play", home.trakt.catalogue.episode("friends", 1, 1), 0))
        assert card(home)["state"] == "watching"
        home.trakt.faults.clear()
        assert await home.link.poller.poll_once() == LOCAL_LIVE


async def test_idle_polls_grow_to_a_minute(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        waits = [await home.link.poller.poll_once() for _ in range(20)]
        assert waits == sorted(waits)
        assert (waits[0] < IDLE_MOST, waits[-1]) == (True, IDLE_MOST)


async def test_an_item_that_vanished_into_a_saved_position_is_shown_as_paused(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        home.trakt.watch("watcher", item, 40)
        await home.link.poller.poll_once()
        token = home.trakt.issue_tokens()["access_token"]
        await _scrobble_elsewhere(home, token, "pause", item.ids["trakt"], 42.0)
        await home.link.poller.poll_once()
        shown = card(home)
        assert shown["state"] == "paused"
        assert shown["content"]["progress"]["percentage"] == pytest.approx(42, abs=1)


async def test_an_item_that_vanished_into_the_history_is_over(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        home.trakt.watch("watcher", item, 85)
        await home.link.poller.poll_once()
        token = home.trakt.issue_tokens()["access_token"]
        await _scrobble_elsewhere(home, token, "stop", item.ids["trakt"], 95.0)
        await home.link.poller.poll_once()
        assert card(home)["state"] == "idle"


async def test_a_dead_api_app_is_asked_once_an_hour(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("status", status=403, times=None))
        assert await home.link.poller.poll_once() == 3_600_000


async def test_without_a_login_a_public_profile_is_polled_by_name(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        home.link.poller.start()
        assert home.daemon.now.watching(ME).state is WatchState.IDLE
        assert home.trakt.calls("GET", "/users/") == []


async def _scrobble_elsewhere(home: Home, token: str, verb: str, trakt_id: int, progress: float) -> None:
    headers = {
        "Authorization": f"Bearer {token}",
        "trakt-api-key": home.trakt.client_id,
        "trakt-api-version": "2",
        "User-Agent": "another-app/1.0",
    }
    body = {"movie": {"ids": {"trakt": trakt_id}}, "progress": progress}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{home.trakt.url}/scrobble/{verb}", json=body) as answer,
    ):
        assert answer.status == 201
