"""Rehearsing: what a change would do, done to a copy of the database that is thrown away."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TypeVar

import anyio.to_thread

T = TypeVar("T")

FOLDER = "rehearsal-"
"""How the folders of the copies begin: one that was cut off leaves its own."""


class Copy:
    """A copy that takes writes as the database does, one transaction after the other."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def write(self, work: Callable[[sqlite3.Connection], T], *, patient: bool = False) -> T:  # noqa: ARG002
        """Run `work` in a transaction; nobody else writes here, so patience makes no difference."""
        return await anyio.to_thread.run_sync(self._transaction, work)

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute("BEGIN")
        try:
            done = work(self._connection)
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        return done


@asynccontextmanager
async def rehearsal(path: Path, directory: Path) -> AsyncIterator[Copy]:
    """A copy of the database at `path`, made in `directory`, for the time of the block."""
    with tempfile.TemporaryDirectory(prefix=FOLDER, dir=directory) as folder:
        copy = Path(folder) / "copy.db"
        await anyio.to_thread.run_sync(_copied, path, copy)
        with _opened(copy) as connection:
            yield Copy(connection)


def _copied(path: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


@contextmanager
def _opened(copy: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(copy, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        yield connection
