"""Shared transactions: who is answered with what, whoever fails or is cancelled meanwhile."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import anyio
import pytest

from tests.store.given import busy, turns
from watchd.errors import StateError, StoreUnavailable
from watchd.store.database import Database, Work


@pytest.fixture
async def notes(database: Database) -> Database:
    await database.write(
        lambda connection: connection.execute("CREATE TABLE notes (n INTEGER UNIQUE, text TEXT) STRICT").close()
    )
    return database


def note(number: int, connection: sqlite3.Connection) -> int:
    connection.execute("INSERT INTO notes (n) VALUES (?)", (number,))
    return number


async def noted(database: Database) -> list[int]:
    return await database.read(lambda connection: [row[0] for row in connection.execute("SELECT n FROM notes ORDER BY n")])


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def trace(database: Database) -> list[str]:
    seen: list[str] = []
    await database.write(lambda connection: connection.set_trace_callback(seen.append))
    seen.clear()
    return seen


def writing(database: Database, number: int) -> "asyncio.Task[int]":
    return asyncio.create_task(database.write(lambda connection: note(number, connection)))


async def test_writes_that_wait_together_share_a_transaction(notes: Database) -> None:
    seen = await trace(notes)
    async with busy(notes) as release:
        tasks = [writing(notes, number) for number in range(100)]
        await turns()
        release()
        assert await asyncio.gather(*tasks) == list(range(100))
    assert await noted(notes) == list(range(100))
    assert seen.count("COMMIT") == 2, "the holder's and that of the hundred"


async def test_more_writes_than_one_batch_takes_are_all_answered(notes: Database) -> None:
    seen = await trace(notes)
    async with busy(notes) as release:
        tasks = [writing(notes, number) for number in range(1000)]
        await turns()
        release()
        async with asyncio.timeout(20):
            assert await asyncio.gather(*tasks) == list(range(1000))
    assert 3 <= seen.count("COMMIT") <= 12


async def test_writes_are_done_in_the_order_in_which_they_came(notes: Database) -> None:
    done: list[int] = []

    def do(number: int) -> Work[None]:
        return lambda _: done.append(number)

    async with busy(notes) as release:
        tasks = [asyncio.create_task(notes.write(do(n))) for n in range(300)]
        await turns()
        release()
        await asyncio.gather(*tasks)
    assert done == list(range(300))


async def test_a_write_begun_by_an_answered_one_is_answered_too(notes: Database) -> None:
    async with asyncio.timeout(20):
        for number in range(200):
            await asyncio.gather(writing(notes, 2 * number), writing(notes, 2 * number + 1))
    assert len(await noted(notes)) == 400


async def test_a_failing_write_undoes_only_itself(notes: Database) -> None:
    def half(connection: sqlite3.Connection) -> None:
        note(2, connection)
        raise RuntimeError("no further")

    async with busy(notes) as release:
        before, bad, after = writing(notes, 1), asyncio.create_task(notes.write(half)), writing(notes, 3)
        double = writing(notes, 1)
        await turns()
        release()
        answers = await asyncio.gather(before, bad, after, double, return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, RuntimeError, int, sqlite3.IntegrityError]
    assert await noted(notes) == [1, 3]


async def test_a_mistake_in_a_statement_is_told_as_it_is(notes: Database) -> None:
    async with busy(notes) as release:
        bad = asyncio.create_task(notes.write(lambda connection: connection.execute("SELECT * FROM nowhere").fetchall()))
        good = writing(notes, 1)
        await turns()
        release()
        answers = await asyncio.gather(bad, good, return_exceptions=True)
    assert isinstance(answers[0], sqlite3.OperationalError)
    assert answers[1] == 1


async def test_a_cancelled_waiter_neither_loses_nor_doubles_any_write(notes: Database) -> None:
    async with busy(notes) as release:
        tasks = [writing(notes, number) for number in range(10)]
        await turns()
        for number in (0, 4, 9):
            tasks[number].cancel()
        release()
        async with asyncio.timeout(10):
            answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [n for n, answer in enumerate(answers) if isinstance(answer, asyncio.CancelledError)] == [0, 4, 9]
    await notes.write(lambda _: None)
    assert await noted(notes) == list(range(10))


async def test_the_others_are_answered_when_the_one_whose_write_is_under_way_is_cancelled(notes: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        note(0, connection)
        begun.set()
        assert go_on.wait(20)

    async with busy(notes) as release:
        first = asyncio.create_task(notes.write(slow))
        others = [writing(notes, number) for number in (1, 2)]
        await turns()
        release()
        assert await asyncio.to_thread(begun.wait, 20)
    first.cancel()
    await turns()
    go_on.set()
    async with asyncio.timeout(10):
        assert await asyncio.gather(*others) == [1, 2]
    assert await noted(notes) == [0, 1, 2]


async def test_writes_whose_waiters_are_all_cancelled_are_done_without_another_write(notes: Database) -> None:
    async with busy(notes) as release:
        tasks = [writing(notes, number) for number in range(3)]
        await turns()
        for task in tasks:
            task.cancel()
        release()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(10):
        while await noted(notes) != [0, 1, 2]:
            await turns()


async def test_a_task_group_that_is_cancelled_waits_for_its_write_and_hears_of_it(notes: Database) -> None:
    answers: list[int] = []

    async def write() -> None:
        answers.append(await notes.write(lambda connection: note(7, connection)))

    async with busy(notes) as release, anyio.create_task_group() as tasks:
        tasks.start_soon(write)
        await turns()
        tasks.cancel_scope.cancel()
        asyncio.get_running_loop().call_later(0.01, release)
    assert answers == [7], "what is committed is also known to have been"


async def test_a_timed_out_write_hangs_nobody(notes: Database) -> None:
    async with busy(notes) as release:
        asyncio.get_running_loop().call_later(0.05, release)
        other = writing(notes, 2)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await notes.write(lambda connection: note(1, connection))
        async with asyncio.timeout(10):
            assert await other == 2
    assert await noted(notes) == [1, 2]


async def test_a_cancelled_waiter_does_not_wait_for_the_writes_that_go_on_coming(notes: Database) -> None:
    async def keep_on(number: int) -> None:
        while True:
            await notes.write(lambda connection: note(number, connection))
            await notes.write(lambda connection: connection.execute("DELETE FROM notes WHERE n = ?", (number,)).close())
            await turns(number)

    others = [asyncio.create_task(keep_on(number)) for number in range(12)]
    await turns(50)
    for number in range(100, 110):
        mine = writing(notes, number)
        await turns()
        mine.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(mine, return_exceptions=True)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await notes.write(lambda _: None)
    assert [number for number in await noted(notes) if number >= 100] == list(range(100, 110))


async def test_the_writer_is_durable_and_keeps_references(notes: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")

    def settings(connection: sqlite3.Connection) -> list[object]:
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await notes.write(settings) == ["wal", 2, 1, 5000]


async def test_the_log_is_folded_as_durably_as_it_is_written_and_only_when_that_is_asked_for(notes: Database) -> None:
    found = []
    for name in ("synchronous", "wal_autocheckpoint"):
        async with notes._folding._connection.execute(f"PRAGMA {name}") as cursor:
            found += [row[0] async for row in cursor]
    assert found == [2, 0]


async def test_the_reader_cannot_write(notes: Database) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await notes.read(lambda connection: note(1, connection))
    assert "readonly" in str(caught.value.__cause__)
    assert await noted(notes) == []


async def test_a_read_sees_one_state_from_its_first_statement_to_its_last(notes: Database) -> None:
    looked, go_on = threading.Event(), threading.Event()

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        first = connection.execute("SELECT count(*) FROM notes").fetchone()[0]
        looked.set()
        assert go_on.wait(20)
        return first, connection.execute("SELECT count(*) FROM notes").fetchone()[0]

    reading = asyncio.create_task(notes.read(twice))
    assert await asyncio.to_thread(looked.wait, 20)
    await notes.write(lambda connection: note(1, connection))
    go_on.set()
    assert await reading == (0, 0)
    assert await noted(notes) == [1]


async def test_a_read_that_fails_leaves_no_transaction_open(notes: Database) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT count(*) FROM notes").fetchone()
        raise LookupError("nothing")

    with pytest.raises(LookupError):
        await notes.read(fail)
    await notes.write(lambda connection: note(1, connection))
    assert await noted(notes) == [1]


async def test_writes_that_wait_at_the_end_are_committed_before_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "watchd.db"
    go_on = threading.Event()
    async with Database.opened(path) as database:
        await database.write(lambda connection: connection.execute("CREATE TABLE notes (n INTEGER) STRICT").close())
        held = asyncio.create_task(database.write(lambda _: go_on.wait(20)))
        tasks = [writing(database, number) for number in range(300)]
        await turns()
        asyncio.get_running_loop().call_later(0.02, go_on.set)
    assert await asyncio.gather(*tasks) == list(range(300))
    assert await held
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (300,)
    connection.close()


async def test_a_closed_database_refuses_at_once(tmp_path: Path) -> None:
    async with Database.opened(tmp_path / "watchd.db") as database:
        pass
    with pytest.raises(StoreUnavailable, match="closed"):
        await database.write(lambda _: None)
    with pytest.raises(StoreUnavailable, match="closed"):
        await database.read(lambda _: None)
    assert names(tmp_path) == ["watchd.db"], "the log is folded in"


async def test_a_copy_put_back_without_a_log_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "watchd.db"
    async with Database.opened(path):
        pass
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    connection.close()
    async with Database.opened(path) as database:
        assert await database.write(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()) == ("wal",)


async def test_a_folder_in_place_of_the_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "watchd.db").mkdir()
    with pytest.raises(StateError, match=r"watchd\.db"):
        async with Database.opened(tmp_path / "watchd.db"):
            pass
