"""The personal endpoints: what they take, what they refuse, and how their documents go out."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.web.conftest import Client, Enter
from tests.web.fakes import ADMIN, HOOK, READ, House, bearer
from watchd.errors import StoreUnavailable
from watchd.model.personal import Ask, Flowing, Ready
from watchd.rules.personal import ENDPOINTS, USER
from watchd.web.documents import takes_gzip
from watchd.web.guard import Access

BODY = b'{"metadata":{},"data":[1,2,3]}'
PAGING = (("X-Pagination-Page", "1"), ("X-Pagination-Item-Count", "3"))
DOCUMENT = Ready(BODY, '"d-1"', PAGING)
PLAIN = {"Accept-Encoding": "identity"}
ADDRESSES = ["/api/trakt", *(f"/api/trakt/user/{name}" for name in USER), "/api/trakt/user/lists/best"]
PAGED = [name for name, endpoint in ENDPOINTS.items() if not endpoint.one]
TYPED = [name for name, endpoint in ENDPOINTS.items() if endpoint.types]
DATED = [name for name, endpoint in ENDPOINTS.items() if endpoint.dated]


def address(name: str) -> str:
    return "/api/trakt/user/lists/best" if name == "list" else f"/api/trakt/user/{name}"


@pytest.fixture
def house() -> House:
    house = House()
    house.library.ready = dict.fromkeys(("index", "legacy", *ENDPOINTS), DOCUMENT)
    return house


async def asked(house: House, client: Client, path: str, **params: str) -> Ask:
    answer = await client.get(path, params=params, headers=PLAIN)
    assert answer.status == 200, await answer.text()
    return house.library.asked[-1][1]


async def refused(client: Client, path: str, **params: str) -> str:
    answer = await client.get(path, params=params)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/json"
    told = await answer.json()
    assert told.keys() == {"error"}
    return str(told["error"])


@pytest.mark.parametrize("path", ADDRESSES)
async def test_every_document_goes_out_as_it_is_kept(enter: Enter, path: str) -> None:
    client = await enter()
    for _ in range(2):
        answer = await client.get(path, headers=PLAIN)
        assert (answer.status, await answer.read()) == (200, BODY)
        headers = answer.headers
        assert headers["Content-Type"] == "application/json"
        assert headers["ETag"] == DOCUMENT.etag
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["X-Pagination-Item-Count"] == "3"
        assert headers["Cache-Control"] == "public, max-age=5, stale-while-revalidate=60, stale-if-error=600"
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ADDRESSES)
async def test_head_options_304_and_a_method_that_is_not_possible(enter: Enter, path: str) -> None:
    client = await enter()
    head = await client.head(path, headers=PLAIN)
    assert (head.status, await head.read(), head.headers["Content-Length"]) == (200, b"", str(len(BODY)))
    assert head.headers["ETag"] == DOCUMENT.etag
    options = await client.options(path)
    assert (options.status, "GET" in options.headers["Allow"]) == (204, True)
    same = await client.get(path, headers={"If-None-Match": DOCUMENT.etag, **PLAIN})
    assert (same.status, await same.read(), same.headers["ETag"]) == (304, b"", DOCUMENT.etag)
    other = await client.delete(path)
    assert (other.status, "GET, HEAD, OPTIONS" in other.headers["Allow"]) == (405, True)


@pytest.mark.parametrize("name", TYPED)
async def test_type_is_one_of_those_the_endpoint_has(house: House, enter: Enter, name: str) -> None:
    client = await enter()
    assert (await asked(house, client, address(name))).type is None
    assert (await asked(house, client, address(name), type="all")).type is None
    for value in ENDPOINTS[name].types:
        assert (await asked(house, client, address(name), type=value)).type == value
    for wrong in ("bogus", "Movies", "", "movies,shows"):
        assert (
            await refused(client, address(name), type=wrong) == f"type must be one of all, {', '.join(ENDPOINTS[name].types)}"
        )


@pytest.mark.parametrize("name", PAGED)
async def test_pages_are_numbers_within_bounds(house: House, enter: Enter, name: str) -> None:
    client = await enter()
    default = await asked(house, client, address(name))
    assert (default.page, default.limit, default.item) == (1, 1000, "best" if name == "list" else None)
    some = await asked(house, client, address(name), page="3", limit="100000")
    assert (some.page, some.limit) == (3, 100_000)
    for wrong in ("0", "-1", "1.5", "", "x", "٣", "1" * 30):
        assert await refused(client, address(name), page=wrong) == "page must be a number from 1 to 1000000"
        assert await refused(client, address(name), limit=wrong) == "limit must be a number from 1 to 100000"
    assert "100000" in await refused(client, address(name), limit="100001")


@pytest.mark.parametrize("name", PAGED)
async def test_an_order_is_one_of_those_that_make_sense(house: House, enter: Enter, name: str) -> None:
    client = await enter()
    sorts = ENDPOINTS[name].sorts
    assert (await asked(house, client, address(name))).sort == sorts[0]
    for value in sorts:
        assert (await asked(house, client, address(name), sort=value)).sort == value
    assert await refused(client, address(name), sort="random") == f"sort must be one of {', '.join(sorts)}"


@pytest.mark.parametrize("name", DATED)
async def test_moments_may_bound_what_has_a_date(house: House, enter: Enter, name: str) -> None:
    client = await enter()
    day = await asked(house, client, address(name), start_at="2026-01-01", end_at="2026-01-02T00:00:00+01:00")
    assert (day.start_at, day.end_at) == (1_767_225_600_000, 1_767_308_400_000)
    answer = await client.get(address(name) + "?start_at=2026-01-01T00:00:00+01:00", headers=PLAIN)
    assert (answer.status, house.library.asked[-1][1].start_at) == (200, 1_767_222_000_000)
    for wrong in ("yesterday", "", "2026-13-01", "0001-01-01T00:00:00+14:00", "1767225600"):
        text = await refused(client, address(name), start_at=wrong)
        assert text == "start_at must be a moment such as 2026-01-31 or 2026-01-31T20:15:00Z"
    assert "after end_at" in await refused(client, address(name), start_at="2026-02-01", end_at="2026-01-01")


async def test_parameters_an_endpoint_does_not_know_mean_nothing(house: House, enter: Enter) -> None:
    client = await enter()
    assert await asked(house, client, "/api/trakt/user/profile", type="x", page="x", limit="x") == Ask("profile")
    assert (await asked(house, client, "/api/trakt/user/watched", start_at="x", other="1")).start_at is None


async def test_who_takes_gzip_asks_for_the_packed_form(house: House, enter: Enter) -> None:
    packed = Ready(gzip.compress(BODY), '"d-1-gzip"', PAGING, packed=True)
    house.library.ready["history"] = packed
    client = await enter()
    answer = await client.get("/api/trakt/user/history", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert (await answer.read(), answer.headers["ETag"]) == (BODY, packed.etag)
    assert house.library.asked[-1][1].packed is True
    same = await client.get("/api/trakt/user/history", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.etag})
    assert same.status == 304


@pytest.mark.parametrize(
    "accepted, expected",
    [
        ("gzip", True),
        ("GZIP;q=0.5, br", True),
        ("*", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.00", False),
        ("*, gzip;q=0", False),
        ("br", False),
        ("", False),
        ("identity", False),
    ],
)
def test_an_accept_encoding_allows_gzip_or_not(accepted: str, expected: bool) -> None:
    assert takes_gzip(accepted) is expected


async def test_a_changed_document_is_another_answer(house: House, enter: Enter) -> None:
    client = await enter()
    await client.get("/api/trakt/user/history")
    house.library.ready["history"] = Ready(b"[]", '"d-2"')
    answer = await client.get("/api/trakt/user/history", headers={"If-None-Match": DOCUMENT.etag})
    assert (answer.status, await answer.read(), "X-Pagination-Page" in answer.headers) == (200, b"[]", False)


async def test_a_large_kept_document_goes_out_whole(house: House, enter: Enter) -> None:
    large = Ready(b"x" * 1_500_000, '"large"')
    house.library.ready["watched"] = large
    client = await enter()
    answer = await client.get("/api/trakt/user/watched", headers=PLAIN)
    assert (await answer.read() == large.body, answer.headers["ETag"]) == (True, '"large"')
    same = await client.get("/api/trakt/user/watched", headers={"If-None-Match": '"large"', **PLAIN})
    assert (same.status, await same.read()) == (304, b"")


async def pieces(*given: bytes, fault: Exception | None = None) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece
    if fault is not None:
        raise fault


async def test_what_is_too_large_to_be_kept_flows(house: House, enter: Enter) -> None:
    client = await enter()
    house.library.ready["history"] = Flowing(pieces(b"[1", b",2]"), PAGING)
    answer = await client.get("/api/trakt/user/history")
    assert (await answer.json(), answer.headers["X-Pagination-Item-Count"], "ETag" in answer.headers) == ([1, 2], "3", False)
    house.library.ready["history"] = Flowing(pieces(b"[1", b",2]"), PAGING)
    head = await client.head("/api/trakt/user/history")
    assert (head.status, await head.read()) == (200, b"")


async def test_a_flow_that_breaks_off_is_seen_to_break_off(house: House, enter: Enter) -> None:
    client = await enter()
    house.library.ready["history"] = Flowing(pieces(b"[1", fault=StoreUnavailable("gone")))
    with pytest.raises(aiohttp.ClientError):
        await (await client.get("/api/trakt/user/history")).read()
    assert (await client.get("/healthz")).status == 200


async def test_a_list_that_is_not_there_is_named(house: House, enter: Enter) -> None:
    del house.library.ready["list"]
    client = await enter()
    answer = await client.get("/api/trakt/user/lists/h%C3%A9%20llo")
    assert (answer.status, await answer.json()) == (404, {"error": "List items not found for ID: hé llo"})
    assert (await client.get("/api/trakt/user/lists/" + "x" * 300)).status == 404
    assert (await client.get("/api/trakt/user/bogus")).status == 404


async def test_another_account_may_be_named(house: House, enter: Enter) -> None:
    client = await enter()
    for params, account_id in (({}, 1), ({"user": "you"}, 2)):
        await client.get("/api/trakt/user/history", params=params)
        assert house.library.asked[-1][0] == account_id
    answer = await client.get("/api/trakt/user/history", params={"user": "nobody"})
    assert (answer.status, await answer.json()) == (404, {"error": "no such account"})


async def test_where_a_token_is_needed_any_but_a_hooks_opens_them(house: House, enter: Enter) -> None:
    house.access = Access(loopback=False)
    client = await enter()
    for path in ADDRESSES:
        assert (await client.get(path)).status == 401
        assert (await client.get(path, headers=bearer(HOOK))).status == 403
        answer = await client.get(path, headers=bearer(READ))
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-cache")
    assert (await client.get("/api/trakt/user/history", params={"token": READ})).status == 200


async def test_only_an_admin_drops_what_is_kept(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.post("/api/trakt", headers=bearer(READ))).status == 403
    answer = await client.post("/api/trakt", headers=bearer(ADMIN))
    assert (answer.status, await answer.json()) == (200, {"message": "Cache cleared successfully"})
    assert house.library.cleared == 1


async def test_many_questions_are_remembered_and_forgotten_again(house: House, enter: Enter) -> None:
    client = await enter()
    for page in range(1, 300):
        house.library.ready["history"] = Ready(str(page).encode(), f'"{page}"')
        answer = await client.get("/api/trakt/user/history", params={"page": str(page)})
        assert await answer.json() == page


async def test_the_first_api_takes_anything_as_its_key_where_none_is_needed(house: House, enter: Enter) -> None:
    house.library.slugs = {"sean": 2}
    client = await enter()
    for name, account_id in (("me", 1), ("you", 2), ("sean", 2)):
        answer = await client.get(f"/user/watched.json/any-key/{name}", headers=PLAIN)
        assert (answer.status, await answer.read()) == (200, BODY)
        assert house.library.asked[-1] == (account_id, Ask("legacy"))
    assert (await client.get("/user/watched.json/any-key/nobody")).status == 404


async def test_the_first_apis_key_is_the_read_token_where_one_is_needed(house: House, enter: Enter) -> None:
    house.access = Access(loopback=False)
    client = await enter()
    statuses = {"any-key": 401, READ: 200, HOOK: 403, ADMIN: 403}
    for key, status in statuses.items():
        assert (await client.get(f"/user/watched.json/{key}/me")).status == status
    assert (await client.get("/user/watched.json/any-key/me", headers=bearer(READ))).status == 200


async def test_the_key_of_the_first_api_is_in_no_metric_and_no_log(
    house: House, enter: Enter, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = await enter()
    await client.get("/user/watched.json/a-secret-key/me")
    await client.get("/user/watched.json/a-secret-key/nobody")
    metrics = await (await client.get("/metrics")).text()
    assert "/user/watched.json/{apikey}/{username}" in metrics
    assert "a-secret-key" not in metrics + capsys.readouterr().out + caplog.text


async def test_readers_at_the_same_time_are_each_answered(house: House, enter: Enter) -> None:
    client = await enter()

    async def one(path: str) -> Any:
        return await (await client.get(path)).json()

    found = await asyncio.gather(*(one(path) for path in ADDRESSES * 3))
    assert all(told["data"] == [1, 2, 3] for told in found)
