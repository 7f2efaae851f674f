"""The stand-ins for media servers behave as the real ones are known to."""

from typing import Any

import aiohttp
import pytest

from watchd.clock import ManualClock, parse_iso
from watchd.standins.media import EmbyStandIn, JellyfinStandIn, KodiStandIn, MediaStandIn, PlexStandIn
from watchd.standins.world import the_world

SECRET = MediaStandIn.secret
HEAT = the_world().movie("heat-1995")
PLEX = {"X-Plex-Token": SECRET, "Accept": "application/json"}
JELLYFIN = {"Authorization": f'MediaBrowser Token="{SECRET}"'}


async def ask(server: MediaStandIn, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(server.url + path, headers=headers) as answer:
        return answer.status, await answer.json() if "json" in answer.content_type else None


REFUSED: list[tuple[type[MediaStandIn], str, dict[str, str], int]] = [
    (PlexStandIn, "/status/sessions", {}, 401),
    (PlexStandIn, "/status/sessions", {"X-Plex-Token": "another"}, 401),
    (PlexStandIn, "/status/sessions", {"X-Plex-Token": SECRET, "Accept": "text/xml"}, 403),
    (JellyfinStandIn, "/Sessions", {}, 401),
    (JellyfinStandIn, "/Sessions", {"X-Emby-Token": SECRET}, 401),
    (EmbyStandIn, "/Sessions", JELLYFIN, 401),
    (KodiStandIn, "/jsonrpc", {"Authorization": "Basic a29kaTp4"}, 401),
]


@pytest.mark.parametrize("kind, path, headers, status", REFUSED)
async def test_who_does_not_show_the_key_in_the_right_way_is_refused(
    clock: ManualClock, kind: type[MediaStandIn], path: str, headers: dict[str, str], status: int
) -> None:
    async with kind(clock) as server:
        assert (await ask(server, path, headers))[0] == status


async def test_plex_tells_the_place_that_the_player_last_reported(clock: ManualClock) -> None:
    async with PlexStandIn(clock) as server:
        assert await ask(server, "/status/sessions", PLEX) == (200, {"MediaContainer": {"size": 0}})
        server.start_playing(HEAT)
        places = []
        for seconds in (0, 9, 2, 11):
            clock.advance(seconds)
            _, told = await ask(server, "/status/sessions", PLEX)
            places.append(told["MediaContainer"]["Metadata"][0]["viewOffset"])
        server.pause()
        clock.advance(60)
        _, told = await ask(server, "/status/sessions", PLEX)
        (session,) = told["MediaContainer"]["Metadata"]
        assert (places, session["viewOffset"], session["Player"]["state"]) == ([0, 0, 10_000, 20_000], 22_000, "paused")


async def test_jellyfin_reckons_on_and_reaps_players_that_died(clock: ManualClock) -> None:
    async with JellyfinStandIn(clock) as server:
        server.start_playing(HEAT)
        clock.advance(25)
        server.kill()
        clock.advance(75)
        _, (idle, session) = await ask(server, "/Sessions", JELLYFIN)
        assert "NowPlayingItem" not in idle
        assert session["PlayState"]["PositionTicks"] == 100 * 10_000_000
        assert clock.now() - parse_iso(session["LastPlaybackCheckIn"]) == 80_000
        clock.advance(230)
        assert len((await ask(server, "/Sessions", JELLYFIN))[1]) == 1


async def test_emby_has_numbers_for_ids_and_no_word_of_check_ins(clock: ManualClock) -> None:
    async with EmbyStandIn(clock) as server:
        server.start_playing(HEAT)
        _, (idle, session) = await ask(server, "/emby/Sessions", {"X-Emby-Token": SECRET})
        assert (idle["NowPlayingItem"], session["NowPlayingItem"]["Id"].isdecimal()) == ({}, True)
        assert "LastPlaybackCheckIn" not in session
