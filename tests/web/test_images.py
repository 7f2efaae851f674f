"""GET /api/images and its companions, as the seed's clients know them."""

import pytest
import yarl

from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, READ, House, bearer
from tests.web.wire import request, talk
from watchd.errors import StoreUnavailable
from watchd.model.pictures import Shot
from watchd.rules.redirects import Redirects

URL = "/api/images"
NONE = "No images found for the specified parameters"
SHOTS = [
    Shot("movie", 27205, False, "/poster.jpg"),
    Shot("show", 1396, False, "/show.jpg"),
    Shot("show", 1396, False, "/special.jpg", 0),
    Shot("show", 1396, True, "/wide.jpg"),
]


@pytest.fixture
def house() -> House:
    there = House()
    there.gallery.shots = list(SHOTS)
    return there


@pytest.mark.parametrize(
    "query, location",
    [
        ("type=movies&category=posters&tmdb_id=27205", "w780/poster.jpg"),
        ("type=movies&category=posters&tmdb_id=27205&season=01", "w780/poster.jpg"),
        ("type=shows&category=posters&tmdb_id=1396", "w780/show.jpg"),
        ("type=shows&category=posters&tmdb_id=1396&season=", "w780/show.jpg"),
        ("type=shows&category=posters&tmdb_id=1396&season=0", "w780/special.jpg"),
        ("type=shows&category=backdrops&tmdb_id=1396&season=9", "w1280/wide.jpg"),
        ("type=shows&type=movies&category=backdrops&tmdb_id=1396", "w1280/wide.jpg"),
    ],
)
async def test_a_picture_is_redirected_to(enter: Enter, query: str, location: str) -> None:
    client = await enter()
    for ask in (client.get, client.head):
        answer = await ask(f"{URL}?{query}", allow_redirects=False)
        assert (answer.status, await answer.read(), answer.headers["Content-Length"]) == (302, b"", "0")
        assert answer.headers["Location"] == f"https://image.tmdb.org/t/p/{location}"
        assert answer.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "query, why",
    [
        ("", "Missing required parameters: type, category, and tmdb_id are required"),
        ("type=films&category=x", "Missing required parameters: type, category, and tmdb_id are required"),
        ("type=movies&category=posters&tmdb_id=", "Missing required parameters: type, category, and tmdb_id are required"),
        ("type=films&category=x&tmdb_id=1", 'Invalid type. Must be "movies" or "shows"'),
        ("type=movies&category=stills&tmdb_id=1", 'Invalid category. Must be "posters" or "backdrops"'),
    ],
)
async def test_mistakes_are_told_in_the_seeds_words_and_order(enter: Enter, query: str, why: str) -> None:
    client = await enter()
    answer = await client.get(f"{URL}?{query}")
    assert (answer.status, await answer.json()) == (400, {"error": why})


@pytest.mark.parametrize(
    "tmdb_id",
    ["__proto__", "constructor", "01", "+1", "-1", "0", "1.0", "٣", "27205 ", "99999999999", "9" * 4000, "%ed%a0%80", "../1"],
)
async def test_a_hostile_id_is_unknown_and_nobody_is_asked(house: House, enter: Enter, tmdb_id: str) -> None:
    client = await enter()
    answer = await client.get(f"{URL}?type=movies&category=posters&tmdb_id={tmdb_id}")
    assert (answer.status, await answer.json()) == (404, {"error": NONE})
    assert "Retry-After" not in answer.headers
    assert house.gallery.missed == []


@pytest.mark.parametrize("season", ["01", "-1", "x", "999999", "٣"])
async def test_a_season_is_a_plain_number(house: House, enter: Enter, season: str) -> None:
    client = await enter()
    answer = await client.get(f"{URL}?type=shows&category=posters&tmdb_id=1396&season={season}")
    assert answer.status == 404
    assert house.gallery.missed == []


async def test_what_is_known_and_on_its_way_is_worth_another_try(house: House, enter: Enter) -> None:
    house.gallery.coming = {("movie", 5)}
    client = await enter()
    coming = await client.get(f"{URL}?type=movies&category=posters&tmdb_id=5")
    assert (coming.status, await coming.json(), coming.headers["Retry-After"]) == (404, {"error": NONE}, "10")
    assert coming.headers["Cache-Control"] == "no-store"
    unknown = await client.get(f"{URL}?type=movies&category=posters&tmdb_id=6")
    assert (unknown.status, "Retry-After" in unknown.headers) == (404, False)


async def test_the_redirect_has_the_form_that_is_set(house: House, enter: Enter) -> None:
    house.redirects = Redirects("wsrv")
    client = await enter()
    answer = await client.get(f"{URL}?type=movies&category=posters&tmdb_id=27205", allow_redirects=False)
    assert answer.headers["Location"].endswith("w780%2Fposter.jpg&w=400&output=webp&q=85&maxage=7d")


async def test_a_connection_lives_on_after_a_redirect(house: House, enter: Enter) -> None:
    """With bytes put together beforehand an empty body must be told of."""
    client = await enter()
    assert client.port is not None
    path = f"{URL}?type=movies&category=posters&tmdb_id=27205"
    once = request(path, method="GET", Connection="", Content_Length="", Authorization="Bearer read-token")
    reply = await talk(client.port, once)
    assert (reply.status, reply.head.lower().count("content-length: 0")) == (302, 1)


async def test_any_backdrop(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.get(f"{URL}/random-backdrop")
    told = {"url": "https://image.tmdb.org/t/p/w1280/wide.jpg", "tmdbId": "1396", "type": "shows", "filename": "wide.jpg"}
    assert (answer.status, await answer.json()) == (200, told)
    house.gallery.shots = SHOTS[:1]
    none = await client.get(f"{URL}/random-backdrop")
    assert (none.status, await none.json()) == (404, {"error": "No backdrop images found"})


async def test_reloading_is_the_admins(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.post(f"{URL}/reload-cache", headers=bearer(READ))).status == 403
    answer = await client.post(f"{URL}/reload-cache", headers=bearer(ADMIN))
    told = {"success": True, "message": "Image index reloaded successfully", "stats": {"moviePosters": 4}}
    assert (answer.status, await answer.json()) == (200, told)
    house.gallery.error = StoreUnavailable("closed")
    failed = await client.post(f"{URL}/reload-cache", headers=bearer(ADMIN))
    assert (failed.status, await failed.json()) == (500, {"error": "Failed to reload image index"})
    assert (await client.get(f"{URL}/reload-cache")).status == 405


async def test_an_encoded_query_means_the_same(enter: Enter) -> None:
    client = await enter()
    for query in ("type=%6dovies&category=posters&tmdb_id=27205", "tmdb_id=27205&category=posters&type=movies&type&x=+"):
        answer = await client.get(yarl.URL(f"{URL}?{query}", encoded=True), allow_redirects=False)
        assert answer.headers.get("Location") == "https://image.tmdb.org/t/p/w780/poster.jpg"
    private = await client.get(f"{URL}?type=movies&category=posters&tmdb_id=27205", headers=bearer(READ), allow_redirects=False)
    assert private.headers["Cache-Control"] == "private, max-age=86400"
