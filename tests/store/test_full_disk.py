"""A disk that takes no more, and a log that must not grow for ever."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.store.given import busy, turns
from watchd.errors import StoreUnavailable
from watchd.store.database import Database, Work
from watchd.store.trouble import of_the_machine

KIB = 1024


@pytest.fixture
async def bodies(database: Database) -> Database:
    await database.write(
        lambda connection: connection.execute("CREATE TABLE bodies (id INTEGER PRIMARY KEY, body TEXT UNIQUE) STRICT").close()
    )
    return database


def keep(size: int) -> Work[None]:
    return lambda connection: connection.execute("INSERT INTO bodies (body) VALUES (hex(randomblob(?)))", (size // 2,)).close()


def keep_many(connection: sqlite3.Connection) -> None:
    """A statement of many rows that SQLite undoes by itself, leaving the transaction open."""
    connection.execute(
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        "INSERT INTO bodies (body) SELECT hex(randomblob(200)) FROM n"
    )


def swallow(connection: sqlite3.Connection) -> str:
    """One that takes every error for its own."""
    try:
        keep_many(connection)
    except sqlite3.OperationalError as error:
        return "full" if of_the_machine(error) else "mistake"
    return "kept"


def count(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("SELECT count(*) FROM bodies").fetchone()[0]
    return number


async def limit_pages(database: Database, more: int | None) -> None:
    def work(connection: sqlite3.Connection) -> None:
        now = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {2**30 if more is None else now + more}").close()

    await database.write(work)


@pytest.mark.parametrize("large", [keep(400 * KIB), keep_many], ids=["one large row", "many small rows"])
async def test_on_a_full_disk_all_who_wait_together_are_refused_and_the_next_write_works(
    bodies: Database, large: Work[None]
) -> None:
    await limit_pages(bodies, 10)
    async with busy(bodies) as release:
        tasks = [asyncio.create_task(bodies.write(work)) for work in (keep(10), keep(10), large, keep(10))]
        await turns()
        release()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 4
    assert await bodies.read(count) == 0
    await bodies.write(keep(10))
    await limit_pages(bodies, None)
    await bodies.write(large)
    assert await bodies.read(count) > 1


async def test_a_full_disk_is_told_from_a_mistake(bodies: Database) -> None:
    await limit_pages(bodies, 10)
    assert await bodies.write(swallow) == "full"
    with pytest.raises(sqlite3.IntegrityError) as caught:
        await bodies.write(lambda connection: connection.execute("INSERT INTO bodies (id) VALUES (1), (1)").close())
    assert not of_the_machine(caught.value)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """The kernel refuses to let any file of this process grow beyond `size`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_log_that_cannot_grow_refuses_the_write_and_works_again_once_it_can(bodies: Database, tmp_path: Path) -> None:
    await bodies.write(keep(10))
    log = (tmp_path / "watchd.db-wal").stat().st_size
    with no_file_above(log + 40 * KIB):
        async with busy(bodies) as release:
            tasks = [asyncio.create_task(bodies.write(work)) for work in (keep(10), keep(400 * KIB), keep(10))]
            await turns()
            release()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
        await bodies.write(keep(10))
    assert await bodies.read(count) == 2
    await bodies.write(keep(400 * KIB))
    assert await bodies.read(count) == 3
    assert await bodies.read(lambda connection: connection.execute("PRAGMA integrity_check").fetchone()) == ("ok",)


async def test_what_was_acknowledged_before_the_disk_filled_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "watchd.db"
    kept = 0
    async with Database.opened(path) as database:
        await database.write(lambda connection: connection.execute("CREATE TABLE bodies (body TEXT) STRICT").close())
        with no_file_above(300 * KIB):
            for _ in range(40):
                try:
                    await database.write(keep(10 * KIB))
                    kept += 1
                except StoreUnavailable:
                    pass
    assert 5 < kept < 40
    async with Database.opened(path) as database:
        assert await database.read(count) == kept


async def test_what_cannot_be_folded_is_kept_in_the_log_until_it_can(bodies: Database, tmp_path: Path) -> None:
    path, log = tmp_path / "watchd.db", tmp_path / "watchd.db-wal"
    async with asyncio.timeout(20):
        while path.stat().st_size < 6_000_000:
            await bodies.write(keep(3 * KIB))
    kept, size = await bodies.read(count), max(path.stat().st_size, log.stat().st_size)
    with no_file_above(size + 64 * KIB), capture_logs() as told:
        async with asyncio.timeout(20):
            while not told:
                await bodies.write(keep(3 * KIB))
                kept += 1
    assert [line["event"] for line in told] == ["folding.failed"]
    assert await bodies.read(count) == kept
    async with asyncio.timeout(20):
        while path.stat().st_size <= size + 64 * KIB:
            await bodies.write(keep(10))
            kept += 1
    assert await bodies.read(count) == kept
    assert await bodies.read(lambda connection: connection.execute("PRAGMA integrity_check").fetchone()) == ("ok",)


async def test_a_locked_file_refuses_the_write_and_the_next_one_works(bodies: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "watchd.db", isolation_level=None)
    await bodies.write(lambda connection: connection.execute("PRAGMA busy_timeout = 20").fetchone())
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await bodies.write(keep(10))
    assert await bodies.read(count) == 0, "reading goes on"
    other.close()
    await bodies.write(keep(10))
    assert await bodies.read(count) == 1


async def test_the_log_stays_small_while_the_reader_is_idle(bodies: Database, tmp_path: Path) -> None:
    largest = 0
    for _ in range(60):
        for _ in range(20):
            await bodies.write(keep(8 * KIB))
        await bodies.read(count)
        largest = max(largest, (tmp_path / "watchd.db-wal").stat().st_size)
    assert largest < 12_000_000, "some 40 MB were written; while it is folded the log grows on"


async def test_the_log_shrinks_again_after_a_long_read(bodies: Database, tmp_path: Path) -> None:
    log = tmp_path / "watchd.db-wal"
    other = sqlite3.connect(tmp_path / "watchd.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM bodies").fetchone()
    for _ in range(40):
        await bodies.write(keep(400 * KIB))
    assert log.stat().st_size > 12_000_000
    other.close()
    async with asyncio.timeout(20):
        while log.stat().st_size > 8_388_608:
            await bodies.write(keep(10))
