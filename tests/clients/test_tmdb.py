"""TMDB: both kinds of keys, pictures of four kinds of things, and ids of others."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aioresponses import aioresponses

from tests.clients.upstream import listening, talking_to
from watchd.clients.limiter import TMDB_RATES, Limiter
from watchd.clients.tmdb import TmdbClient, TmdbFound
from watchd.clock import ManualClock
from watchd.errors import UpstreamRefusal
from watchd.model.pictures import Picture, Pictures
from watchd.telemetry.metrics import Metrics

BASE = "https://tmdb.example/3"
V3 = "0123456789abcdef0123456789abcdef"
ROW = {
    "file_path": "/aBc-1_2.jpg",
    "width": 3840,
    "height": 2160,
    "aspect_ratio": 1.778,
    "iso_639_1": None,
    "vote_average": 5.3,
    "vote_count": 12,
}
PICTURE = Picture("/aBc-1_2.jpg", 3840, 2160, None, 5.3, 12)


@pytest.fixture
def limiter(clock: ManualClock, metrics: Metrics) -> Limiter:
    return Limiter(clock, TMDB_RATES, service="tmdb", metrics=metrics)


@pytest.fixture
async def tmdb(clock: ManualClock, metrics: Metrics, limiter: Limiter) -> AsyncIterator[TmdbClient]:
    async with talking_to(BASE, clock, metrics, "tmdb") as rest:
        yield TmdbClient(rest, "a.v4.token", limiter)


@pytest.mark.parametrize("key,query,header", [(V3, V3, None), ("a.v4.token", None, "Bearer a.v4.token")])
async def test_a_v3_key_goes_in_the_query_and_a_v4_token_in_a_header(
    clock: ManualClock, metrics: Metrics, limiter: Limiter, key: str, query: str | None, header: str | None
) -> None:
    async with listening() as upstream, talking_to(upstream.url, clock, metrics, "tmdb") as rest:
        await TmdbClient(rest, key, limiter, language="de-AT").movie_images(949)
    seen = upstream.seen[0]
    assert seen.query.get("api_key") == query
    assert seen.headers.get("Authorization") == header
    assert seen.query["include_image_language"] == "de,null"
    assert "language" not in seen.query


async def test_pictures_of_movies_shows_seasons_and_episodes(tmdb: TmdbClient) -> None:
    language = "?include_image_language=en%252Cnull".replace("%25", "%")
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/movie/949/images{language}", payload={"id": 949, "backdrops": [ROW], "posters": [], "logos": [ROW]})
        mocked.get(f"{BASE}/tv/5/images{language}", payload={"posters": [{**ROW, "iso_639_1": "en"}]})
        mocked.get(f"{BASE}/tv/5/season/0/images{language}", payload={"posters": [ROW]})
        mocked.get(f"{BASE}/tv/5/season/0/episode/0/images{language}", payload={"stills": [ROW]})
        assert await tmdb.movie_images(949) == Pictures(backdrops=(PICTURE,))
        assert await tmdb.tv_images(5) == Pictures(posters=(Picture("/aBc-1_2.jpg", 3840, 2160, "en", 5.3, 12),))
        assert await tmdb.season_images(5, 0) == Pictures(posters=(PICTURE,))
        assert await tmdb.episode_images(5, 0, 0) == Pictures(stills=(PICTURE,))


async def test_what_tmdb_has_not_got_is_none_and_other_refusals_are_errors(tmdb: TmdbClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/movie/1/images?include_image_language=en,null", status=404, payload={"status_code": 34})
        mocked.get(f"{BASE}/movie/1/images?include_image_language=en,null", status=401, payload={"status_code": 7})
        assert await tmdb.movie_images(1) is None
        with pytest.raises(UpstreamRefusal, match="401"):
            await tmdb.movie_images(1)


async def test_rows_that_are_no_pictures_are_passed_over(tmdb: TmdbClient) -> None:
    odd = [None, {}, {"file_path": None}, {**ROW, "file_path": "/x.svg"}, {**ROW, "file_path": "//evil.example/x.jpg"}]
    bare = {"file_path": "/bare.png", "iso_639_1": "xx", "vote_average": None, "width": "wide"}
    with aioresponses() as mocked:
        mocked.get(
            f"{BASE}/movie/1/images?include_image_language=en,null", payload={"backdrops": [*odd, bare], "posters": "none"}
        )
        assert await tmdb.movie_images(1) == Pictures(backdrops=(Picture("/bare.png"),))


async def test_an_id_of_others_may_stand_for_several_things(tmdb: TmdbClient) -> None:
    episode = {"id": 62133, "show_id": 1396, "season_number": 0, "episode_number": 2}
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/find/tt0113277?external_source=imdb_id", payload={"movie_results": [{"id": 949}], "tv_results": []})
        mocked.get(
            f"{BASE}/find/78845?external_source=tvdb_id",
            payload={"tv_results": [{"id": 1982}], "tv_episode_results": [episode]},
        )
        mocked.get(f"{BASE}/find/1?external_source=tvdb_id", payload={"tv_episode_results": [{"id": 3}]})
        assert await tmdb.find("tt0113277", "imdb_id") == TmdbFound(movie=949)
        assert await tmdb.find(78845, "tvdb_id") == TmdbFound(show=1982, episode=(1396, 0, 2))
        assert await tmdb.find(1, "tvdb_id") == TmdbFound()


async def test_a_429_shuts_the_gate_of_tmdb(clock: ManualClock, metrics: Metrics, limiter: Limiter) -> None:
    async def busy(_: web.Request) -> web.StreamResponse:
        return web.json_response({"status_code": 25}, status=429, headers={"Retry-After": "9"})

    async with listening(busy) as upstream, talking_to(upstream.url, clock, metrics, "tmdb") as rest:
        with pytest.raises(UpstreamRefusal):
            await TmdbClient(rest, V3, limiter).tv_images(5)
    assert limiter.closed_for == 10
