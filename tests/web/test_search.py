"""GET /api/trakt/search: what it takes and how it answers."""

import pytest

from tests.web.conftest import Enter
from tests.web.fakes import READ, YOURS, House, bearer
from watchd.model.personal import Ready
from watchd.model.search import Sought

URL = "/api/trakt/search"


async def test_a_query_is_handed_on_with_its_page_and_type(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.get(URL, params={"q": "মেঘে ঢাকা", "type": "movies", "page": "2", "limit": "7", "user": "you"})
    assert (answer.status, answer.content_type, await answer.read()) == (200, "application/json", b'{"results":{}}')
    assert (answer.headers["ETag"], answer.headers["X-Pagination-Page"]) == ('"search-1"', "1")
    ((account_id, sought),) = house.searching.asked
    assert account_id == 2
    assert (sought.text, sought.type, sought.page, sought.limit) == ("মেঘে ঢাকা", "movies", 2, 7)


async def test_without_more_all_types_are_meant(house: House, enter: Enter) -> None:
    client = await enter()
    for query in ({"q": " "}, {"q": "x", "type": "all"}):
        assert (await client.get(URL, params=query, skip_auto_headers=["Accept-Encoding"])).status == 200
    assert [one for _, one in house.searching.asked] == [Sought(" "), Sought("x")]


@pytest.mark.parametrize(
    "query, why",
    [
        ("", 'Search query parameter "q" is required'),
        ("?q=", 'Search query parameter "q" is required'),
        ("?q=x&type=bogus", "type must be one of all, movies, shows, episodes"),
        ("?q=x&type=Movies", "type must be one of all, movies, shows, episodes"),
        ("?q=x&page=0", "page must be a number from 1 to 1000000"),
        ("?q=x&page=٣", "page must be a number from 1 to 1000000"),
        ("?q=x&limit=1001", "limit must be a number from 1 to 1000"),
        ("?q=" + "x" * 201, "q must not be longer than 200 characters"),
    ],
)
async def test_what_makes_no_sense_is_refused(enter: Enter, query: str, why: str) -> None:
    client = await enter()
    answer = await client.get(URL + query)
    assert (answer.status, await answer.json()) == (400, {"error": why})


async def test_ten_thousand_letters_are_a_bad_request(enter: Enter) -> None:
    client = await enter()
    answer = await client.get(f"{URL}?q={'x' * 10_240}")
    assert answer.status == 400


async def test_who_has_the_answer_is_told_so_and_a_head_has_no_body(house: House, enter: Enter) -> None:
    client = await enter()
    known = await client.get(URL, params={"q": "x"}, headers={"If-None-Match": 'W/"search-1"'})
    assert (known.status, await known.read()) == (304, b"")
    head = await client.head(URL, params={"q": "x"})
    assert (head.status, await head.read(), head.headers["Content-Length"]) == (200, b"", "14")
    post = await client.post(URL)
    assert (post.status, post.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_gzip_goes_out_as_such(house: House, enter: Enter) -> None:
    house.searching.page = Ready(b"packed", '"search-1-gzip"', packed=True)
    client = await enter()
    answer = await client.get(URL, params={"q": "x"}, headers={"Accept-Encoding": "gzip"}, auto_decompress=False)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert house.searching.asked[0][1].packed


async def test_only_readers_search_and_only_accounts_there_are(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.get(URL, params={"q": "x"}, headers=bearer(YOURS))).status == 403
    assert (await client.get(URL, params={"q": "x", "user": "nobody"})).status == 404
    private = await client.get(URL, params={"q": "x"}, headers=bearer(READ))
    assert (private.status, private.headers["Cache-Control"]) == (200, "private, no-cache")
