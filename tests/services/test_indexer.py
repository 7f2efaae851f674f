"""The search index follows plays, lookups and lists, whoever writes them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pytest
from prometheus_client import CollectorRegistry

from tests.services.home import PacedClock, a_home
from tests.store.given import HEAT, NOW
from watchd.clock import ManualClock
from watchd.model.library import LibraryRow, Section
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Origin, Play, PlayState
from watchd.model.search import Sought
from watchd.services import merging
from watchd.services.indexer import Indexer
from watchd.services.searching import Searching
from watchd.store import accounts, library, medias, plays, reconciling, search, title_version
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

SHOGUN = Show("Shōgun", 2024, MediaIds(trakt=122_790, tmdb=126_308))
BANGLA = Movie("মেঘে ঢাকা তারা", 1960, MediaIds(trakt=9_001, tmdb=31_414))


@dataclass
class Shop:
    """A database with an index over it."""

    database: Database
    indexer: Indexer
    searching: Searching
    metrics: Metrics

    async def watched(self, media: Media, at: int = NOW, account_id: int = 1) -> int:
        def work(connection: Any) -> int:
            media_id, full, _ = medias.resolve(connection, account_id, media)
            play = Play(0, account_id, media_id, full, PlayState.STOPPED, Origin.MARK, "plex", "tv", at, at, watched_at=at)
            return plays.insert(connection, play)

        return await self.database.write(work)

    async def shelve(self, section: str, generation: int, *rows: dict[str, Any]) -> None:
        def work(connection: Any) -> None:
            bodies = [LibraryRow(str(row["type"]), json.dumps(row)) for row in rows]
            library.append(connection, 1, section, generation, 0, bodies)
            library.keep(connection, 1, Section(section, generation, len(rows), synced_at=NOW))

        await self.database.write(work)

    async def answer(self, text: str, **asked: Any) -> dict[str, Any]:
        await self.indexer.update()
        told: dict[str, Any] = json.loads((await self.searching.search(1, Sought(text, **asked))).body)
        return told

    async def found(self, text: str, **asked: Any) -> list[dict[str, Any]]:
        """All rows of a page, best first."""
        results = (await self.answer(text, **asked))["results"].values()
        return sorted((row for rows in results for row in rows), key=lambda row: row["position"])


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with Database.opened(tmp_path / "watchd.db") as database:
        for name in ("me", "you"):
            await database.write(lambda connection, name=name: accounts.ensure(connection, name, NOW))  # type: ignore[misc]
        metrics = Metrics(CollectorRegistry())
        yield Shop(database, Indexer(database, ManualClock(), metrics), Searching(database, {1: "me"}.__getitem__), metrics)


def an_episode(number: int, title: str | None, show: Show = SHOGUN) -> Episode:
    return Episode(show, 1, number, title=title, ids=MediaIds(trakt=5_000 + number))


async def test_a_watched_episode_is_found_and_so_is_its_show(shop: Shop) -> None:
    await shop.watched(an_episode(1, "Anjin"), NOW - 1000)
    await shop.watched(an_episode(2, "Servants of Two Masters"), NOW)
    (show,) = await shop.found("shogun")
    assert show == {
        "type": "show",
        "show": {
            "title": "Shōgun",
            "year": 2024,
            "ids": {"trakt": 122_790, "slug": None, "tvdb": None, "imdb": None, "tmdb": 126_308},
        },
        "source": "watched",
        "sources": ["watched", "history"],
        "plays": 2,
        "last_watched_at": "2026-09-21T14:13:20.000Z",
        "position": 1,
    }
    (episode,) = await shop.found("two masters")
    assert (episode["type"], episode["episode"]["number"], episode["show"]["title"]) == ("episode", 2, "Shōgun")


@pytest.mark.parametrize("query", ["ঢাকা", "তারা", "মেঘে ঢাকা", "কি"])
async def test_bengali_keeps_its_marks(shop: Shop, query: str) -> None:
    await shop.watched(BANGLA)
    assert [row["movie"]["title"] for row in await shop.found(query)] == ([BANGLA.title] if query != "কি" else [])


@pytest.mark.parametrize(
    "query, title", [("友達", "友達の話"), ("の", "友達の話"), ("ежик", "Ёжик в тумане"), ("walle", "WALL·E")]
)
async def test_scripts_without_spaces_and_short_queries_work(shop: Shop, query: str, title: str) -> None:
    for other in ("Heat", title, "Alien³"):
        await shop.watched(Movie(other, 2000))
    assert [row["movie"]["title"] for row in await shop.found(query)] == [title]


async def test_the_best_comes_first_then_the_often_and_lately_watched(shop: Shop) -> None:
    for title, times in [("It Follows", 1), ("It", 1), ("Italian Job", 1), ("Spirit", 3), ("Live It Up", 1), ("Itchy", 2)]:
        for turn in range(times):
            await shop.watched(Movie(title, 2000), NOW + turn)
    found = [row["movie"]["title"] for row in await shop.found("it")]
    assert found == ["It", "Itchy", "Italian Job", "It Follows", "Live It Up", "Spirit"]


async def test_one_title_is_one_row_wherever_it_comes_from(shop: Shop) -> None:
    await shop.watched(HEAT)
    row = {"type": "movie", "movie": {"title": "Heat", "year": 1995, "ids": {"trakt": 684, "tmdb": 949}}}
    await shop.shelve("watchlist", 1, {**row, "rank": 3, "listed_at": "2020-01-01T00:00:00.000Z"})
    await shop.shelve("list:77", 4, row, {"type": "person", "person": {"name": "Heather"}})
    (found,) = await shop.found("heat")
    assert (found["sources"], found["source"], found["lists"]) == (
        ["watched", "history", "watchlist", "lists"],
        "watched",
        [77],
    )
    assert (found["rank"], found["listed_at"], found["plays"]) == (3, "2020-01-01T00:00:00.000Z", 1)
    ids = found["movie"]["ids"]
    assert (ids["trakt"], ids["imdb"]) == (684, "tt0113277")


async def test_titles_of_one_name_stay_two(shop: Shop) -> None:
    for year, tmdb in ((1990, 861), (2012, 64635)):
        await shop.watched(Movie("Total Recall", year, MediaIds(tmdb=tmdb)))
    assert {row["movie"]["year"] for row in await shop.found("total recall")} == {1990, 2012}


async def test_a_new_generation_replaces_what_the_old_one_listed(shop: Shop) -> None:
    rows = [{"type": "movie", "movie": {"title": f"Film {n}", "year": 2000, "ids": {"trakt": n}}} for n in range(1, 40)]
    await shop.shelve("watchlist", 1, *rows)
    assert (await shop.answer("film", limit=5))["total_results"] == 39
    await shop.shelve("watchlist", 2, *rows[:3])
    assert [row["movie"]["title"] for row in await shop.found("film")] == ["Film 3", "Film 2", "Film 1"]
    await shop.shelve("watchlist", 3)
    assert await shop.found("film") == []


async def test_what_a_lookup_changes_is_found_by_its_new_name(shop: Shop) -> None:
    play = await shop.watched(Movie("Sen to Chihiro", 2001, MediaIds(tmdb=129)))
    await shop.indexer.update()

    def work(connection: Any) -> None:
        media_id = connection.execute("SELECT media_id FROM plays WHERE id = ?", (play,)).fetchone()[0]
        connection.execute("UPDATE media SET title = 'Spirited Away' WHERE id = ?", (media_id,))

    await shop.database.write(work)
    assert [row["movie"]["title"] for row in await shop.found("spirited")] == ["Spirited Away"]
    assert await shop.found("chihiro") == []


async def test_media_that_become_one_are_one_row(shop: Shop) -> None:
    first = await shop.watched(Movie("Heat", None, MediaIds(tmdb=949)), NOW)
    await shop.watched(Movie("Heat", 1995, MediaIds(imdb="tt0113277")), NOW + 90_000_000)

    def learn(connection: Any) -> None:
        media_id = connection.execute("SELECT media_id FROM plays WHERE id = ?", (first,)).fetchone()[0]
        merging.learn(connection, 1, media_id, HEAT, NOW)

    await shop.indexer.update()
    await shop.database.write(learn)
    (found,) = await shop.found("heat")
    assert found["plays"] == 2


async def test_a_removed_or_tombstoned_play_is_found_no_longer(shop: Shop) -> None:
    kept, gone = await shop.watched(HEAT), await shop.watched(BANGLA)
    assert len(await shop.found("heat")) == 1
    await shop.database.write(lambda connection: plays.remove(connection, kept))
    await shop.database.write(
        lambda connection: connection.execute("UPDATE plays SET gone_at = 1 WHERE id = ?", (gone,)).rowcount
    )
    assert await shop.found("heat") == await shop.found("ঢাকা") == []


async def test_accounts_do_not_see_each_others_titles(shop: Shop) -> None:
    await shop.watched(BANGLA, account_id=2)
    assert await shop.found("ঢাকা") == []


async def test_the_type_and_the_pages_narrow_what_is_given(shop: Shop) -> None:
    await shop.watched(an_episode(1, "Shogun's End"))
    await shop.watched(Movie("Shogun Assassin", 1980))
    assert [row["type"] for row in await shop.found("shogun")] == ["show", "movie", "episode"]
    answer = await shop.answer("shogun", type="movies")
    assert (list(answer["results"]), answer["type"], answer["total_results"]) == (["movies"], "movies", 1)
    second = await shop.answer("shogun", page=2, limit=2)
    assert [len(rows) for rows in second["results"].values()] == [0, 0, 1]
    assert (second["total_results"], second["metadata"]["count"], second["metadata"]["complete"]) == (3, 1, True)
    assert (await shop.answer("shogun", page=9))["results"] == {"movies": [], "shows": [], "episodes": []}


@pytest.mark.parametrize(
    "text", ['"', "AND", "a* OR b", "NEAR(a b)", "%_", "\ud800", "'; DROP TABLE titles", " ", "\x00", "😀"]
)
async def test_no_query_is_taken_for_syntax(shop: Shop, text: str) -> None:
    await shop.watched(HEAT)
    answer = await shop.answer(text)
    assert answer["total_results"] == 0
    assert answer["query"] == text.replace("\ud800", "?")


async def test_a_query_during_the_building_says_so(shop: Shop) -> None:
    await shop.watched(HEAT)
    told = json.loads((await shop.searching.search(1, Sought("heat"))).body)["metadata"]
    assert (told["complete"], told["note"]) == (False, "the index is being built: not everything can be found yet")


async def test_a_list_that_is_not_taken_in_yet_is_something_that_cannot_be_found(shop: Shop) -> None:
    async def whole(account_id: int = 1) -> bool:
        return await shop.database.read(lambda connection: search.standing(connection, account_id)[0])

    assert await whole() is True
    for section in ("list:5", "watchlist"):
        await shop.shelve(section, 1, {"type": "show", "show": {"title": "Heated", "ids": {"trakt": 5}}})
        assert (await whole(), await whole(2)) == (False, True)
        await shop.indexer.update()
        assert await whole() is True
    await shop.shelve("ratings", 1, {"type": "show", "show": {"title": "Heated", "ids": {"trakt": 5}}})
    assert await whole() is True  # nobody searches that
    await shop.database.write(lambda connection: reconciling.drop_section(connection, 1, "list:5"))
    assert await whole() is False
    await shop.indexer.update()
    assert await whole() is True
    await shop.database.write(lambda connection: connection.execute("UPDATE title_version SET version = 0").rowcount)
    assert await whole() is False


async def test_an_index_of_another_version_is_built_anew(shop: Shop) -> None:
    await shop.watched(HEAT)
    await shop.shelve("watchlist", 1, {"type": "show", "show": {"title": "Heated", "ids": {"trakt": 5}}})
    assert len(await shop.found("heat")) == 2
    await shop.database.write(lambda connection: connection.execute("UPDATE title_version SET version = 0").rowcount)
    assert len(await shop.found("heat")) == 2
    assert await shop.database.read(title_version.version) == title_version.VERSION


async def test_odd_rows_keep_no_other_out(shop: Shop) -> None:
    odd: list[dict[str, Any]] = [
        {"type": "movie", "movie": None},
        {"type": "movie", "movie": {"title": None, "ids": {"trakt": 1}}},
        {"type": "movie", "movie": {"title": "Nothing Known", "year": None, "ids": None}},
        {"type": "movie", "movie": {"title": "Good", "year": "1999", "ids": {"trakt": "x", "imdb": 5}}},
        {"type": "season", "season": {"number": 1}, "show": {"title": "Goodness", "ids": {"trakt": 9}}},
        {
            "type": "episode",
            "episode": {"title": "Good Night", "season": 1, "number": 2, "ids": {}},
            "show": {"title": "Goodness"},
        },
    ]
    await shop.shelve("list:1", 1, *odd)
    assert [row["type"] for row in await shop.found("good")] == ["movie", "show", "episode"]
    assert len(await shop.found("nothing known")) == 1


async def test_a_running_daemon_finds_what_was_just_watched(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, clock=PacedClock()) as home, anyio.create_task_group() as tasks:
        listening: list[str] = []
        tasks.start_soon(home.daemon.serve, listening.append)
        with anyio.fail_after(20):
            await home.scrobble(
                "stop", {"movie": {"title": "Shōgun Assassin", "year": 1980, "ids": {"tmdb": 5}}, "progress": 99}
            )
            while not listening:
                await home.daemon.database.read(lambda _connection: None)
            async with aiohttp.ClientSession(listening[0]) as session:
                found: dict[str, Any] = {}
                while not found.get("total_results"):
                    found = await (await session.get("/api/trakt/search?q=shogun")).json()
        assert [row["movie"]["title"] for row in found["results"]["movies"]] == ["Shōgun Assassin"]
        assert (found["metadata"]["username"], found["metadata"]["complete"]) == ("me", True)
        tasks.cancel_scope.cancel()


async def test_an_index_in_many_parts_becomes_one_again(shop: Shop) -> None:
    for number in range(40):  # each of them a part of its own, but for those that FTS5 merges by itself
        await shop.watched(Movie(f"Film {number}", 1960, MediaIds(trakt=1_000 + number)))
        await shop.indexer.update()
        parts = await shop.database.read(title_version.parts)
        assert parts <= 8
    found = await shop.answer("film", limit=1000)
    assert found["total_results"] == 40
    await shop.database.write(lambda connection: title_version.merge(connection, -16))
    assert await shop.answer("film", limit=1000) == found
