"""Folding the write-ahead log into the database beside the writer, so that no commit has to."""

import asyncio
import sqlite3

import aiosqlite
import structlog

log = structlog.get_logger()

_TRANSACTIONS = 128
_ROWS = 1_000
_LONG = 700


class Folding:
    """Checkpoints on a connection of its own. They hold nobody up, but while writes go on none gets to the end of the log.

    So once the log is long a second one has the writer wait for the few pages the first one left; then the log begins anew,
    unless somebody still reads in it.
    """

    def __init__(self, connection: aiosqlite.Connection, turn: asyncio.Lock) -> None:
        self._connection = connection
        self._turn = turn
        self._transactions = 0
        self._rows = 0
        self._task: asyncio.Task[None] | None = None

    def committed(self, rows: int) -> None:
        """Another transaction is in the log; `rows` counts what was changed since the writer was opened."""
        self._transactions += 1
        if self._task is None and (self._transactions >= _TRANSACTIONS or rows - self._rows >= _ROWS):
            self._transactions, self._rows = 0, rows
            self._task = asyncio.get_running_loop().create_task(self._fold())

    async def close(self) -> None:
        """Let the one that is under way come to its end."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _fold(self) -> None:
        try:
            pages, folded = await self._checkpoint()
            if pages >= _LONG and folded == pages:
                async with self._turn:
                    await self._checkpoint()
        except sqlite3.Error as error:  # all is in the log as before, and the next one takes it along
            log.warning("folding.failed", error=str(error))
        finally:
            self._task = None

    async def _checkpoint(self) -> tuple[int, int]:
        """How many pages the log had, and how many of them are in the database now."""
        async with self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)") as cursor:
            row = await cursor.fetchone()
        return (0, 0) if row is None else (int(row[1]), int(row[2]))
