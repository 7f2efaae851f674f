"""The stand-in for TMDB: keys, details, languages of pictures, and the pictures themselves."""

import struct
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.standins.talk import Talk
from watchd.clock import DAY, ManualClock, iso
from watchd.standins import Fault, TmdbStandIn
from watchd.standins.picture import jpeg

SHOW, EPISODE = "/3/tv/1396", "/3/tv/1396/season/1/episode/1"


@pytest.fixture
async def tmdb(clock: ManualClock) -> AsyncIterator[TmdbStandIn]:
    async with TmdbStandIn(clock) as tmdb:
        yield tmdb


@pytest.fixture
def talk(session: ClientSession, tmdb: TmdbStandIn) -> Talk:
    return Talk(session, tmdb.url, {"User-Agent": "stand-in tests/1", "Authorization": f"Bearer {tmdb.bearer}"})


async def test_a_key_goes_in_the_query_or_in_the_header(tmdb: TmdbStandIn, talk: Talk) -> None:
    assert (await talk.get("/3/configuration")).status == 200
    assert (await talk.get(f"/3/configuration?api_key={tmdb.api_key}", Authorization=None)).status == 200
    for path in ("/3/configuration", "/3/configuration?api_key=wrong"):
        answer = await talk.get(path, Authorization=None)
        assert (answer.status, answer.json["status_code"], answer.json["success"]) == (401, 7, False)
    assert (await talk.get("/3/configuration", Authorization=f"Bearer {tmdb.api_key}")).status == 200


async def test_a_key_of_v3_is_no_bearer_token(clock: ManualClock, session: ClientSession) -> None:
    async with TmdbStandIn(clock, api_key="0123456789abcdef" * 2) as tmdb:
        talk = Talk(session, tmdb.url, {"Authorization": f"Bearer {tmdb.api_key}"})
        assert (await talk.get("/3/configuration")).status == 401
        assert (await talk.get(f"/3/configuration?api_key={tmdb.api_key}")).status == 200


async def test_the_configuration_says_where_pictures_are(tmdb: TmdbStandIn, talk: Talk) -> None:
    images = (await talk.get("/3/configuration")).json["images"]
    assert images["secure_base_url"] == f"{tmdb.image_url}/"
    assert images["backdrop_sizes"] == ["w300", "w780", "w1280", "original"]
    assert images["still_sizes"] == ["w92", "w185", "w300", "original"]


@pytest.mark.parametrize(
    "path, kinds",
    [
        ("/3/movie/335977", {"backdrops", "posters", "logos"}),
        (SHOW, {"backdrops", "posters", "logos"}),
        (f"{SHOW}/season/0", {"posters"}),
        (EPISODE, {"stills"}),
    ],
)
async def test_each_kind_of_item_has_its_kinds_of_pictures(talk: Talk, path: str, kinds: set[str]) -> None:
    body = (await talk.get(f"{path}/images")).json
    assert set(body) == {"id", *kinds}
    for kind in kinds:
        votes = [one["vote_average"] for one in body[kind]]
        assert votes == sorted(votes, reverse=True)
        first = body[kind][0]
        assert first["aspect_ratio"] == pytest.approx(first["width"] / first["height"], abs=0.001)
        assert first["file_path"].startswith("/")


@pytest.mark.parametrize(
    "query, backdrops, posters",
    [
        ("", {None, "en", "de"}, {None, "en", "de", "fr"}),
        ("?language=en-US", {"en"}, {"en"}),
        ("?language=pt", set(), set()),
        ("?include_image_language=en,null", {None, "en"}, {None, "en"}),
        ("?language=de-DE&include_image_language=null", {None, "de"}, {None, "de"}),
    ],
)
async def test_language_narrows_pictures_and_include_widens_it(
    talk: Talk, query: str, backdrops: set[str | None], posters: set[str | None]
) -> None:
    body = (await talk.get(f"/3/movie/949/images{query}")).json
    assert {one["iso_639_1"] for one in body["backdrops"]} == backdrops
    assert {one["iso_639_1"] for one in body["posters"]} == posters


async def test_details_choose_the_default_pictures(talk: Talk) -> None:
    images = (await talk.get("/3/movie/949/images")).json
    movie = (await talk.get("/3/movie/949?language=de-DE")).json
    untagged = next(one for one in images["backdrops"] if one["iso_639_1"] is None)
    german = next(one for one in images["posters"] if one["iso_639_1"] == "de")
    assert (movie["title"], movie["imdb_id"]) == ("Heat", "tt0113277")
    assert (movie["backdrop_path"], movie["poster_path"]) == (untagged["file_path"], german["file_path"])
    english = next(one for one in images["posters"] if one["iso_639_1"] == "en")
    assert (await talk.get("/3/movie/949?language=pt")).json["poster_path"] == english["file_path"]
    assert (await talk.get(EPISODE)).json["still_path"] == (await talk.get(f"{EPISODE}/images")).json["stills"][0]["file_path"]
    assert (await talk.get(f"{SHOW}/season/1")).json["poster_path"] is not None
    assert (await talk.get(SHOW)).json["name"] == "Breaking Bad"


async def test_pictures_may_be_appended_to_details(talk: Talk) -> None:
    body = (await talk.get(f"{SHOW}?append_to_response=images,videos&include_image_language=null")).json
    assert {one["iso_639_1"] for one in body["images"]["backdrops"]} == {None}
    assert "images" not in (await talk.get(SHOW)).json
    too_many = ",".join(["images"] * 21)
    assert (await talk.get(f"{SHOW}?append_to_response={too_many}")).status == 422


async def test_an_item_may_have_no_pictures(tmdb: TmdbStandIn, talk: Talk) -> None:
    tmdb.hide_images("/tv/1396/season/1/episode/1")
    assert (await talk.get(f"{EPISODE}/images")).json["stills"] == []
    assert (await talk.get(EPISODE)).json["still_path"] is None
    assert (await talk.get(f"{SHOW}/season/1/images")).json["posters"] != []


@pytest.mark.parametrize(
    "path",
    ["/3/movie/1", "/3/movie/1396/images", "/3/tv/949/images", f"{SHOW}/season/9/images", f"{SHOW}/season/1/episode/99/images",
     f"{SHOW}/season/x/episode/y", "/3/nothing"],
)  # fmt: skip
async def test_what_is_not_there_is_404_with_code_34(talk: Talk, path: str) -> None:
    answer = await talk.get(path)
    assert (answer.status, answer.json["status_code"]) == (404, 34)


async def test_find_knows_the_ids_of_elsewhere(talk: Talk) -> None:
    found = (await talk.get("/3/find/tt0113277?external_source=imdb_id")).json
    assert [row["id"] for row in found["movie_results"]] == [949]
    assert found["tv_results"] == found["person_results"] == found["tv_season_results"] == []
    assert (await talk.get("/3/find/81189?external_source=tvdb_id")).json["tv_results"][0]["id"] == 1396
    episode = (await talk.get("/3/find/349232?external_source=tvdb_id")).json["tv_episode_results"][0]
    assert (episode["show_id"], episode["season_number"], episode["episode_number"]) == (1396, 1, 1)
    unknown = await talk.get("/3/find/tt0000000?external_source=imdb_id")
    assert (unknown.status, any(unknown.json.values())) == (200, False)
    assert (await talk.get("/3/find/tt0113277")).status == 422


async def test_every_picture_named_can_be_had_without_a_key(talk: Talk, session: ClientSession, tmdb: TmdbStandIn) -> None:
    body = (await talk.get(f"{SHOW}/images")).json
    kinds = {".jpg": ("image/jpeg", b"\xff\xd8\xff"), ".png": ("image/png", b"\x89PNG"), ".svg": ("image/svg+xml", b"<svg")}
    for one in [*body["backdrops"], *body["posters"], *body["logos"]]:
        async with session.get(f"{tmdb.image_url}/w300{one['file_path']}") as response:
            content = await response.read()
            kind, magic = kinds[one["file_path"][-4:]]
            assert (response.status, response.content_type) == (200, kind)
            assert content.startswith(magic)
            assert len(content) < 4000


async def test_a_picture_is_known_though_nobody_asked_the_api_for_it(clock: ManualClock, session: ClientSession) -> None:
    async with TmdbStandIn(clock) as first:
        episode = first.catalogue.episode(1, 1, 1)
        path = first.images(episode)["stills"][0]["file_path"]
    async with TmdbStandIn(clock) as fresh:
        for place, status in ((f"w300{path}", 200), (f"w301{path}", 404), ("w300/none.jpg", 404)):
            async with session.get(f"{fresh.image_url}/{place}") as response:
                assert response.status == status


async def test_its_requests_are_recorded_and_it_goes_wrong_on_order(tmdb: TmdbStandIn, talk: Talk) -> None:
    tmdb.faults.add(Fault("status", path="/3/movie", status=429, headers={"Retry-After": "3"}), Fault("swallow"))
    assert (await talk.get("/3/movie/949")).headers["Retry-After"] == "3"
    assert (await talk.get("/3/movie/949")).status == 200
    assert [seen.status for seen in tmdb.calls("GET", "/3/movie")] == [429, 200]


def test_a_jpeg_says_its_size_and_ends_as_one() -> None:
    picture = jpeg(48, 27, (180, 60, 30))
    frame = picture.index(b"\xff\xc0")
    assert struct.unpack(">HH", picture[frame + 5 : frame + 9]) == (27, 48)
    assert picture.endswith(b"\xff\xd9")


async def test_a_show_tells_of_its_seasons_and_of_what_airs_last_and_next(
    tmdb: TmdbStandIn, talk: Talk, clock: ManualClock
) -> None:
    begin = iso(clock.now() - 8 * DAY)
    show = tmdb.catalogue.add_show("Weekly", 2026, seasons={0: 2, 1: ["One", "Two", "Three"]}, first_aired=begin)
    body = (await talk.get(f"/3/tv/{show.ids['tmdb']}")).json
    assert [(row["season_number"], row["episode_count"]) for row in body["seasons"]] == [(0, 2), (1, 3)]
    assert (body["status"], body["number_of_episodes"], body["number_of_seasons"]) == ("Returning Series", 3, 1)
    assert (body["last_episode_to_air"]["name"], body["next_episode_to_air"]["name"]) == ("Two", "Three")
    assert body["next_episode_to_air"]["air_date"] == iso(clock.now() + 6 * DAY)[:10]
    ended = (await talk.get(SHOW)).json
    assert (ended["status"], ended["next_episode_to_air"]) == ("Ended", None)


async def test_a_season_has_its_episodes_each_with_its_day(tmdb: TmdbStandIn, talk: Talk) -> None:
    body = (await talk.get(f"{SHOW}/season/1")).json
    assert [row["episode_number"] for row in body["episodes"]] == list(range(1, 8))
    first = body["episodes"][0]
    assert (first["name"], first["season_number"], first["show_id"], first["air_date"]) == ("Pilot", 1, 1396, body["air_date"])
    assert first["id"] == tmdb.catalogue.episode("breaking-bad", 1, 1).ids["tmdb"]
    alone = (await talk.get(EPISODE)).json
    assert (alone["still_path"], alone["name"]) == (first["still_path"], first["name"])
    assert (await talk.get(f"{SHOW}/season/99")).status == 404
