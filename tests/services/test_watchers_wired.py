"""Watchers as the settings make them."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.services.home import LeapingClock, a_home
from watchd.errors import SettingsError
from watchd.settings import WatcherSettings
from watchd.standins.faults import Fault
from watchd.standins.media import JellyfinStandIn, MediaStandIn, PlexStandIn

PLEX = {"source": "plex", "url": "http://127.0.0.1:9", "token": "t"}
KODI = {"source": "kodi", "url": "http://127.0.0.1:9"}


def watchers(*chosen: dict[str, Any]) -> tuple[WatcherSettings, ...]:
    return tuple(WatcherSettings.model_validate(one) for one in chosen)


async def test_a_watcher_of_the_settings_tells_the_household_and_the_status(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with PlexStandIn(clock) as server:
        chosen = watchers({"source": "plex", "url": server.url, "token": server.secret, "name": "attic"})
        async with a_home(tmp_path, logged_in=False, clock=clock, watchers=chosen) as home:
            (watcher,) = home.daemon.watchers
            server.start_playing(home.trakt.catalogue.movie("heat-1995"))
            await watcher.look()
            assert home.daemon.now.watching(1).source == "plex"
            facts: Any = home.daemon.vitals.status()["watchers"]
            (told,) = facts
            assert (told["name"], told["source"], told["failing"], told["reason"]) == ("attic", "plex", False, None)


async def test_a_running_watcher_asks_again_and_again(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with PlexStandIn(clock) as server:
        chosen = watchers({"source": "plex", "url": server.url, "token": server.secret})
        async with a_home(tmp_path, logged_in=False, clock=clock, watchers=chosen) as home:
            running = asyncio.create_task(home.daemon.watchers[0].run())
            await server.until(lambda: len(server.calls("GET", "/status/sessions")) > 9)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            moments = [seen.at for seen in server.calls("GET", "/status/sessions")]
            waits = [later - earlier for earlier, later in pairwise(moments)]
            assert waits[0] == 12_500
            assert waits[-1] == 30_000


async def test_the_silence_of_one_server_says_nothing_of_what_another_plays(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with PlexStandIn(clock) as attic, PlexStandIn(clock) as cellar:
        cellar.uuid = "another"
        chosen = watchers(*({"source": "plex", "url": server.url, "token": server.secret} for server in (attic, cellar)))
        async with a_home(tmp_path, logged_in=False, clock=clock, watchers=chosen) as home:
            item = home.trakt.catalogue.movie("heat-1995")
            attic.start_playing(item)
            for watcher in home.daemon.watchers:
                await watcher.look()
            await cellar.stop()
            for _ in range(60):
                for watcher in home.daemon.watchers:
                    await watcher.look()
                clock.advance(10)
            assert home.daemon.now.watching(1).state == "watching"
            attic.stop_playing()
            for _ in range(2):
                await home.daemon.watchers[0].look()
            assert home.daemon.now.watching(1).state == "unknown"


async def test_a_server_that_never_answers_delays_neither_the_others_nor_the_end(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with PlexStandIn(clock) as attic, JellyfinStandIn(clock) as cellar:
        attic.faults.add(Fault("hang", times=None))
        chosen = watchers(
            {"source": "plex", "url": attic.url, "token": attic.secret},
            {"source": "jellyfin", "url": cellar.url, "token": cellar.secret},
        )
        async with a_home(tmp_path, logged_in=False, clock=clock, watchers=chosen) as home:
            cellar.start_playing(home.trakt.catalogue.movie("heat-1995"))
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(watcher.run()) for watcher in home.daemon.watchers]
                await attic.until(lambda: len(attic.requests) == 1)
                await cellar.until(lambda: len(cellar.calls("GET", "/Sessions")) > 9)
                for task in running:
                    task.cancel()
            assert (home.daemon.now.watching(1).source, len(attic.requests)) == ("jellyfin", 1)


async def test_a_server_that_hides_who_it_is_can_be_watched(tmp_path: Path) -> None:
    kinds: dict[str, type[MediaStandIn]] = {"plex": PlexStandIn, "jellyfin": JellyfinStandIn}
    for source, kind in kinds.items():
        clock = LeapingClock()
        async with kind(clock) as server:
            for path in ("/identity", "/System"):
                server.faults.add(Fault("status", path=path, status=404, times=None))
            chosen = watchers({"source": source, "url": server.url, "token": server.secret})
            async with a_home(tmp_path / source, logged_in=False, clock=clock, watchers=chosen) as home:
                server.start_playing(home.trakt.catalogue.movie("heat-1995"))
                await home.daemon.watchers[0].look()
                assert home.daemon.now.watching(1).state == "watching"


async def test_each_watcher_has_a_name_of_its_own(tmp_path: Path) -> None:
    chosen = watchers(PLEX, PLEX, KODI, {**KODI, "name": "den"}, {**PLEX, "name": "plex-2"})
    async with a_home(tmp_path, logged_in=False, watchers=chosen) as home:
        names = [watcher.name for watcher in home.daemon.watchers]
        assert names == ["plex-1", "plex-2-unnamed", "kodi", "den", "plex-2"]


WRONG = [
    ("twice the same name", [{**KODI, "name": "den"}, {**PLEX, "name": "den"}], "two are called den"),
    ("a token for Kodi", [{**KODI, "token": "planted"}], r"^watchers\.0\.token: kodi is not asked with one: remove it$"),
    ("a password for Plex", [{**PLEX, "password": "planted"}], r"^watchers\.0\.password: plex is not asked with one"),
    ("no token", [KODI, {"source": "emby", "url": "http://127.0.0.1:9"}], r"watchers\.1\.token: emby"),
]


@pytest.mark.parametrize("chosen, message", [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_settings_that_will_not_do_stop_the_start(tmp_path: Path, chosen: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        async with a_home(tmp_path, logged_in=False, watchers=watchers(*chosen)):
            pass
