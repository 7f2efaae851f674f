"""The database: one writer whose transactions are shared by all who wait, and one reader."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
import anyio

from watchd.errors import StoreUnavailable
from watchd.store.migrate import Migration, bring_up, migrations

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
_Waiting = tuple[Work[Any], "asyncio.Future[Any]"]
_Results = list[tuple[bool, Any]]

_BATCH = 128


class Database:
    """SQLite behind two aiosqlite connections.

    `write` gives a function the writer inside a transaction and returns when that is on the disk (`synchronous=FULL`).
    Functions that wait at the same moment share one transaction and one fsync, each within a savepoint of its own: an error
    in one undoes that one alone. They run whole on the connection's thread, which costs one hop instead of one a statement.
    """

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, path: Path) -> None:
        self._writer = writer
        self._reader = reader
        self.path = path
        self._waiting: deque[_Waiting] = deque()
        self._turn = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path, steps: tuple[Migration, ...] | None = None) -> AsyncIterator["Database"]:
        """Migrate the file if need be and open it for the time of the block; StateError when it cannot be used."""
        await asyncio.to_thread(bring_up, path, steps or migrations())
        async with (
            aiosqlite.connect(path, isolation_level=None, cached_statements=256) as writer,
            aiosqlite.connect(path, isolation_level=None) as reader,
        ):
            for pragma in ("foreign_keys = ON", "synchronous = FULL", "busy_timeout = 5000", "cache_size = -4000"):
                await writer.execute(f"PRAGMA {pragma}")
            for pragma in ("query_only = ON", "busy_timeout = 5000", "cache_size = -2000"):
                await reader.execute(f"PRAGMA {pragma}")
            yield cls(writer, reader, path)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once that is committed.

        StoreUnavailable when nothing was committed (disk full, read-only, closed); any error of `work` itself is raised as
        it is, and undoes only what `work` did.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        with anyio.CancelScope(shield=True):
            async with self._turn:
                while not future.done():
                    await self._commit_waiting()
        return await future

    async def read(self, work: Work[T]) -> T:
        """Run `work` on the reading connection; it sees what is committed."""
        return await _on_thread(self._reader, work)

    async def _commit_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _BATCH))]
        try:
            results = await _on_thread(self._writer, lambda connection: _transaction(connection, [work for work, _ in batch]))
        except (sqlite3.Error, ValueError) as error:
            failure = StoreUnavailable("the database did not take the write")
            failure.__cause__ = error
            results = [(False, failure)] * len(batch)
        for (_, future), (good, result) in zip(batch, results, strict=True):
            if good:
                future.set_result(result)
            else:
                future.set_exception(result)


async def _on_thread(connection: aiosqlite.Connection, work: Work[T]) -> T:
    """Run a whole function on the connection's thread; aiosqlite offers no public way to pass one."""
    raw = connection._conn  # noqa: SLF001 - see above
    result: T = await connection._execute(work, raw)  # type: ignore[no-untyped-call]  # noqa: SLF001 - see above
    return result


def _transaction(connection: sqlite3.Connection, works: list[Work[Any]]) -> _Results:
    """All of `works` in one transaction, committed; sqlite3.Error when nothing was.

    SQLite ends the whole transaction by itself on a full disk or an I/O error: then the batch as a whole has failed.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        results = [_in_savepoint(connection, work) for work in works]
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return results


def _in_savepoint(connection: sqlite3.Connection, work: Work[Any]) -> tuple[bool, Any]:
    connection.execute("SAVEPOINT work")
    try:
        result = work(connection)
    except Exception as error:
        if not connection.in_transaction:
            raise sqlite3.OperationalError("the transaction was ended by an error") from error
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        if isinstance(error, sqlite3.OperationalError):
            failure = StoreUnavailable("the database did not take the write")
            failure.__cause__ = error
            return False, failure
        return False, error
    connection.execute("RELEASE work")
    return True, result
