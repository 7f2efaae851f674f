"""Importing: a file read piece by piece and written in transactions of a few milliseconds, so that hooks never queue."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import anyio
import anyio.to_thread

from watchd.model.imports import BROKEN, Chunk, ImportedPlay, ImportedRating, Tally
from watchd.model.library import LibraryRow
from watchd.services.import_plays import Outcome, Used, take_play, take_rating
from watchd.services.import_sections import Sections
from watchd.store import imports, removals

T = TypeVar("T")
R = TypeVar("R")

_SPAN = 0.003
"""How long a transaction may go on taking rows, in seconds: one more row is some tenths of a millisecond."""
_MOST = 64
_ROWS = 25
"""Rows of a section a transaction."""
_REST = 0.001
"""A pause between two of them, in which the loop has the interpreter to itself."""


class Writes(Protocol):
    """The database, or a copy of it for a rehearsal."""

    async def write(self, work: Callable[[sqlite3.Connection], T], *, patient: bool = False) -> T:
        """Run `work` in a transaction; a patient one lets the others go first."""
        ...


@dataclass(slots=True)
class Run:
    """What is remembered while one file is imported: the figures, and which plays rows were matched with."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def tally(self, chunk: Chunk) -> Tally:
        """The figures of a member, with what is known of it before its rows are looked at."""
        tally = self.tallies.setdefault(chunk.file, Tally(chunk.file))
        tally.rows += chunk.rows
        tally.skipped.update(chunk.skipped)
        tally.note = chunk.note or tally.note
        return tally

    def report(self) -> list[dict[str, object]]:
        return [tally.told() for tally in self.tallies.values()]


class Import:
    """One file into one account. Nothing is owed for what it brings."""

    def __init__(self, database: Writes, account_id: int, now: int) -> None:
        self._database = database
        self._account_id = account_id
        self._now = now
        self._run = Run()
        self._sections = Sections(account_id, now)

    async def take(self, chunks: Iterator[Chunk]) -> list[dict[str, object]]:
        """Take all of it; the figures member by member."""
        while (chunk := await anyio.to_thread.run_sync(next, chunks, None)) is not None:
            tally = self._run.tally(chunk)
            await self._told(chunk)
            await self._each(chunk.plays, tally, self._play)
            await self._each(chunk.ratings, tally, self._rating)
            if chunk.section is not None:
                await self._section(chunk, tally)
        for name in self._sections.begun:
            await self._append(name, await self._write(lambda connection, name=name: self._sections.rest(connection, name)))  # type: ignore[misc]
            await self._write(lambda connection, name=name: self._sections.show(connection, name))  # type: ignore[misc]
            while await self._write(lambda connection, name=name: self._sections.sweep(connection, name)):  # type: ignore[misc]
                pass
        return self._run.report()

    async def _told(self, chunk: Chunk) -> None:
        """What an export of our own says of the account, of deleted plays and of its sections."""
        self._sections.stood(chunk.sections)

        def work(connection: sqlite3.Connection) -> None:
            for history_id in chunk.removed:
                removals.entomb(connection, self._account_id, history_id, self._now)
            if chunk.slug is not None:
                imports.call(connection, self._account_id, chunk.slug)

        if chunk.removed or chunk.slug is not None:
            await self._write(work)

    async def _each(self, rows: Sequence[R], tally: Tally, take: Callable[[sqlite3.Connection, R, Used], Outcome]) -> None:
        """Take rows, as many in each transaction as there is time for; figures change after the commit."""
        done = 0
        while done < len(rows):

            def work(connection: sqlite3.Connection, first: int = done) -> tuple[list[Outcome], set[int]]:
                until, used, outcomes = time.monotonic() + _SPAN, Used(self._run.used), list[Outcome]()
                for row in rows[first : first + _MOST]:
                    outcomes.append(take(connection, row, used))
                    if time.monotonic() > until:
                        break
                return outcomes, used.fresh

            outcomes, fresh = await self._write(work)
            await anyio.sleep(_REST)
            self._run.used |= fresh
            done += len(outcomes)
            for outcome in outcomes:
                outcome.count(tally)

    def _play(self, connection: sqlite3.Connection, row: ImportedPlay, used: Used) -> Outcome:
        return take_play(connection, self._account_id, row, used, self._now)

    def _rating(self, connection: sqlite3.Connection, row: ImportedRating, _used: Used) -> Outcome:
        return take_rating(connection, self._account_id, row, self._now)

    async def _section(self, chunk: Chunk, tally: Tally) -> None:
        name = chunk.section or ""
        reason = await self._write(lambda connection: self._sections.begin(connection, name))
        if reason is not None:
            tally.known += len(chunk.library)
            tally.note = reason
            return
        if BROKEN in chunk.skipped:
            self._sections.torn(name)
        if chunk.part:
            self._sections.part(name)
        while await self._write(lambda connection: self._sections.clear(connection, name)):
            pass
        new = await self._append(name, chunk.library)
        tally.new += new
        tally.known += len(chunk.library) - new

    async def _append(self, name: str, rows: Sequence[LibraryRow]) -> int:
        """Add rows to a section, some at a time; how many of them were not shown until now."""
        new = 0
        for first in range(0, len(rows), _ROWS):
            some = rows[first : first + _ROWS]
            new += await self._write(lambda connection, some=some: self._sections.append(connection, name, some))  # type: ignore[misc]
            self._sections.appended(name, len(some))
        return new

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Behind what others write: nobody waits for an import."""
        return await self._database.write(work, patient=True)
