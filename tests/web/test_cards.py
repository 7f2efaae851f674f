"""The card: bytes with an ETag, for anybody's page."""

from email.utils import parsedate_to_datetime

import pytest

from tests.web.conftest import Enter
from tests.web.fakes import CARD, LIVE, READ, House, bearer
from tests.web.wire import request, talk
from watchd.model.document import Document
from watchd.web.cards import matches
from watchd.web.server import make_app, serve


async def test_the_card_goes_out_as_it_is_kept(enter: Enter) -> None:
    client = await enter()
    answer = await client.get("/api/watching")
    assert answer.status == 200
    assert await answer.read() == CARD.body
    headers = answer.headers
    assert headers["Content-Type"] == "application/json"
    assert headers["ETag"] == CARD.etag
    assert headers["Cache-Control"] == "public, max-age=10, stale-while-revalidate=60, stale-if-error=600"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert headers["Server"] == "watchd"
    assert parsedate_to_datetime(headers["Date"]).tzinfo is not None


async def test_a_changed_card_is_another_answer(house: House, enter: Enter) -> None:
    client = await enter()
    await client.get("/api/watching")
    house.showing.card = Document(b'{"isWatching":false}', '"card-2"', 3)
    answer = await client.get("/api/watching", headers={"If-None-Match": CARD.etag})
    assert (answer.status, await answer.read(), answer.headers["ETag"]) == (200, b'{"isWatching":false}', '"card-2"')
    assert "max-age=3," in answer.headers["Cache-Control"]


async def test_many_cards_in_turn_are_each_answered_right(house: House, enter: Enter) -> None:
    client = await enter()
    for number in range(100):
        house.showing.card = Document(str(number).encode(), f'"{number}"', 1)
        assert await (await client.get("/api/watching")).json() == number


async def test_who_has_the_card_gets_a_304(enter: Enter) -> None:
    client = await enter()
    answer = await client.get("/api/watching", headers={"If-None-Match": CARD.etag})
    assert (answer.status, await answer.read()) == (304, b"")
    assert answer.headers["ETag"] == CARD.etag
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Length" not in answer.headers
    assert (await client.get("/api/watching")).status == 200


@pytest.mark.parametrize(
    "sought, expected",
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"x", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
        ('"a', False),
    ],
)
def test_an_etag_matches_itself(sought: str, expected: bool) -> None:
    assert matches(sought, '"a"') is expected


async def test_live_is_reckoned_anew(enter: Enter) -> None:
    client = await enter()
    assert await (await client.get("/api/watching", params={"live": "1"})).read() == LIVE.body
    assert await (await client.get("/api/watching", params={"live": "0"})).read() == CARD.body


async def test_an_account_may_be_named(enter: Enter) -> None:
    client = await enter()
    assert (await client.get("/api/watching", params={"user": "me"})).status == 200
    for params in ({"user": "nobody"}, {"user": "nobody", "live": "1"}):
        answer = await client.get("/api/watching", params=params)
        assert answer.status == 404
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_what_a_token_opened_is_not_for_shared_caches(enter: Enter) -> None:
    client = await enter()
    answer = await client.get("/api/watching", headers=bearer(READ))
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_head_is_get_without_the_body(enter: Enter) -> None:
    client = await enter()
    answer = await client.head("/api/watching")
    assert (answer.status, await answer.read()) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(CARD.body))
    assert answer.headers["ETag"] == CARD.etag


async def test_a_page_may_ask_beforehand(enter: Enter) -> None:
    client = await enter()
    asking = {
        "Origin": "https://page.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = await client.options("/api/watching", headers=asking)
    assert (answer.status, await answer.read()) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Max-Age"] == "86400"


async def test_a_page_may_read_why_it_was_refused(enter: Enter) -> None:
    client = await enter()
    answer = await client.get("/api/watching", headers=bearer("wrong"))
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, "*")


async def test_other_reads_are_not_for_pages(enter: Enter) -> None:
    client = await enter()
    assert "Access-Control-Allow-Origin" not in (await client.get("/healthz")).headers
    assert "Access-Control-Allow-Origin" not in (await client.options("/api/status")).headers


def named(head: str) -> dict[str, str]:
    lines = head.strip().split("\r\n")[1:]
    return {
        name.lower(): value
        for name, value in (line.split(": ", 1) for line in lines)
        if name.lower() not in {"date", "connection"}
    }


@pytest.mark.parametrize("etag", ["", CARD.etag])
async def test_the_quick_way_and_the_ordinary_one_answer_alike(house: House, etag: str) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:

        def asking(connection: str) -> bytes:
            return request("/api/watching", method="GET", Authorization="", If_None_Match=etag, Connection=connection)

        quick = await talk(port, asking("keep-alive"))
        ordinary = await talk(port, asking("close"))
        old = await talk(port, asking("").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert (quick.status, quick.body) == (ordinary.status, ordinary.body) == (old.status, old.body)
    assert named(quick.head) == named(ordinary.head) == named(old.head)
    assert quick.status == (304 if etag else 200)


async def test_requests_sent_ahead_are_answered_in_turn(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        one = request("/api/watching", method="GET", Authorization="", Connection="keep-alive")
        missing = request("/api/watching?user=nobody", method="GET", Authorization="", Connection="keep-alive")
        reply = await talk(port, one + missing + one)
    assert reply.status == 200
