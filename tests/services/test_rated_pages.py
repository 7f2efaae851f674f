"""Ratings as they are shown: those given here until Trakt's are read."""

from pathlib import Path
from typing import Any

from tests.services.shelf import HEAT, ME, RAN, Shelf, a_shelf, dark
from watchd.clock import DAY, iso
from watchd.model.media import Media, Movie
from watchd.store import medias, ratings

T = 1_700_000_000_000


async def rate(shelf: Shelf, media: Media, rating: float, at: int) -> None:
    def work(connection: Any) -> None:
        media_id, _, _ = medias.resolve(connection, ME, media)
        ratings.keep(connection, ME, media_id, rating, at, "plex", None)

    await shelf.database.write(work)
    shelf.library.changed(ME)


async def three(shelf: Shelf) -> None:
    await rate(shelf, HEAT, 8.5, T)
    await rate(shelf, dark(1, 2), 0.5, T + 2 * DAY)
    await rate(shelf, RAN, 7.4, T + DAY)


async def test_what_was_rated_here_is_listed_in_trakts_shape_the_newest_first(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await three(shelf)
        found = await shelf.told("ratings")
        metadata = found["metadata"]
        assert (metadata["source"], metadata["count"], metadata["total"]) == ("local", 3, 3)
        assert (metadata["endpoint"], metadata["last_updated"]) == ("user/ratings/all.json", iso(T + 2 * DAY))
        assert "given here" in metadata["note"]
        episode, ran, heat = found["data"]
        assert (episode["rating"], ran["rating"], heat["rating"]) == (1, 7, 9)
        assert list(heat) == ["rated_at", "rating", "type", "movie"]
        assert (heat["rated_at"], heat["type"], heat["movie"]["ids"]["imdb"]) == (iso(T), "movie", "tt0113277")
        assert (episode["type"], episode["episode"]["number"], episode["show"]["title"]) == ("episode", 2, "Dark")
        counted = (await shelf.told("stats"))["data"]["ratings"]["distribution"]
        assert {value: number for value, number in counted.items() if number} == {"1": 1, "7": 1, "9": 1}


async def test_ratings_given_here_are_told_apart_bounded_sorted_and_paged(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await three(shelf)

        async def titles(**how: Any) -> list[str]:
            rows = (await shelf.told("ratings", **how))["data"]
            return [row["show" if row["type"] == "episode" else "movie"]["title"] for row in rows]

        assert await titles(sort="rank") == await titles(sort="newest") == ["Dark", "Ran", "Heat"]
        assert await titles(sort="oldest") == ["Heat", "Ran", "Dark"]
        assert await titles(sort="title") == ["Dark", "Heat", "Ran"]
        assert await titles(sort="year") == ["Dark", "Heat", "Ran"]
        assert await titles(type="movies") == ["Ran", "Heat"]
        assert await titles(type="episodes") == ["Dark"]
        assert await titles(type="shows") == await titles(type="seasons") == []
        assert await titles(start_at=T + DAY) == ["Dark", "Ran"]
        assert await titles(end_at=T + DAY) == ["Ran", "Heat"]
        assert await titles(limit=2, page=2) == ["Heat"]
        second = await shelf.ready("ratings", limit=2, page=2)
        assert dict(second.headers)["X-Pagination-Page-Count"] == "2"
        assert await titles(limit=2, page=3) == []


async def test_many_ratings_come_whole(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for number in range(1, 31):
            await rate(shelf, dark(1, number), 8, T + number)
        await shelf.execute(
            "WITH RECURSIVE n(i) AS (SELECT 31 UNION ALL SELECT i + 1 FROM n WHERE i < 2100) "
            "INSERT INTO media (account_id, type, title, year, season, number, ids, show_ids) "
            "SELECT 1, 'episode', 'Dark', 2017, 2, i, '{}', '{}' FROM n"
        )
        await shelf.execute(
            "INSERT INTO ratings (account_id, media_id, rating, rated_at, source) "
            "SELECT 1, id, 8, id, 'plex' FROM media WHERE season = 2"
        )
        found = (await shelf.told("ratings", limit=5000))["data"]
        assert len(found) == len({(row["episode"]["season"], row["episode"]["number"]) for row in found}) == 2100


async def test_once_trakts_ratings_are_read_what_it_was_told_is_its_to_tell(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await three(shelf)
        await shelf.execute("UPDATE ratings SET settled_at = ?", T + 3 * DAY)
        row = {"rated_at": iso(T), "rating": 3, "type": "show", "show": {"title": "Dark", "ids": {"trakt": 113938}}}
        await shelf.synced("ratings", row, at=T + 4 * DAY)
        found = await shelf.told("ratings")
        assert (found["data"], found["metadata"]["source"], "note" in found["metadata"]) == ([row], "trakt", False)
        assert (await shelf.told("ratings", type="movies"))["data"] == []
        await shelf.synced("ratings", at=T + 4 * DAY)
        assert (await shelf.told("ratings"))["data"] == []


def at_trakt(title: str, trakt: int, rating: int, at: int, **ids: object) -> dict[str, Any]:
    movie = {"title": title, "year": 1995, "ids": {"trakt": trakt, **ids}}
    return {"rated_at": iso(at), "rating": rating, "type": "movie", "movie": movie}


async def test_what_trakt_cannot_tell_of_stands_beside_its_own(tmp_path: Path) -> None:
    """Given before the login, from a table, not sent yet, or sent since the others were read."""
    async with a_shelf(tmp_path) as shelf:
        await three(shelf)
        await shelf.execute("UPDATE ratings SET due_at = 5 WHERE rating = 7.4")
        await shelf.execute("UPDATE ratings SET settled_at = ? WHERE rating = 0.5", T + 3 * DAY)
        alien = at_trakt("Alien", 5, 6, T + DAY // 2)
        await shelf.synced("ratings", alien, at=T + 3 * DAY)
        found = await shelf.told("ratings")
        assert [row["rating"] for row in found["data"]] == [1, 7, 6, 9]
        assert (found["metadata"]["total"], found["metadata"]["source"]) == (4, "trakt")
        assert "given here" in found["metadata"]["note"]
        assert [row["rating"] for row in (await shelf.told("ratings", sort="oldest", limit=2, page=2))["data"]] == [7, 1]
        assert [row["rating"] for row in (await shelf.told("ratings", sort="title", type="movies"))["data"]] == [6, 9, 7]
        assert [row["rating"] for row in (await shelf.told("ratings", sort="year"))["data"]] == [1, 6, 9, 7]
        assert [row["rating"] for row in (await shelf.told("ratings", start_at=T + 1, end_at=T + DAY))["data"]] == [7, 6]


async def test_of_an_item_rated_at_both_the_later_rating_is_shown(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await three(shelf)
        await rate(shelf, Movie("Ikiru", 1952), 5, T)
        earlier, later = at_trakt("Heat", 77, 2, T - DAY, imdb="tt0113277"), at_trakt("Ran", 78, 3, T + 5 * DAY, tmdb=11645)
        untitled = at_trakt("IKIRU", 79, 4, T - DAY) | {"movie": {"title": "IKIRU", "year": 1952, "ids": {"trakt": 79}}}
        show = {"title": "Dark", "year": 2017, "ids": {"trakt": 113938}}
        episode = {"season": 1, "number": 2, "title": "Lies", "ids": {"trakt": 4711}}
        told = {"rated_at": iso(T + 9 * DAY), "rating": 8, "type": "episode", "episode": episode, "show": show}
        await shelf.synced("ratings", told, later, earlier, untitled)
        assert [row["rating"] for row in (await shelf.told("ratings"))["data"]] == [8, 3, 9, 5]
