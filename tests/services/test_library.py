"""Personal documents: their shapes, their pages, and when they are made anew."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.shelf import HEAT, ME, RAN, a_shelf, dark
from watchd.clock import DAY, HOUR, iso
from watchd.model.media import MediaIds, Movie, Show
from watchd.model.personal import Ask
from watchd.model.playback import Origin
from watchd.rules.personal import ENDPOINTS

T = 1_780_000_000_000
ENVELOPE = {"last_updated", "fetched_at", "source", "username", "endpoint", "count"}


def want(name: str, number: int, kind: str = "movie", **more: Any) -> dict[str, Any]:
    """A row of a list as Trakt writes it."""
    thing = {"title": name, "year": 1990 + number, "ids": {"trakt": number, "slug": name.lower(), "imdb": "", "tmdb": None}}
    row = {"rank": number, "id": 1000 + number, "listed_at": iso(T + number * DAY), "notes": None, "type": kind, kind: thing}
    return row | {"my_rating": None} | more


async def test_the_history_has_the_keys_of_the_seed_and_our_own_ids(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        movie = await shelf.watched(HEAT, T, trakt_id=14_081_679_492)
        episode = await shelf.watched(dark(1, 2, ids=MediaIds(trakt=11, tvdb=12)), T + 1, Origin.MARK)
        both = await shelf.told("history")
        assert set(both) == {"movies", "shows"}
        assert both["movies"]["data"] == [
            {
                "id": movie,
                "trakt_id": 14_081_679_492,
                "watched_at": iso(T),
                "action": "scrobble",
                "type": "movie",
                "movie": {
                    "title": "Heat",
                    "year": 1995,
                    "ids": {"trakt": 352, "slug": "heat-1995", "imdb": "tt0113277", "tmdb": 949},
                },
            }
        ]
        (row,) = both["shows"]["data"]
        assert (row["id"], row["action"], row["type"]) == (episode, "watch", "episode")
        assert row["episode"] == {
            "season": 1, "number": 2, "title": "Part 2", "ids": {"trakt": 11, "tvdb": 12, "imdb": None, "tmdb": None},
        }  # fmt: skip
        assert row["show"]["ids"] == {"trakt": 113938, "slug": "dark", "tvdb": 334824, "imdb": "tt5753856", "tmdb": 70523}
        metadata = both["movies"]["metadata"]
        assert metadata.keys() >= ENVELOPE
        assert (metadata["source"], metadata["username"], metadata["count"]) == ("local", "me", 1)
        assert metadata["endpoint"] == "user/history/movies.json"


async def test_what_came_from_trakt_keeps_its_action_and_what_is_gone_is_not_shown(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        kept = await shelf.watched(HEAT, 0, Origin.TRAKT, 1)
        gone = await shelf.watched(RAN, T, Origin.TRAKT, 2)
        await shelf.execute("UPDATE plays SET action = 'checkin' WHERE id = ?", kept)
        await shelf.execute("UPDATE plays SET gone_at = 5 WHERE id = ?", gone)
        (row,) = (await shelf.told("history", type="movies"))["data"]
        assert (row["id"], row["action"], row["watched_at"]) == (kept, "checkin", "1970-01-01T00:00:00.000Z")
        assert [one["movie"]["title"] for one in (await shelf.told("watched", type="movies"))["data"]] == ["Heat"]
        assert (await shelf.told("stats"))["data"]["movies"]["plays"] == 1


async def test_pages_follow_each_other_without_gap_or_overlap(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = [await shelf.watched(HEAT, T + n // 3) for n in range(10)]
        for sort, expected in (("newest", made[::-1]), ("oldest", made)):
            pages = [await shelf.told("history", type="movies", page=page, limit=4, sort=sort) for page in (1, 2, 3, 4)]
            assert [row["id"] for page in pages for row in page["data"]] == expected
            assert [page["metadata"]["count"] for page in pages] == [4, 4, 2, 0]
        headers = dict((await shelf.ready("history", type="movies", page=2, limit=4)).headers)
        assert headers == {
            "X-Pagination-Page": "2",
            "X-Pagination-Limit": "4",
            "X-Pagination-Page-Count": "3",
            "X-Pagination-Item-Count": "10",
        }


async def test_history_may_be_bounded_by_moments_both_included(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        made = [await shelf.watched(HEAT, T + n * HOUR) for n in range(5)]
        some = await shelf.told("history", type="movies", start_at=T + HOUR, end_at=T + 3 * HOUR, limit=2)
        assert [row["id"] for row in some["data"]] == [made[3], made[2]]
        assert some["metadata"]["total"] == 3


async def test_watched_movies_are_counted_and_sorted(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for media, at in ((HEAT, T), (RAN, T + 1), (HEAT, T + 2), (Movie("Alien³", 1992), T + 3)):
            await shelf.watched(media, at)
        orders = {
            "newest": "Alien³ Heat Ran",
            "oldest": "Ran Heat Alien³",
            "plays": "Heat Alien³ Ran",
            "title": "Alien³ Heat Ran",
        }
        for sort, expected in orders.items():
            rows = (await shelf.told("watched", type="movies", sort=sort))["data"]
            assert [row["movie"]["title"] for row in rows] == expected.split()
        rows = (await shelf.told("watched", type="movies"))["data"]
        assert rows[1].keys() == {"plays", "last_watched_at", "last_updated_at", "movie"}
        assert (rows[1]["plays"], rows[1]["last_watched_at"]) == (2, iso(T + 2))


async def test_a_show_told_of_in_several_ways_is_one_with_its_seasons(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 1), T)
        await shelf.watched(dark(1, 2, Show("DARK", None)), T + 1)
        await shelf.watched(dark(1, 2, Show("DARK", None)), T + 2)
        await shelf.watched(dark(0, 1, Show("Dark (DE)", 2017, MediaIds(tmdb=70523))), T + 3)
        await shelf.watched(dark(1, 1, Show("Dark", 1999, MediaIds(tmdb=1))), T + 4)
        other, ours = (await shelf.told("watched", type="shows"))["data"]
        assert other["show"]["year"] == 1999
        assert ours.keys() == {"plays", "last_watched_at", "last_updated_at", "reset_at", "show", "seasons"}
        assert (ours["plays"], ours["show"]["title"], ours["last_watched_at"]) == (4, "Dark", iso(T + 3))
        assert ours["seasons"] == [
            {"number": 0, "episodes": [{"number": 1, "plays": 1, "last_watched_at": iso(T + 3)}]},
            {
                "number": 1,
                "episodes": [
                    {"number": 1, "plays": 1, "last_watched_at": iso(T)},
                    {"number": 2, "plays": 2, "last_watched_at": iso(T + 2)},
                ],
            },
        ]


async def test_progress_knows_what_aired_where_trakt_told(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for place, at in (((1, 1), T), ((1, 3), T + 2), ((0, 1), T + 1)):
            await shelf.watched(dark(*place), at)
        (row,) = (await shelf.told("progress"))["data"]
        assert (row["progress"]["aired"], row["progress"]["completed"]) == (None, 2)
        assert row["progress"]["last_episode"]["number"] == 3
        told = {"show": {"title": "Dark", "ids": {"trakt": 113938}, "aired_episodes": 26}, "reset_at": None}
        await shelf.synced("watched_shows", told)
        (row,) = (await shelf.told("progress"))["data"]
        assert (row["progress"]["aired"], row["show"]["aired_episodes"]) == (26, 26)


async def test_stats_are_counted_here_and_completed_by_trakt(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        await shelf.watched(HEAT, T + 1)
        await shelf.watched(dark(1, 1), T + 2)
        await shelf.watched(dark(1, 2), T + 3)
        alone = (await shelf.told("stats"))["data"]
        assert alone["movies"] == {"plays": 2, "watched": 1, "minutes": 340, "collected": 0, "ratings": 0, "comments": 0}
        assert (alone["shows"]["watched"], alone["episodes"]["plays"], alone["episodes"]["minutes"]) == (1, 2, 100)
        assert alone.keys() == {"movies", "shows", "seasons", "episodes", "network", "ratings"}
        assert alone["ratings"]["distribution"].keys() == {str(n) for n in range(1, 11)}
        trakt = {
            "movies": {"plays": 9, "minutes": 999, "collected": 4},
            "network": {"friends": 1, "followers": 8, "following": 11},
            "ratings": {"total": 1, "distribution": {"7": 1}},
        }
        await shelf.synced("stats", trakt)
        told = (await shelf.told("stats"))["data"]
        assert (told["movies"]["plays"], told["movies"]["minutes"], told["movies"]["collected"]) == (2, 340, 4)
        assert (told["network"], told["ratings"]) == (trakt["network"], trakt["ratings"])
        await shelf.watched(Movie("Unmeasured", 2000), T + 4)
        assert (await shelf.told("stats"))["data"]["movies"]["minutes"] == 999


async def test_trakts_rows_are_passed_on_as_they_came(tmp_path: Path) -> None:
    rows = [want("Ágora", 3), want("Zodiac", 1, "show"), want("Amélie", 2, unheard_of={"x": [1]})]
    async with a_shelf(tmp_path) as shelf:
        await shelf.synced("watchlist", *rows)
        both = await shelf.told("watchlist")
        assert both["movies"]["data"] == [rows[0], rows[2]]
        assert both["shows"]["data"] == [rows[1]]
        metadata = both["shows"]["metadata"]
        assert (metadata["source"], metadata["endpoint"], metadata["count"]) == ("trakt", "user/watchlist/all.json", 1)
        assert metadata["fetched_at"] == metadata["last_updated"] == iso(DAY)
        assert "note" not in metadata
        by_title = await shelf.told("watchlist", type="movies", sort="title")
        assert [row["movie"]["title"] for row in by_title["data"]] == ["Ágora", "Amélie"]
        newest = await shelf.told("watchlist", type="movies", sort="newest", start_at=T + 3 * DAY)
        assert newest["data"] == [rows[0]]


async def test_a_list_is_found_by_slug_or_id(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.synced("lists", {"name": "Best", "item_count": 2, "ids": {"trakt": 26841041, "slug": "best"}})
        await shelf.synced("list:26841041", want("Heat", 1), want("Ran", 2))
        by_slug, by_id = await shelf.told("list", item="best"), await shelf.told("list", item="26841041")
        assert by_slug["data"] == by_id["data"] == [want("Heat", 1), want("Ran", 2)]
        assert by_slug["metadata"]["endpoint"] == "user/lists/best_items.json"
        assert (await shelf.told("lists"))["data"][0]["name"] == "Best"
        assert await shelf.library.find(ME, Ask("list", item="worst")) is None
        index = (await shelf.told("index"))["data"]
        assert index["data_structure"]["user"]["lists"] == ["user_lists.json", "best_items.json"]
        assert index["data_structure"]["user"]["watchlist"] == ["movies.json", "shows.json", "all.json"]


@pytest.mark.parametrize("endpoint", sorted(set(ENDPOINTS) - {"history", "watched", "stats", "progress", "list"}))
async def test_what_is_kept_at_trakt_only_is_empty_without_it_and_says_so(tmp_path: Path, endpoint: str) -> None:
    async with a_shelf(tmp_path) as shelf:
        found = await shelf.told(endpoint)
        for part in found.values() if set(found) == {"movies", "shows"} else [found]:
            assert part["data"] in ([], {})
            assert (part["metadata"]["source"], part["metadata"]["count"]) == ("local", 0)
            assert "nothing was synced" in part["metadata"]["note"]


async def test_sections_of_several_kinds_are_told_apart(tmp_path: Path) -> None:
    movie, episode = {"collected_at": iso(T), "movie": {"title": "Heat"}}, {"collected_at": iso(T), "episode": {"season": 1}}
    async with a_shelf(tmp_path) as shelf:
        await shelf.synced("collection_movies", movie)
        await shelf.synced("collection_episodes", episode)
        both = await shelf.told("collection")
        assert (both["movies"]["data"], both["shows"]["data"]) == ([movie], [episode])
        comment, liked = {"liked_at": iso(T), "type": "comment"}, {"liked_at": iso(T), "type": "list"}
        await shelf.synced("likes_comments", comment)
        half = await shelf.told("likes")
        assert (half["data"], half["metadata"]["note"]) == ([comment], "not all of this was synced from Trakt yet")
        await shelf.synced("likes_lists", liked)
        assert (await shelf.told("likes"))["data"] == [comment, liked]
        assert (await shelf.told("likes", type="lists"))["data"] == [liked]


async def test_a_document_is_the_same_object_until_something_changes(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        first = await shelf.ready("history")
        assert await shelf.ready("history") is first
        assert shelf.library.kept(ME, Ask("history")) is first
        shelf.library.changed(2)
        assert shelf.library.kept(ME, Ask("history")) is first
        shelf.library.changed(ME)
        assert shelf.library.kept(ME, Ask("history")) is None
        assert await shelf.ready("history") == first
        await shelf.watched(RAN, T + 1)
        assert (await shelf.ready("history")).etag != first.etag
        shelf.library.clear()
        assert shelf.library.size == 0


async def test_what_nobody_announced_shows_after_five_minutes(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        await shelf.ready("history")
        shelf.clock.advance(299)
        assert shelf.library.kept(ME, Ask("history")) is not None
        shelf.clock.advance(1)
        assert shelf.library.kept(ME, Ask("history")) is None


async def test_the_packed_form_is_kept_beside_and_has_an_etag_of_its_own(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for n in range(20):
            await shelf.watched(HEAT, T + n)
        plain, packed = await shelf.ready("history"), await shelf.ready("history", packed=True)
        assert gzip.decompress(packed.body) == plain.body
        assert (packed.packed, packed.etag != plain.etag, packed.headers) == (True, True, plain.headers)
        assert await shelf.ready("history", packed=True) is packed
        small = await shelf.ready("profile", packed=True)
        assert small.packed is False
        assert await shelf.ready("profile", packed=True) is small


async def test_what_is_kept_stays_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchd.services.library._KEPT", 6_000)
    async with a_shelf(tmp_path) as shelf:
        for n in range(20):
            await shelf.watched(HEAT, T + n)
        for page in range(1, 12):
            await shelf.ready("history", type="movies", limit=2, page=page)
            assert shelf.library.size <= 6_000
        assert shelf.library.kept(ME, Ask("history", type="movies", limit=2, page=11)) is not None
        assert shelf.library.kept(ME, Ask("history", type="movies", limit=2, page=1)) is None


async def test_a_large_document_flows_and_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchd.services.building.SMALL", 1_000)
    monkeypatch.setattr("watchd.services.building.LARGEST", 3_000)
    monkeypatch.setattr("watchd.services.played_pages._AT_ONCE", 7)
    async with a_shelf(tmp_path) as shelf:
        made = [await shelf.watched(HEAT, T + n // 4) for n in range(40)]
        found = await shelf.flowing("history", type="movies")
        told = json.loads(b"".join([piece async for piece in found.pieces]))
        assert [row["id"] for row in told["data"]] == made[::-1]
        assert told["metadata"]["count"] == 40
        assert shelf.library.size == 0
        again = await shelf.flowing("history", type="movies")
        assert json.loads(b"".join([piece async for piece in again.pieces])) == told


async def test_a_change_while_a_document_is_made_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.synced("ratings", *({"rating": 5, "type": "movie", "rated_at": iso(T)} for _ in range(9)))
        monkeypatch.setattr("watchd.services.section_pages._AT_ONCE", 4)
        read, times = shelf.database.read, 0

        async def swapping(work: Any) -> Any:
            nonlocal times
            times += 1
            if times == 4:  # the account, the count, four rows: the next four would be of another generation
                await shelf.synced("ratings", *({"rating": 9, "type": "movie", "rated_at": iso(T)} for _ in range(9)))
            return await read(work)

        monkeypatch.setattr(shelf.database, "read", swapping)
        rows = (await shelf.told("ratings"))["data"]
        assert {row["rating"] for row in rows} == {9}
        assert len(rows) == 9


async def test_the_last_plays_in_the_first_apis_shape(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T + 999)
        await shelf.watched(dark(1, 2), T + DAY, Origin.CHECKIN)
        episode, movie = await shelf.told("legacy")
        assert (movie["type"], movie["action"], movie["watched"]) == ("movie", "scrobble", T // 1000)
        assert movie["movie"]["url"] == "http://trakt.tv/movie/heat-1995"
        assert (movie["movie"]["tmdb_id"], movie["movie"]["runtime"]) == ("949", 170)
        assert (episode["action"], episode["show"]["tvdb_id"]) == ("checkin", "334824")
        assert episode["episode"]["url"] == "http://trakt.tv/show/dark/season/1/episode/2"
        for n in range(120):
            await shelf.watched(RAN, T - n)
        assert len(await shelf.told("legacy")) == 100


async def test_an_account_is_found_by_its_name_at_trakt(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        assert await shelf.library.named("sean") is None
        await shelf.execute("UPDATE accounts SET trakt_slug = 'sean' WHERE id = ?", ME)
        assert await shelf.library.named("Sean") == ME
        assert (await shelf.told("profile"))["metadata"]["username"] == "sean"


async def test_titles_are_sorted_without_regard_to_accents_case_and_punctuation(tmp_path: Path) -> None:
    names = ["Zodiac", "Émilie", "emma", "Él", "The Wire", "'Allo", "Ôkami", "Oppenheimer"]
    expected = ["'Allo", "Él", "Émilie", "emma", "Ôkami", "Oppenheimer", "The Wire", "Zodiac"]
    async with a_shelf(tmp_path) as shelf:
        await shelf.synced("watchlist", *(want(name, number) for number, name in enumerate(names)))
        for number, name in enumerate(names):
            await shelf.watched(Movie(name, 1990, MediaIds(trakt=number + 1)), T + number)
        for endpoint in ("watchlist", "watched"):
            rows = (await shelf.told(endpoint, type="movies", sort="title"))["data"]
            assert [row["movie"]["title"] for row in rows] == expected
