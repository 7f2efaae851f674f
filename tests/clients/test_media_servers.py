"""Clients of media servers: how each is shown its key, and what they make of refusals."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from watchd.clients.emby_server import EmbyServer
from watchd.clients.kodi_server import INVALID_PARAMS, KodiServer, Question, RpcError
from watchd.clients.plex_server import PlexServer
from watchd.clients.rest import RestClient
from watchd.clock import ManualClock
from watchd.errors import UpstreamRefusal, UpstreamUnreachable
from watchd.standins.faults import Fault
from watchd.standins.media import EmbyStandIn, JellyfinStandIn, KodiStandIn, MediaStandIn, PlexStandIn
from watchd.standins.world import the_world
from watchd.telemetry.metrics import Metrics

SECRET = MediaStandIn.secret
HEAT = the_world().movie("heat-1995")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def rest(session: aiohttp.ClientSession, server: MediaStandIn, metrics: Metrics) -> RestClient:
    return RestClient(session, server.url, server.clock, metrics, service="there")


async def test_plex_is_shown_its_token_in_a_header(
    session: aiohttp.ClientSession, clock: ManualClock, metrics: Metrics
) -> None:
    async with PlexStandIn(clock) as server:
        client = PlexServer(rest(session, server, metrics), SECRET)
        assert (await client.identity())["MediaContainer"]["machineIdentifier"] == server.uuid
        assert await client.sessions() == {"MediaContainer": {"size": 0}}
        key = server.key(HEAT)
        assert (await client.metadata([key, "99"]))["MediaContainer"]["Metadata"][0]["Guid"][0] == {"id": "imdb://tt0113277"}
        seen = server.requests[-1]
        assert (seen.path, seen.query) == (f"/library/metadata/{key},99", {"includeGuids": "1"})
        assert (seen.headers["X-Plex-Token"], seen.headers["Accept"]) == (SECRET, "application/json")
        assert "X-Plex-Token" not in server.requests[0].headers


@pytest.mark.parametrize("flavour, kind", [("jellyfin", JellyfinStandIn), ("emby", EmbyStandIn)])
async def test_jellyfin_and_emby_are_each_shown_the_key_in_their_way(
    session: aiohttp.ClientSession,
    clock: ManualClock,
    metrics: Metrics,
    flavour: str,
    kind: type[JellyfinStandIn],
) -> None:
    async with kind(clock) as server:
        client = EmbyServer(rest(session, server, metrics), SECRET, "emby" if flavour == "emby" else "jellyfin")
        assert (await client.info())["Id"] == server.server_id
        answer = await client.sessions()
        assert (len(answer.data), answer.offset_ms) == (1, 0)
        (item,) = (await client.items([server.key(HEAT)], "7"))["Items"]
        assert item["ProviderIds"]["Imdb"] == "tt0113277"
        assert server.requests[-1].query == {"ids": server.key(HEAT), "fields": "ProviderIds", "userId": "7"}
        headers = server.requests[-1].headers
        own = headers.get("X-Emby-Token") if flavour == "emby" else headers.get("Authorization")
        assert own == (SECRET if flavour == "emby" else f'MediaBrowser Token="{SECRET}"')
        other = "jellyfin" if flavour == "emby" else "emby"
        with pytest.raises(UpstreamRefusal, match="401"):
            await EmbyServer(rest(session, server, metrics), SECRET, "emby" if other == "emby" else "jellyfin").sessions()


async def test_several_questions_go_to_kodi_in_one_request(
    session: aiohttp.ClientSession, clock: ManualClock, metrics: Metrics
) -> None:
    async with KodiStandIn(clock) as server:
        client = KodiServer(rest(session, server, metrics), "kodi", SECRET)
        server.start_playing(HEAT)
        at = {"playerid": 1}
        item, properties = await client.ask(
            Question("Player.GetItem", {**at, "properties": ["title"]}),
            Question("Player.GetProperties", {**at, "properties": ["speed"]}),
        )
        assert (item["item"]["title"], properties["speed"]) == ("Heat", 1)
        assert len(server.requests) == 1


async def test_what_kodi_does_not_answer_is_an_error_with_its_code(
    session: aiohttp.ClientSession, clock: ManualClock, metrics: Metrics
) -> None:
    async with KodiStandIn(clock) as server:
        client = KodiServer(rest(session, server, metrics), "kodi", SECRET)
        with pytest.raises(RpcError) as caught:
            await client.ask(Question("VideoLibrary.GetTVShowDetails", {"tvshowid": 9, "properties": []}))
        assert caught.value.code == INVALID_PARAMS
        for body in ([], [{"id": [1]}], 7, "null", {"id": 2, "result": 1}):
            server.faults.add(Fault("status", status=200, body=body))
            with pytest.raises(UpstreamUnreachable):
                await client.ask(Question("Player.GetActivePlayers", {}))


async def test_a_time_limit_of_its_own(session: aiohttp.ClientSession, clock: ManualClock, metrics: Metrics) -> None:
    async with PlexStandIn(clock) as server:
        server.faults.add(Fault("hang"))
        hurried = RestClient(session, server.url, clock, metrics, service="there", time_limit=0.5)
        with pytest.raises(UpstreamUnreachable, match="time limit"):
            await PlexServer(hurried, SECRET).sessions()
