"""Two lanes to the one writer: what is urgent shares transactions and goes first, what is patient goes alone and waits."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.given import busy, turns
from watchd.store.database import Database, Work


@pytest.fixture
async def notes(database: Database) -> Database:
    await database.write(lambda connection: connection.execute("CREATE TABLE notes (n INTEGER UNIQUE) STRICT").close())
    return database


async def trace(database: Database) -> list[str]:
    seen: list[str] = []
    await database.write(lambda connection: connection.set_trace_callback(seen.append))
    seen.clear()
    return seen


def note(number: int) -> Work[int]:
    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO notes (n) VALUES (?)", (number,))
        return number

    return work


def writing(database: Database, number: int, *, patient: bool = False) -> "asyncio.Task[int]":
    return asyncio.create_task(database.write(note(number), patient=patient))


def transactions(seen: list[str]) -> list[int]:
    """How many notes each transaction had that had any."""
    counts, inside = list[int](), 0
    for statement in seen:
        inside += statement.startswith("INSERT INTO notes")
        if statement == "COMMIT":
            counts += [inside] if inside else []
            inside = 0
    return counts


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def order(database: Database) -> list[int]:
    return await database.read(lambda connection: [row[0] for row in connection.execute("SELECT n FROM notes ORDER BY rowid")])


async def test_an_urgent_write_that_comes_while_patient_ones_wait_is_committed_before_them(notes: Database) -> None:
    async with busy(notes) as release:
        patient = [writing(notes, number, patient=True) for number in range(10)]
        await turns()
        urgent = writing(notes, 99)
        await turns()
        release()
        assert await urgent == 99
        assert not any(task.done() for task in patient)
        assert await asyncio.gather(*patient) == list(range(10))
    assert await order(notes) == [99, *range(10)]


async def test_a_patient_write_is_never_in_the_transaction_of_another(notes: Database) -> None:
    seen = await trace(notes)
    async with busy(notes) as release:
        tasks = [writing(notes, number, patient=number % 2 == 1) for number in range(10)]
        await turns()
        release()
        await asyncio.gather(*tasks)
    assert transactions(seen) == [5, 1, 1, 1, 1, 1]


async def test_one_that_comes_while_a_patient_one_is_under_way_waits_for_that_one_alone(notes: Database) -> None:
    late: list[asyncio.Task[int]] = []
    loop = asyncio.get_running_loop()

    def come() -> None:
        late.append(writing(notes, 99))

    def meanwhile(work: Work[int]) -> Work[int]:
        def first(connection: sqlite3.Connection) -> int:
            loop.call_soon_threadsafe(come)
            return work(connection)

        return first

    first = asyncio.create_task(notes.write(meanwhile(note(0)), patient=True))
    others = [writing(notes, number, patient=True) for number in range(1, 6)]
    await asyncio.gather(first, *others)
    await late[0]
    assert await order(notes) == [0, 99, 1, 2, 3, 4, 5]


async def test_urgent_writes_that_come_one_behind_the_other_share_a_transaction_before_a_patient_one(notes: Database) -> None:
    seen = await trace(notes)
    tasks = [writing(notes, 0, patient=True)]
    await turns(3)
    for number in (1, 2, 3):
        tasks.append(writing(notes, number))
        await turns(1)
    await asyncio.gather(*tasks)
    assert transactions(seen) == [3, 1]


async def test_a_patient_write_is_done_also_when_nobody_waits_for_it_any_more(notes: Database) -> None:
    async with busy(notes) as release:
        task, last = writing(notes, 1, patient=True), writing(notes, 2, patient=True)
        await turns()
        task.cancel()
        release()
        assert await last == 2
    assert await order(notes) == [1, 2]


async def test_patient_writes_have_their_turn_however_many_urgent_ones_come(notes: Database) -> None:
    going = True

    async def keep_on() -> None:
        while going:
            await notes.write(lambda _: None)

    crowd = [asyncio.create_task(keep_on()) for _ in range(16)]
    await turns(50)
    async with asyncio.timeout(10):
        assert await asyncio.gather(*(writing(notes, number, patient=True) for number in range(5))) == list(range(5))
    going = False
    await asyncio.gather(*crowd)


async def test_a_failing_patient_write_undoes_itself_and_stops_no_other(notes: Database) -> None:
    def poison(connection: sqlite3.Connection) -> None:
        note(1)(connection)
        raise LookupError("no further")

    async with busy(notes) as release:
        bad, good = asyncio.create_task(notes.write(poison, patient=True)), writing(notes, 2, patient=True)
        await turns()
        release()
        answers = await asyncio.gather(bad, good, return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError, int]
    assert await order(notes) == [2]


@pytest.mark.parametrize("count", [1, 40])
async def test_patient_writes_that_wait_at_the_end_are_committed_before_the_file_is_closed(tmp_path: Path, count: int) -> None:
    path = tmp_path / "watchd.db"
    async with Database.opened(path) as database:
        await database.write(lambda connection: connection.execute("CREATE TABLE notes (n INTEGER) STRICT").close())
        tasks = [writing(database, number, patient=True) for number in range(count)]
        await turns()
    assert await asyncio.gather(*tasks) == list(range(count))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (count,)
    connection.close()


async def test_the_file_is_closed_when_what_is_being_folded_is_folded(tmp_path: Path) -> None:
    path, folded = tmp_path / "watchd.db", list[tuple[int, int]]()
    async with Database.opened(path) as database:
        begun, leaving, checkpoint = asyncio.Event(), asyncio.Event(), database._folding._checkpoint

        async def slow() -> tuple[int, int]:
            begun.set()
            await leaving.wait()
            await turns()
            folded.append(await checkpoint())
            return folded[-1]

        database._folding._checkpoint = slow  # type: ignore[method-assign]
        await database.write(lambda connection: connection.execute("CREATE TABLE notes (n INTEGER) STRICT").close())
        numbers = [(number,) for number in range(100_000)]
        await database.write(lambda connection: connection.executemany("INSERT INTO notes VALUES (?)", numbers).close())
        await begun.wait()
        leaving.set()
    assert len(folded) == 1
    assert folded[0][0] == folded[0][1] > 0
    assert names(tmp_path) == ["watchd.db"]
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (100_000,)
    connection.close()


@pytest.fixture
def log_of(tmp_path: Path) -> Callable[[], int]:
    """The size of the log in bytes."""
    return lambda: (tmp_path / "watchd.db-wal").stat().st_size


async def test_the_log_stays_small_while_both_lanes_are_never_empty(notes: Database, log_of: Callable[[], int]) -> None:
    largest = 0

    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO bodies VALUES (?)", [("x" * 3000,)] * 10)

    async def keep_on(*, patient: bool) -> None:
        nonlocal largest
        for _ in range(250):
            await notes.write(fill, patient=patient)
            largest = max(largest, log_of())

    await notes.write(lambda connection: connection.execute("CREATE TABLE bodies (body TEXT) STRICT").close())
    assert await notes.write(lambda connection: connection.execute("PRAGMA wal_autocheckpoint").fetchone()) == (16384,)
    await asyncio.gather(*(keep_on(patient=number % 2 == 0) for number in range(4)))
    assert largest < 12_000_000, "some 60 MB were written"
    count = await notes.read(lambda connection: connection.execute("SELECT count(*) FROM bodies").fetchone())
    assert count == (10_000,)


async def test_a_reader_that_stays_keeps_the_log_only_as_long_as_it_reads(
    notes: Database, tmp_path: Path, log_of: Callable[[], int]
) -> None:
    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO bodies VALUES (?)", [("x" * 3000,)] * 100)

    await notes.write(lambda connection: connection.execute("CREATE TABLE bodies (body TEXT) STRICT").close())
    other = sqlite3.connect(tmp_path / "watchd.db", isolation_level=None)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM bodies").fetchone() == (0,)
    for _ in range(40):
        await notes.write(fill, patient=True)
    assert log_of() > 12_000_000
    assert other.execute("SELECT count(*) FROM bodies").fetchone() == (0,)
    other.close()
    async with asyncio.timeout(20):
        while log_of() > 8_388_608:
            await notes.write(fill, patient=True)
