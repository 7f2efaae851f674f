"""What a search costs does not grow with the history: counted in SQLite's steps and in rows, not in time."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from prometheus_client import CollectorRegistry

from watchd.clock import ManualClock
from watchd.rules.searching import Query, folded
from watchd.services.indexer import Indexer
from watchd.store import accounts, search
from watchd.store.database import Database
from watchd.store.rows import dumps
from watchd.telemetry.metrics import Metrics

SYLLABLES = ("ka", "lo", "mi", "ter", "son", "gar", "ing", "ed", "pra", "vi", "ul", "shi", "no", "ber", "quo", "zan", "ha")
COMMON = ("the", "of", "a", "in")
QUERIES = ("e", "it", "the", "of the", "kalo", "milo ter", "the sonno", "zanzan", "nothing like it", "kaha", "x")
STEPS, ROWS = 30_000, 4 * search.MOST


def words(chance: Random) -> Iterator[str]:
    for _ in range(chance.randint(1, 4)):
        yield chance.choice(COMMON) if chance.random() < 0.3 else "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))


def fill(connection: sqlite3.Connection, plays: int) -> None:
    """Movies, and episodes of 1,500 shows, most of them watched once."""
    chance = Random(plays)
    accounts.ensure(connection, accounts.ME, 0)
    shows = [" ".join(words(chance)) for _ in range(1_500)]
    for number in range(1, plays + 1):
        name = " ".join(words(chance))
        if chance.random() < 0.1:
            told: tuple[object, ...] = ("movie", name, None, None, None, dumps({"trakt": number}), "{}")
        else:
            show = chance.randrange(len(shows))
            told = ("episode", shows[show], name, number // 20, number % 20, "{}", dumps({"trakt": show + 1}))
        connection.execute(
            "INSERT INTO media (id, account_id, type, title, episode_title, season, number, ids, show_ids) "
            "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)",
            (number, *told),
        )
        connection.execute(
            "INSERT INTO plays (account_id, media_id, state, origin, source, player, started_at, updated_at, progress_at, "
            "watched_at) VALUES (1, ?, 'stopped', 'trakt', 'trakt', 'x', 0, 0, 0, ?)",
            (number, 1_500_000_000_000 + number * 60_000),
        )


@asynccontextmanager
async def crowd(path: Path, plays: int) -> AsyncIterator[Database]:
    async with Database.opened(path) as database:
        await database.write(lambda connection: fill(connection, plays))
        await Indexer(database, ManualClock(), Metrics(CollectorRegistry())).update()
        yield database


def cost(connection: sqlite3.Connection, text: str) -> tuple[int, int]:
    """Steps of SQLite's machine, and titles found."""
    steps, counts = 0, search.common(connection)

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 1)
    found = search.find(connection, 1, None, Query(folded(text)), counts)
    search.bodies(connection, found.ids[:100])
    connection.set_progress_handler(None, 0)
    return steps, len(found.ids)


@pytest.mark.slow
async def test_a_hundred_thousand_plays_cost_no_more_than_ten_thousand(tmp_path: Path) -> None:
    costs: dict[int, list[tuple[int, int]]] = {}
    for plays in (10_000, 100_000):
        async with crowd(tmp_path / f"{plays}.db", plays) as database:
            costs[plays] = [await database.read(lambda connection, text=text: cost(connection, text)) for text in QUERIES]  # type: ignore[misc]
    for text, (_, _), (many, rows) in zip(QUERIES, *costs.values(), strict=True):
        assert rows <= ROWS, text
        assert many <= STEPS, text
    # What fits less than the most that is judged still grows; beyond that nothing does.
    assert sum(steps for steps, _ in costs[100_000]) <= 2.5 * sum(steps for steps, _ in costs[10_000])


async def test_a_thousand_plays_of_one_letter_are_bounded(tmp_path: Path) -> None:
    async with crowd(tmp_path / "few.db", 1_500) as database:
        found = await database.read(lambda connection: search.find(connection, 1, None, Query("e")))
        assert not found.exact
        assert search.MOST / 2 < len(found.ids) <= 4 * search.MOST


async def test_whatever_is_asked_first_the_same_is_found(tmp_path: Path) -> None:
    """Against every title judged by itself; counts that are old or missing change nothing."""
    async with crowd(tmp_path / "few.db", 1_500) as database:

        def compare(connection: sqlite3.Connection) -> None:
            titles = dict(connection.execute("SELECT id, folded FROM titles").fetchall())
            counts = search.common(connection)
            assert counts
            for text in (*QUERIES, "ka lo", "ter mi", "of a", "the kaha in"):
                asked = Query(folded(text))
                right = {number for number, title in titles.items() if asked.tier(title) is not None}
                told = [search.find(connection, 1, None, asked, known) for known in (counts, {}, dict.fromkeys(counts, 9_999))]
                assert told[0] == told[1] == told[2], text
                assert set(told[0].ids) == right if told[0].exact else set(told[0].ids) < right, text

        await database.read(compare)
