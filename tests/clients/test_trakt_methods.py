"""The table of Trakt's methods: whole, found by concrete paths, and a guard against calls made in vain."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.clients.test_trakt import FAST
from tests.clients.upstream import Upstream, listening, talking_to
from watchd.clients.limiter import Limiter
from watchd.clients.trakt_caller import Call, TraktCaller
from watchd.clients.trakt_calls import TraktCalls
from watchd.clients.trakt_methods import NotAMethod, check, find, listed, methods
from watchd.clock import ManualClock
from watchd.telemetry.metrics import Metrics


def test_the_table_has_every_method_from_the_beginning_and_those_that_came() -> None:
    assert sum(not method.since for method in methods()) == 183
    assert len({(method.verb, method.path) for method in methods()}) == len(methods())
    assert (
        {method.auth for method in methods()} == {method.pagination for method in methods()} == {"none", "optional", "required"}
    )
    for method in methods():
        assert 0 <= method.optional < len(method.parts)
        if method.renamed_to:
            assert any(other.path == method.renamed_to and other.since for other in methods())


@pytest.mark.parametrize(
    "verb, path, expected",
    [
        ("GET", "users/me/history", "/users/{id}/history"),
        ("GET", "/users/me/history/seasons/3950/", "/users/{id}/history/{type}/{item_id}"),
        ("GET", "movies/played", "/movies/played/{period}"),
        ("GET", "movies/heat-1995", "/movies/{id}"),
        ("GET", "movies/heat-1995/comments", "/movies/{id}/comments/{sort}"),
        ("GET", "calendars/my/shows", "/calendars/my/shows/{start_date}/{days}"),
        ("GET", "search/movie", "/search/{type}"),
        ("GET", "search/imdb/tt0113277", "/search/{id_type}/{id}"),
        ("GET", "users/settings", "/users/settings"),
        ("GET", "users/someone", "/users/{id}"),
        ("POST", "sync/history/remove", "/sync/history/remove"),
        ("DELETE", "checkin", "/checkin"),
    ],
)
def test_a_concrete_path_finds_its_method(verb: str, path: str, expected: str) -> None:
    assert find(verb, path).path == expected


@pytest.mark.parametrize(
    "verb, path, said",
    [
        ("GET", "movies", "no method"),
        ("GET", "nonsense/x", "no method"),
        ("POST", "users/me/stats", "is not asked with POST but with GET"),
        ("GET", "users/{id}/stats", "put a value"),
        ("GET", "users//stats", "no path"),
        ("GET", "users/../stats", "no path"),
        ("GET", "users/%2e%2E/stats", "no path"),
        ("GET", "users/me/stats?x=1", "without a query"),
        ("PATCH", "users/me", "not a verb"),
        ("GET", "genres", "no method"),
        ("GET", "users/me/histroy", "near it are /users/{id}/history"),
        ("GET", "user/me/stat", "near it are /users/{id}/stats"),
        ("GET", "sync/history/movies/1/2", "near it are /sync/history/{type}/{id}:"),
        ("POST", "oauth/token", "watchd login"),
        ("POST", "/oauth/revoke/", "watchd login"),
    ],
)
def test_what_is_no_method_is_said_to_be_none(verb: str, path: str, said: str) -> None:
    with pytest.raises(NotAMethod, match=re.escape(said)):
        find(verb, path)


def test_arguments_that_would_not_do_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(NotAMethod, match="needs a login"):
        check(find("POST", "checkin"), logged_in=False, params={})
    with pytest.raises(NotAMethod, match="pages"):
        check(find("GET", "users/me/stats"), logged_in=True, params={"limit": "5"})
    with pytest.raises(NotAMethod, match="pages"):
        check(find("GET", "users/me/stats"), logged_in=True, params={}, every_page=True)
    with pytest.raises(NotAMethod, match="from 1 on"):
        check(find("GET", "users/me/history"), logged_in=True, params={"limit": "0"})
    with pytest.raises(NotAMethod, match=r"level of detail fuller; there are .*full"):
        check(find("GET", "users/me/history"), logged_in=True, params={}, extended=["full", "fuller"])
    with pytest.raises(NotAMethod, match="it knows none"):
        check(find("GET", "certifications/movies"), logged_in=True, params={}, extended=["full"])
    check(find("GET", "users/me/history"), logged_in=True, params={"limit": "5"}, extended=["full", "images"], every_page=True)


def test_the_list_is_searched_by_a_word() -> None:
    assert [method.path for method in listed("BOXOFFICE")] == ["/movies/boxoffice"]
    assert len(listed()) == len(methods())


ROWS = [{"id": n} for n in range(25)]


async def pages_of_ten(request: web.Request) -> web.StreamResponse:
    page = int(request.query.get("page", 1))
    headers = {"X-Pagination-Page-Count": "3", "X-Pagination-Item-Count": "25"}
    return web.json_response(ROWS[page * 10 - 10 : page * 10], headers=headers)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with listening(pages_of_ten) as upstream:
        yield upstream


async def test_all_pages_are_read_by_what_each_reply_says(upstream: Upstream, clock: ManualClock, metrics: Metrics) -> None:
    async with talking_to(upstream.url, clock, metrics) as rest:
        limiter = Limiter(clock, FAST, service="trakt", metrics=metrics)
        caller = TraktCaller(TraktCalls(rest, "id", None, limiter))
        one = await caller.call(Call("GET", "users/someone/history", {"limit": "5"}, ("full",)))
        assert (one.data, one.rows, one.pages) == (ROWS[:10], 25, 3)
        assert upstream.seen[0].query == {"limit": "5", "extended": "full"}
        whole = await caller.call(Call("GET", "users/someone/history", {}, every_page=True))
        assert whole.data == ROWS
        assert [seen.query.get("page") for seen in upstream.seen[1:]] == ["1", "2", "3"]
        with pytest.raises(NotAMethod, match="name the user"):
            await caller.call(Call("GET", "users/me/history", {}))
        assert len(upstream.seen) == 4
