"""Trakt's data API: what is asked, how it is answered, and how a 401 is mended."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aioresponses import aioresponses

from tests.clients.issuer import FakeStore, Issuer
from tests.clients.upstream import Handler, Upstream, listening, talking_to
from watchd.clients.limiter import Lane, Limiter, Rate
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_tokens import TokenKeeper
from watchd.clock import ManualClock
from watchd.errors import LoginRequired, UpstreamRefusal, UpstreamUnreachable
from watchd.model.media import MediaIds, MediaType, Movie, Show
from watchd.model.tokens import StoredTokens
from watchd.telemetry.metrics import Metrics

BASE = "https://api.example"
HEAT = {"title": "Heat", "year": 1995, "ids": {"trakt": 1, "slug": "heat-1995"}, "runtime": 170}
SEVERANCE = {"title": "Severance", "year": 2022, "ids": {"trakt": 5, "slug": "severance"}}
FAST = {"GET": Rate(1000, 1000), "POST": Rate(1000, 1000)}


class Account:
    """A client with tokens, a real server behind it, and what that server accepts."""

    def __init__(self, clock: ManualClock, metrics: Metrics) -> None:
        self.issuer = Issuer(clock)
        self.keeper = TokenKeeper(FakeStore(StoredTokens(self.issuer.pair)), self.issuer, clock, metrics)
        self.limiter = Limiter(clock, FAST, service="trakt", metrics=metrics)
        self.accepts = {"access1"}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return web.json_response({"id": 0}, status=201 if token in self.accepts else 401)


@pytest.fixture
def account(clock: ManualClock, metrics: Metrics) -> Account:
    return Account(clock, metrics)


@pytest.fixture
async def public(clock: ManualClock, metrics: Metrics) -> AsyncIterator[TraktClient]:
    """A client without tokens, for aioresponses."""
    async with talking_to(BASE, clock, metrics) as rest:
        yield TraktClient(rest, "the-id", None, Limiter(clock, FAST, service="trakt", metrics=metrics))


class Talk:
    """The account's client against a handler."""

    def __init__(self, account: Account, metrics: Metrics, answer: Handler | None = None) -> None:
        self._account, self._metrics, self._answer = account, metrics, answer or account.answer
        self.upstream = Upstream(self._answer)

    async def __aenter__(self) -> TraktClient:
        self._listening = listening(self._answer)
        self.upstream = await self._listening.__aenter__()
        self._talking = talking_to(self.upstream.url, ManualClock(), self._metrics)
        rest = await self._talking.__aenter__()
        return TraktClient(rest, "the-id", self._account.keeper, self._account.limiter)

    async def __aexit__(self, *_: object) -> None:
        await self._talking.__aexit__(None, None, None)
        await self._listening.__aexit__(None, None, None)


async def test_every_call_has_the_headers_trakt_asks_for(account: Account, metrics: Metrics) -> None:
    talk = Talk(account, metrics)
    async with talk as client:
        await client.scrobble("start", {"movie": {}, "progress": 1}, Lane.LIVE)
        assert client.offset_ms is not None
    seen = talk.upstream.seen[0]
    assert (seen.method, seen.path, seen.json) == ("POST", "/scrobble/start", {"movie": {}, "progress": 1})
    wanted = {
        "Content-Type": "application/json",
        "trakt-api-version": "2",
        "trakt-api-key": "the-id",
        "Authorization": "Bearer access1",
    }
    assert wanted.items() <= seen.headers.items()


async def test_a_get_has_the_content_type_too_and_no_authorisation_without_tokens(metrics: Metrics, clock: ManualClock) -> None:
    async with listening() as upstream, talking_to(upstream.url, clock, metrics) as rest:
        client = TraktClient(rest, "the-id", None, Limiter(clock, FAST, service="trakt", metrics=metrics))
        await client.movie(1)
    assert upstream.seen[0].headers["Content-Type"] == "application/json"
    assert "Authorization" not in upstream.seen[0].headers


async def test_a_401_is_mended_by_one_refresh_and_a_replay(account: Account, metrics: Metrics) -> None:
    account.accepts = {"access2"}
    talk = Talk(account, metrics)
    written: list[int] = []

    async def write_ahead() -> None:
        written.append(len(talk.upstream.seen))

    async with talk as client:
        answer = await client.scrobble("stop", {}, Lane.LIVE_STOP, write_ahead)
    assert answer.status == 201
    assert [seen.headers["Authorization"] for seen in talk.upstream.seen] == ["Bearer access1", "Bearer access2"]
    assert written == [0, 1]


async def test_fifty_concurrent_401s_are_one_refresh(account: Account, metrics: Metrics) -> None:
    account.accepts = {"access2"}
    async with Talk(account, metrics) as client:
        answers = await asyncio.gather(*(client.add_history({}) for _ in range(50)))
    assert {answer.status for answer in answers} == {201}
    assert account.issuer.calls == [("refresh1", "ok")]


async def test_a_second_401_asks_for_a_login_and_does_not_loop(account: Account, metrics: Metrics) -> None:
    account.accepts = set()
    talk = Talk(account, metrics)
    async with talk as client:
        for _ in range(3):
            with pytest.raises(LoginRequired):
                await client.add_history({})
    assert len(talk.upstream.seen) == 2
    assert len(account.issuer.calls) == 1


async def test_a_401_of_a_private_user_refreshes_nothing(account: Account, metrics: Metrics) -> None:
    async def private(_: web.Request) -> web.StreamResponse:
        return web.Response(status=401, headers={"X-Private-User": "true"})

    async with Talk(account, metrics, private) as client:
        with pytest.raises(UpstreamRefusal, match="401"):
            await client.watching("somebody")
    assert account.issuer.calls == []


async def test_what_comes_before_sending_may_call_it_off(account: Account, metrics: Metrics) -> None:
    async def too_late() -> None:
        raise LoginRequired("any of ours")

    talk = Talk(account, metrics)
    async with talk as client:
        with pytest.raises(LoginRequired, match="any of ours"):
            await client.scrobble("start", {}, Lane.LIVE, too_late)
    assert talk.upstream.seen == []


async def test_write_ahead_comes_after_the_wait_for_the_gate(account: Account, metrics: Metrics, clock: ManualClock) -> None:
    written = asyncio.Event()

    async def write_ahead() -> None:
        written.set()

    account.limiter.close_for(60)
    async with Talk(account, metrics) as client:
        call = asyncio.create_task(client.scrobble("stop", {}, Lane.LIVE_STOP, write_ahead))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not written.is_set()
        clock.advance(60)
        assert (await call).status == 201
    assert written.is_set()


async def test_watching_nothing_is_none(public: TraktClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/users/jane-d/watching?extended=full", status=204)
        assert await public.watching("jane-d") is None


async def test_watching_tells_item_and_moments(public: TraktClient) -> None:
    body = {
        "expires_at": "2026-11-20T22:57:00.000Z",
        "started_at": "2026-11-20T20:57:00.000Z",
        "action": "scrobble",
        "type": "movie",
        "movie": HEAT,
    }
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/users/me/watching?extended=full", payload=body)
        watching = await public.watching()
    assert watching is not None
    assert (watching.action, watching.media.runtime, watching.expires_at - watching.started_at) == (
        "scrobble",
        10_200,
        7_200_000,
    )


@pytest.mark.parametrize("body", [[], {"type": "movie"}, {"type": "podcast", "podcast": {}}, "x"])
async def test_watching_something_unreadable_is_never_nothing(public: TraktClient, body: object) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/users/me/watching?extended=full", payload=body)
        with pytest.raises(UpstreamUnreachable):
            await public.watching()


def a_row(number: int) -> dict[str, Any]:
    return {"id": number, "watched_at": "2026-11-20T20:57:00.000Z", "action": "scrobble", "type": "movie", "movie": HEAT}


async def test_history_follows_the_pages_the_headers_tell_of(account: Account, metrics: Metrics) -> None:
    async def paged(request: web.Request) -> web.StreamResponse:
        page = int(request.query["page"])
        headers = {"X-Pagination-Page-Count": "3", "X-Pagination-Limit": "2"}
        return web.json_response([a_row(2 * page), a_row(2 * page + 1), a_row(4)], headers=headers)

    talk = Talk(account, metrics, paged)
    async with talk as client:
        rows = await client.history(MediaType.MOVIE, 1, 1_790_000_000_000, 1_790_000_060_000)
    assert [row.id for row in rows] == [2, 3, 4, 5, 6, 7]
    assert [seen.query["page"] for seen in talk.upstream.seen] == ["1", "2", "3"]
    assert talk.upstream.seen[0].path == "/sync/history/movies/1"
    assert talk.upstream.seen[0].query["start_at"] == "2026-09-21T14:13:20.000Z"
    assert talk.upstream.seen[0].query["end_at"] == "2026-09-21T14:14:20.000Z"


@pytest.mark.parametrize("headers", [{}, {"X-Pagination-Page-Count": "x"}, {"X-Pagination-Page-Count": "0"}])
async def test_history_without_page_headers_is_one_page(account: Account, metrics: Metrics, headers: dict[str, str]) -> None:
    async def one_page(_: web.Request) -> web.StreamResponse:
        return web.json_response([a_row(1)], headers=headers)

    talk = Talk(account, metrics, one_page)
    async with talk as client:
        assert len(await client.history(MediaType.EPISODE, 1, 0, 1)) == 1
    assert len(talk.upstream.seen) == 1


async def test_an_empty_page_ends_the_history(account: Account, metrics: Metrics) -> None:
    async def shrinking(request: web.Request) -> web.StreamResponse:
        return web.json_response([a_row(1)] if request.query["page"] == "1" else [], headers={"X-Pagination-Page-Count": "9"})

    talk = Talk(account, metrics, shrinking)
    async with talk as client:
        assert len(await client.history(MediaType.MOVIE, 1, 0, 1)) == 1
    assert len(talk.upstream.seen) == 2


@pytest.mark.parametrize("body", [{}, [{"id": 1}], [None]])
async def test_history_that_cannot_be_read_is_not_taken_for_empty(account: Account, metrics: Metrics, body: object) -> None:
    async def odd(_: web.Request) -> web.StreamResponse:
        return web.json_response(body)

    async with Talk(account, metrics, odd) as client:
        with pytest.raises(UpstreamUnreachable):
            await client.history(MediaType.MOVIE, 1, 0, 1)


async def test_recent_history_and_playback_pass_over_what_they_cannot_read(public: TraktClient) -> None:
    kept = {"id": 37, "progress": 65.5, "paused_at": "2026-11-20T19:30:00.000Z", "type": "movie", "movie": HEAT}
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/users/me/history?extended=full&limit=5", payload=[a_row(1), {}, a_row(2)])
        mocked.get(f"{BASE}/sync/playback?extended=full&limit=3", payload=[{}, kept])
        assert [row.id for row in await public.recent_history()] == [1, 2]
        assert [row.progress for row in await public.playback(3)] == [65.5]


async def test_a_search_by_id_takes_only_the_type_asked_for(public: TraktClient) -> None:
    episode = {"season": 2, "number": 25, "title": "Spirit Needle", "ids": {"trakt": 1534205, "tvdb": 78845}}
    rows = [{"type": "show", "score": 1000, "show": SEVERANCE}, {"type": "episode", "episode": episode, "show": SEVERANCE}]
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/search/tvdb/78845?extended=full&type=episode", payload=rows)
        mocked.get(f"{BASE}/search/tvdb/78845?extended=full&type=show", payload=rows)
        mocked.get(f"{BASE}/search/imdb/tt1?extended=full&type=movie", payload=[])
        found = await public.find("tvdb", 78845, MediaType.EPISODE)
        assert found is not None
        assert found.ids.trakt == 1534205
        assert await public.find_show("tvdb", 78845) == Show("Severance", 2022, MediaIds(5, "severance"))
        assert await public.find("imdb", "tt1", MediaType.MOVIE) is None


async def test_a_search_by_title_escapes_what_the_engine_would_read(account: Account, metrics: Metrics) -> None:
    async def found(_: web.Request) -> web.StreamResponse:
        return web.json_response([{"type": "movie", "score": 110.04, "movie": HEAT}])

    talk = Talk(account, metrics, found)
    async with talk as client:
        assert await client.search_movies("Heat: (a/b) & c?", 1995) == [Movie("Heat", 1995, MediaIds(1, "heat-1995"), 10_200)]
        assert await client.search_shows("Heat", None) == []
    assert talk.upstream.seen[0].query["query"] == r"Heat\: \(a\/b\) \& c\?"
    assert talk.upstream.seen[0].query["years"] == "1995"
    assert "years" not in talk.upstream.seen[1].query


async def test_single_things_are_none_when_they_are_not_there(public: TraktClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/movies/1?extended=full", payload=HEAT)
        mocked.get(f"{BASE}/shows/severance?extended=full", payload=SEVERANCE)
        mocked.get(
            f"{BASE}/shows/5/seasons/0/episodes/0?extended=full", payload={"season": 0, "number": 0, "ids": {"trakt": 9}}
        )
        for path in ("movies/2", "shows/2", "shows/2/seasons/1/episodes/1"):
            mocked.get(f"{BASE}/{path}?extended=full", status=404)
        assert await public.movie(1) == Movie("Heat", 1995, MediaIds(1, "heat-1995"), 10_200)
        assert await public.show("severance") == Show("Severance", 2022, MediaIds(5, "severance"))
        episode = await public.episode(5, 0, 0)
        assert episode is not None
        assert (episode.ids.trakt, episode.show.ids.trakt, episode.season, episode.number) == (9, 5, 0, 0)
        assert await public.movie(2) is None
        assert await public.show(2) is None
        assert await public.episode(2, 1, 1) is None


async def test_other_refusals_of_single_things_are_errors(public: TraktClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/movies/1?extended=full", status=503)
        with pytest.raises(UpstreamRefusal):
            await public.movie(1)


async def test_whose_tokens_these_are(public: TraktClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/users/settings", payload={"user": {"username": "J", "ids": {"slug": "j", "uuid": "u"}}})
        mocked.get(f"{BASE}/users/settings", payload={"account": {}})
        assert (await public.settings()).uuid == "u"
        with pytest.raises(UpstreamUnreachable):
            await public.settings()


async def test_writing_calls_reach_their_routes(account: Account, metrics: Metrics) -> None:
    talk = Talk(account, metrics)
    async with talk as client:
        await client.checkin({"movie": {}})
        await client.uncheckin()
        await client.remove_history([5, 6])
    assert [(seen.method, seen.path, seen.json) for seen in talk.upstream.seen] == [
        ("POST", "/checkin", {"movie": {}}),
        ("DELETE", "/checkin", None),
        ("POST", "/sync/history/remove", {"ids": [5, 6]}),
    ]


async def test_parts_of_a_path_cannot_leave_it(account: Account, metrics: Metrics) -> None:
    async def nobody(_: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    talk = Talk(account, metrics, nobody)
    async with talk as client:
        await client.watching("a/b?c")
    assert talk.upstream.seen[0].path == "/users/a/b?c/watching"
    assert talk.upstream.seen[0].query == {"extended": "full"}
