"""Reading sections of the library: each into a new generation, which is shown when it is whole."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from anyio.lowlevel import checkpoint

from watchd.clients.trakt_sections import Page, Source, as_text, library_row
from watchd.clock import Clock
from watchd.model.library import LibraryRow, Section
from watchd.model.sync import Progress
from watchd.rules.due_sections import same_owner
from watchd.rules.pages import in_parts
from watchd.rules.shrink import confirmed, suspicious
from watchd.services.sync_pages import read_pages
from watchd.services.sync_voice import Voice
from watchd.store import library, reconciling
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_ROWS = 25
_SWEEP = 50
_UNGUARDED = frozenset({"calendar", "playback", "up_next"})
"""What empties by itself as time goes on."""


class SectionSync:
    """The sections of one account."""

    def __init__(self, account_id: int, database: Database, clock: Clock, progress: Progress, metrics: Metrics) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._progress = progress
        self._metrics = metrics

    async def section(self, name: str) -> Section:
        """How a section stands."""
        found = await self._database.read(lambda connection: library.section(connection, self._account_id, name))
        return found or Section(name)

    async def keep(self, of: Section) -> None:
        await self._database.write(lambda connection: library.keep(connection, self._account_id, of), patient=True)

    async def one(self, name: str, stamp: str, data: dict[str, Any]) -> None:
        """Show a section that is one object."""
        before = await self._fresh(name)
        await self._append(name, before.generation + 1, 0, [LibraryRow(name, as_text(data))])
        await self._show(replace(_good(before, stamp, self._clock.now()), rows=1))

    async def read(self, voice: Voice, name: str, sources: Sequence[Source], stamp: str, names: dict[str, str]) -> str | None:
        """Read a section whole and show it; what it is in doubt for when it shrank too much to be believed at once.

        NotWhole and UpstreamError leave what is shown as it is.
        """
        before, began = await self._fresh(name), self._clock.now()
        kept = ghosts = 0
        seen: set[int] = set()
        for source in sources:

            async def fetch(number: int, of: Source = source) -> Page:
                return await voice.page(of, number, names)

            async def take(page: Page, of: Source = source) -> int:
                nonlocal kept, ghosts
                fresh, rows = 0, list[LibraryRow]()
                for place, told in enumerate(page.rows):
                    if place % _ROWS == _ROWS - 1:
                        await checkpoint()
                    key = hash((of.path, _key(told)))
                    if key in seen:
                        continue
                    seen.add(key)
                    fresh += 1
                    row = library_row(told, of.kind)
                    if row is not None:
                        rows.append(row)
                    else:
                        ghosts += 1
                await self._append(name, before.generation + 1, kept, rows)
                kept += len(rows)
                self._progress.came(len(page.rows), page.items)
                return fresh

            await read_pages(fetch, take, self._clock, paged=source.paged)
        if ghosts:
            self._metrics.sync_ghosts.inc(ghosts)
            log.info("sync.rows_without_name", section=name, rows=ghosts)
        return await self._believe(before, name, kept, stamp, began)

    async def _believe(self, before: Section, name: str, rows: int, stamp: str, began: int) -> str | None:
        guarded = name not in _UNGUARDED and same_owner(before.activity, stamp)
        if guarded and suspicious(before.rows, rows) and not confirmed(before, rows, began):
            await self.keep(replace(before, doubt_rows=rows, doubt_at=began, failed=None, failed_at=None))
            await self.sweep(name)
            return f"{rows} rows instead of {before.rows}: shown when a second reading hours later agrees"
        await self._show(replace(_good(before, stamp, began), rows=rows))
        return None

    async def failed(self, name: str, reason: str) -> None:
        """A reading did not come to its end: what was shown stays, and the status says why."""
        before = await self.section(name)
        await self.keep(replace(before, failed=reason, failed_at=self._clock.now()))
        await self.sweep(name)

    async def drop(self, name: str) -> None:
        """A section is no more."""
        await self._database.write(
            lambda connection: reconciling.drop_section(connection, self._account_id, name), patient=True
        )
        await self.sweep(name)

    async def sweep(self, name: str | None = None) -> None:
        """Remove, a few at a time, the rows of generations that are not shown: of one section, or of all."""
        old = await self._database.read(lambda connection: reconciling.leftovers(connection, self._account_id, name))
        for section, generation in old:
            work = partial(reconciling.sweep, account_id=self._account_id, name=section, generation=generation, at_most=_SWEEP)
            while await self._database.write(work, patient=True):
                pass

    async def _fresh(self, name: str) -> Section:
        """How a section stands, with nothing in the way of its next generation."""
        self._progress.begin(name)
        await self.sweep(name)
        return await self.section(name)

    async def _append(self, name: str, generation: int, first: int, rows: Sequence[LibraryRow]) -> None:
        for part in in_parts(rows, _ROWS):
            await self._database.write(
                lambda connection, start=first, some=part: library.append(  # type: ignore[misc]
                    connection, self._account_id, name, generation, start, some
                ),
                patient=True,
            )
            first += len(part)

    async def _show(self, of: Section) -> None:
        await self.keep(of)
        await self.sweep(of.name)


def _good(before: Section, stamp: str, now: int) -> Section:
    return Section(before.name, before.generation + 1, activity=stamp, synced_at=now)


def _key(row: Any) -> str:
    """By what a row is known again on another page: its own id, else all it says."""
    number = row.get("id") if isinstance(row, dict) else None
    return str(number) if isinstance(number, int) else as_text(row)
