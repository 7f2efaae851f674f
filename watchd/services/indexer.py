"""Indexer: keeps the search index up with plays and lists, a few titles at a time."""

import sqlite3
from functools import partial

import anyio
import structlog

from watchd.clock import Clock
from watchd.errors import StoreUnavailable
from watchd.services import indexing
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import title_rows, title_version, titles
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

LOOK_EVERY = 5.0
_AT_ONCE = 3
_BREATH = 0.01
_PAGE = 500
_PARTS = 8
_MERGED = 16  # pages of 4 KB: some milliseconds


class Indexer:
    """Triggers note which media changed; sections are compared by their generation. `wake` only makes it sooner."""

    def __init__(self, database: Database, clock: Clock, metrics: Metrics) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._news = anyio.Event()

    def wake(self) -> None:
        """What can be found may have changed."""
        self._news.set()

    async def run(self) -> None:
        """Keep the index up to date; never returns."""
        while True:
            self._news = anyio.Event()
            try:
                await self.update(_BREATH)
            except (StoreUnavailable, sqlite3.Error):
                log.warning("indexer.store_unavailable")
            await sleep_or(self._clock, LOOK_EVERY, self._news)

    async def update(self, breath: float = 0.0) -> None:
        """Take in all that changed, a few titles at a time, with so many seconds between for others who write."""
        if await self._database.read(title_version.version) != title_version.VERSION:
            await self.rebuild()
        while media_ids := await self._database.read(lambda connection: titles.news(connection, _AT_ONCE)):
            await self._take_media(media_ids)
            await self._rest(breath)
        for account_id, section, generation in await self._database.read(title_rows.stale):
            await self._take_section(account_id, section, generation, breath)
        await self._merge(breath)

    async def _merge(self, breath: float) -> None:
        """Make one part of many; others who write come in between."""
        if await self._database.read(title_version.parts) <= _PARTS:
            return
        pages = -_MERGED
        while await self._database.write(partial(title_version.merge, pages=pages), patient=True):
            pages = _MERGED
            await self._rest(breath)

    async def _rest(self, breath: float) -> None:
        if breath:
            await self._clock.sleep(breath)

    async def rebuild(self) -> None:
        """Begin anew; what is not in the index yet is not found meanwhile."""
        while not await self._database.write(lambda connection: title_version.wipe(connection, _PAGE), patient=True):
            pass

    async def _take_media(self, media_ids: list[int]) -> None:
        try:
            await self._database.write(lambda connection: indexing.take_media(connection, media_ids), patient=True)
        except UNFORESEEN:
            for media_id in media_ids:
                await self._take_or_leave(media_id)

    async def _take_or_leave(self, media_id: int) -> None:
        """One media that cannot be taken in must not keep the others out."""
        try:
            await self._database.write(lambda connection: indexing.take_media(connection, [media_id]), patient=True)
        except UNFORESEEN:
            log.exception("indexer.failed", media=media_id)
            self._metrics.internal_errors.labels("indexer").inc()
            await self._database.write(lambda connection: titles.heard(connection, media_id), patient=True)

    async def _take_section(self, account_id: int, section: str, generation: int | None, breath: float) -> None:
        """Take in what differs of a section; one that is replaced meanwhile comes again at the next look."""
        wanted: dict[str, str] = {}
        try:
            if generation is not None and not await self._read(account_id, section, generation, wanted):
                return
            known = await self._database.read(lambda connection: title_rows.taken_in(connection, account_id, section))
            changes: list[tuple[str, str | None]] = [(ref, None) for ref in known if ref not in wanted]
            changes += [(ref, item) for ref, item in wanted.items() if known.get(ref) != item]
            for first in range(0, len(changes), _AT_ONCE):
                some = changes[first : first + _AT_ONCE]
                work = partial(indexing.take_rows, account_id=account_id, section=section, rows=some)
                await self._database.write(work, patient=True)
                await self._rest(breath)
        except UNFORESEEN:
            log.exception("indexer.failed", section=section)
            self._metrics.internal_errors.labels("indexer").inc()
        await self._database.write(
            lambda connection: title_rows.done(connection, account_id, section, generation), patient=True
        )

    async def _read(self, account_id: int, section: str, generation: int, wanted: dict[str, str]) -> bool:
        """Gather what a generation stands for; False when it is not the shown one any more."""
        after = -1
        while True:

            def work(connection: sqlite3.Connection, after: int = after) -> tuple[int, list[tuple[str, str]]] | None:
                rows = title_rows.page(connection, account_id, section, generation, after, _PAGE)
                return None if rows is None else (rows[-1][0] if rows else -1, list(indexing.items_of(rows)))

            found = await self._database.read(work)
            if found is None:
                return False
            wanted |= dict(found[1])
            if found[0] < 0:
                return True
            after = found[0]
