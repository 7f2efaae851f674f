"""Finding movies, shows and episodes, and looking at one."""

import pytest

from tests.standins.talk import Talk


@pytest.mark.parametrize(
    "path, found",
    [
        ("imdb/tt1462764?type=movie", [("movie", 221_413)]),
        ("tmdb/335977?type=movie", [("movie", 221_413)]),
        ("tvdb/349232?type=episode", [("episode", 16)]),
        ("tvdb/81189?type=show", [("show", 1)]),
        ("trakt/2?type=movie,episode", [("movie", 2), ("episode", 2)]),
        ("trakt/2?type=show", []),
        ("trakt/2", [("movie", 2), ("episode", 2)]),
        ("imdb/tt0000000", []),
    ],
)
async def test_an_id_finds_what_has_it_of_the_types_asked_for(stranger: Talk, path: str, found: list[tuple[str, int]]) -> None:
    answer = await stranger.get(f"/search/{path}")
    assert answer.status == 200
    assert [(row["type"], row[row["type"]]["ids"]["trakt"]) for row in answer.json] == found
    assert all(isinstance(row["score"], float) for row in answer.json)
    assert all("show" in row for row in answer.json if row["type"] == "episode")


async def test_words_find_titles_the_best_first(stranger: Talk) -> None:
    rows = (await stranger.get("/search/movie,show?query=the")).json
    assert {row["type"] for row in rows} == {"movie", "show"}
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    rows = (await stranger.get("/search/movie?query=dial+destiny&extended=full")).json
    assert [row["movie"]["runtime"] for row in rows] == [155]
    assert (await stranger.get("/search/movie?query=heat&years=1990-1996")).json[0]["movie"]["title"] == "Heat"
    assert (await stranger.get("/search/movie?query=heat&years=2000")).json == []
    assert (await stranger.get("/search/episode?query=pilot")).json[0]["show"]["title"] == "Breaking Bad"


async def test_a_search_is_paged_by_fifty(stranger: Talk) -> None:
    answer = await stranger.get("/search/episode?query=episode")
    assert len(answer.json) == 50
    assert answer.headers["X-Pagination-Limit"] == "50"


async def test_a_search_without_words_or_of_another_kind_is_refused(stranger: Talk) -> None:
    assert (await stranger.get("/search/movie")).status == 400
    assert (await stranger.get("/search/song?query=heat")).status == 404


async def test_things_can_be_looked_at(stranger: Talk) -> None:
    assert (await stranger.get("/movies/heat-1995")).json["ids"]["trakt"] == 616
    assert (await stranger.get("/movies/tt0113277?extended=full")).json["released"] == "1995-12-15"
    assert (await stranger.get("/shows/1?extended=full,images")).json["airs"]["day"] == "Sunday"
    assert [row["number"] for row in (await stranger.get("/shows/1/seasons")).json] == [0, 1, 2]
    seasons = (await stranger.get("/shows/1/seasons?extended=episodes,full")).json
    assert [len(row["episodes"]) for row in seasons] == [3, 7, 13]
    assert len((await stranger.get("/shows/1/seasons/2")).json) == 13
    episode = (await stranger.get("/shows/breaking-bad/seasons/0/episodes/2")).json
    assert (episode["title"], episode["ids"]["imdb"]) == ("Wedding Day", "")


@pytest.mark.parametrize(
    "path",
    [
        "/movies/0",
        "/shows/none",
        "/shows/1/seasons/9",
        "/shows/1/seasons/x",
        "/shows/1/seasons/1/episodes/99",
        "/shows/0/seasons",
    ],
)
async def test_what_is_not_there_is_404(stranger: Talk, path: str) -> None:
    assert (await stranger.get(path)).status == 404


async def test_a_movie_may_have_no_year_and_no_other_ids(stranger: Talk) -> None:
    body = (await stranger.get("/movies/an-evening-nobody-dated")).json
    assert (body["year"], body["ids"]["imdb"], body["ids"]["tmdb"]) == (None, None, None)
