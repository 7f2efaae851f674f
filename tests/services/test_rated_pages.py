"""Ratings as they are shown: those given here until Trakt's are read."""

from pathlib import Path
from typing import Any

from tests.services.shelf import HEAT, ME, RAN, Shelf, a_shelf, dark
from watchd.clock import DAY, iso
from watchd.model.media import Media
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


async def test_once_trakts_ratings_are_read_they_alone_are_shown_empty_or_not(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await three(shelf)
        row = {"rated_at": iso(T), "rating": 3, "type": "show", "show": {"title": "Dark", "ids": {"trakt": 113938}}}
        await shelf.synced("ratings", row)
        found = await shelf.told("ratings")
        assert (found["data"], found["metadata"]["source"], "note" in found["metadata"]) == ([row], "trakt", False)
        assert (await shelf.told("ratings", type="movies"))["data"] == []
        await shelf.synced("ratings")
        assert (await shelf.told("ratings"))["data"] == []
