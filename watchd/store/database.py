"""The database: one writer whose transactions are shared by all who wait, and one reader."""

import asyncio
import math
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import anyio

from watchd.errors import StateError, StoreUnavailable
from watchd.store import sorting
from watchd.store.folding import Folding
from watchd.store.lanes import Lanes, T, Waiting, Work
from watchd.store.migrate import APPLICATION, Migration, bring_up, migrations
from watchd.store.trouble import of_the_machine
from watchd.store.writer import Writer

__all__ = ["Database", "Work"]

_Outcome = tuple[bool, Any]

_WRITER = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "busy_timeout = 5000",
    "cache_size = -4000",
    "wal_autocheckpoint = 16384",  # for the day when folding fails: see store/folding.py
    "journal_size_limit = 8388608",  # the log shrinks again after a long read had kept it from being reused
)
_FOLDER = ("synchronous = FULL", "wal_autocheckpoint = 0", "cache_size = -64", "busy_timeout = 5000")
_READER = ("query_only = ON", "busy_timeout = 5000", "cache_size = -2000")


class Database:
    """SQLite behind aiosqlite connections: a writer, a reader, and one that folds the log.

    `write` gives a function the writer inside a transaction and returns when that is on the disk (`synchronous=FULL`).
    Functions that wait at the same moment share one transaction and one fsync, each within a savepoint of its own: an error
    in one undoes that one alone. They run whole on the connection's thread, which costs one hop instead of one a statement.
    A patient write lets the others go first, and shares its transaction with none.
    """

    def __init__(
        self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, folder: aiosqlite.Connection, path: Path
    ) -> None:
        self._writer = writer
        self._reader = reader
        self.path = path
        self._lanes = Lanes()
        self._turn = asyncio.Lock()
        self._folding = Folding(folder, self._turn)
        self._committer: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path, steps: Sequence[Migration] | None = None) -> AsyncIterator["Database"]:
        """Migrate the file if need be and open it for the time of the block; StateError when it cannot be used.

        At the end of the block the writes that wait are committed before the file is closed.
        """
        bring_up(path, steps or migrations())  # not on a thread: nothing runs yet, and a thread keeps its memory
        async with AsyncExitStack() as stack:
            try:
                connected = aiosqlite.connect(path, isolation_level=None, cached_statements=256, factory=Writer)
                writer = await stack.enter_async_context(connected)
                await _on_thread(writer, _prepare_writer)
                reader = await stack.enter_async_context(aiosqlite.connect(path, isolation_level=None))
                await _on_thread(reader, _prepare_reader)
                folder = await stack.enter_async_context(aiosqlite.connect(path, isolation_level=None))
                await _on_thread(folder, partial(_prepare, _FOLDER))
            except sqlite3.Error as error:
                raise StateError(f"the database {path} cannot be written: {error}") from error
            database = cls(writer, reader, folder, path)
            stack.push_async_callback(database._close)
            yield database

    async def write(self, work: Work[T], *, patient: bool = False) -> T:
        """Run `work` in a transaction and return its result once that is committed; `patient` is for bulk work.

        StoreUnavailable when nothing was committed (disk full, read-only, closed); any error of `work` itself is raised as
        it is, and undoes only what `work` did. A write is done also when the one who waits for it is cancelled.
        """
        if self._closed:
            raise StoreUnavailable("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._lanes.put((work, future), patient=patient)
        if self._committer is None:
            # A task that belongs to none of those who wait: whoever of them is cancelled, the others get their answer.
            self._committer = loop.create_task(self._commit_waiting())
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if anyio.current_effective_deadline() != -math.inf:
                raise
            with anyio.CancelScope(shield=True):  # only here: entering a scope costs as much as some statements
                await asyncio.shield(future)
            return future.result()

    async def read(self, work: Work[T]) -> T:
        """Run `work` on the reading connection; it sees one state, the last committed. StoreUnavailable when that fails."""
        if self._closed:
            raise StoreUnavailable("the database is closed")
        try:
            return await _on_thread(self._reader, partial(_snapshot, work))
        except (sqlite3.Error, MemoryError) as error:
            if of_the_machine(error):
                raise StoreUnavailable("the database cannot be read") from error
            raise

    async def _close(self) -> None:
        self._closed = True
        with anyio.CancelScope(shield=True):
            if self._committer is not None:
                await asyncio.shield(self._committer)
            await self._folding.close()

    async def _commit_waiting(self) -> None:
        try:
            while self._lanes:
                await self._lanes.gather()
                async with self._turn:
                    await self._commit(self._lanes.take())
        finally:
            self._committer = None

    async def _commit(self, batch: list[Waiting]) -> None:
        work = partial(_tried, _transaction, [work for work, _ in batch])
        good, result = await _on_thread(self._writer, work)
        outcomes = result if good else [(False, _refused(result))] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            _answer(future, outcome)
        self._folding.committed(self._writer.total_changes)


def _answer(future: "asyncio.Future[Any]", outcome: _Outcome) -> None:
    good, result = outcome
    if good:
        future.set_result(result)
    else:
        future.set_exception(result)


def _refused(error: Exception) -> StoreUnavailable:
    refusal = StoreUnavailable("the database did not take the write")
    refusal.__cause__ = error
    return refusal


async def _on_thread(connection: aiosqlite.Connection, work: Work[T]) -> T:
    """Run a whole function on the connection's thread; aiosqlite offers no public way to pass one."""
    raw = connection._conn  # noqa: SLF001 - see above
    result: T = await connection._execute(work, raw)  # type: ignore[no-untyped-call]  # noqa: SLF001 - see above
    return result


def _prepare_writer(connection: sqlite3.Connection) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise sqlite3.OperationalError("the file system does not bear a write-ahead log")
    _prepare(_WRITER, connection)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")  # a read-only file says so now, not at the first hook
    connection.execute("ROLLBACK")


def _prepare(pragmas: Sequence[str], connection: sqlite3.Connection) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: sqlite3.Connection) -> None:
    _prepare(_READER, connection)
    sorting.teach(connection)


def _snapshot(work: Work[T], connection: sqlite3.Connection) -> T:
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _transaction(works: list[Work[Any]], connection: sqlite3.Connection) -> list[_Outcome]:
    """All of `works` in one transaction, committed; an error when nothing was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_in_savepoint(connection, work) for work in works]
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return outcomes


def _in_savepoint(connection: sqlite3.Connection, work: Work[Any]) -> _Outcome:
    """Undo the work alone when it fails by itself.

    On a full disk or an I/O error SQLite ends the statement or the whole transaction, as it sees fit: then all fail.
    """
    connection.execute("SAVEPOINT work")
    good, result = _tried(work, connection)
    if not good:
        if not connection.in_transaction or of_the_machine(result):
            raise sqlite3.OperationalError("the transaction was ended by an error") from result
        connection.execute("ROLLBACK TO work")
    connection.execute("RELEASE work")
    return good, result


def _tried(function: Callable[..., Any], *arguments: object) -> _Outcome:
    try:
        return True, function(*arguments)
    except Exception as error:  # noqa: BLE001 - handed to whoever asked for the work
        return False, error
