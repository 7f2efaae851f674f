"""One run of the sync: what is due is read in turn; what fails keeps what was shown, and lets the rest go on."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from watchd.clients.trakt_sections import LIST_ITEMS, LISTS, ONE
from watchd.clock import DAY, HOUR, Clock, iso
from watchd.errors import LoginRequired, UpstreamError
from watchd.model.library import Section
from watchd.model.sync import Progress
from watchd.rules import due_sections as rules
from watchd.rules.due_sections import HISTORY, HISTORY_FULL, STAMPS
from watchd.services.sync_books import Books
from watchd.services.sync_history import HistorySync, Reading
from watchd.services.sync_pages import NotWhole, passing
from watchd.services.sync_sections import SectionSync
from watchd.services.sync_voice import Voice
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_DAYS = 33
_DOWN = 2
_WHOLE_AGAIN = HOUR
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, sqlite3.Error)


class SyncRun:
    """Made anew for each run.

    Afterwards `trouble` is the first thing that went wrong, `amiss` by how much Trakt counts more plays than are linked
    here, and `whole` says whether the history was read whole.
    """

    def __init__(
        self, account_id: int, database: Database, clock: Clock, metrics: Metrics, progress: Progress, voice: Voice
    ) -> None:
        self._clock = clock
        self._metrics = metrics
        self._progress = progress
        self._voice = voice
        self._books = Books(account_id, database)
        self._shelves = SectionSync(account_id, database, clock, progress, metrics)
        self._history = HistorySync(account_id, database, clock, progress)
        self._stands: dict[str, Section] = {}
        self._changes: dict[str, str] = {}
        self._stats: dict[str, Any] | None = None
        self._down = 0
        self._read: list[str] = []
        self.trouble: str | None = None
        self.amiss: dict[str, int] = {}
        self.whole = False

    async def all_of_it(
        self, *, full: bool, daily: bool, amiss: dict[str, int], mended: dict[str, int], showed: Callable[[], None]
    ) -> list[str]:
        """Read what is due, all of it with `full`, the whole history when `daily`; return what was read.

        An error here means that nothing can be read.
        """
        self.amiss = amiss
        await self._shelves.sweep()
        self._stands = await self._books.stands()
        await self._ask()
        identity = await self._books.identity(self._voice)
        whole = self._stands.get(HISTORY_FULL)
        full = full or (whole is not None and whole.activity != identity)
        news = await self._read_history(full=full or daily or whole is None, doubted=amiss != mended, identity=identity)
        if news is not None or self.trouble is not None:
            showed()
        for name in STAMPS:
            if name != HISTORY and self._may(name) and await self._due(name, full=full, news=news):
                await self._attempt(name, lambda name=name: self._section(name))  # type: ignore[misc]
                showed()
        await self._read_lists(full=full, showed=showed)
        if news is not None or "stats" in self._read:
            await self._count(mended, identity)
            showed()
        return self._read

    async def _ask(self) -> None:
        """What changed: by last_activities, or for a public profile by its figures."""
        self._progress.requests += 1
        if self._voice.own:
            self._changes = rules.flattened(await self._voice.activities())
        else:
            self._stats = await self._voice.one(ONE["stats"])
            self._changes = rules.of_stats(self._stats)

    def _may(self, name: str) -> bool:
        sources = (ONE[name],) if name in ONE else LISTS[name]
        return self._voice.own or not any(source.own for source in sources)

    async def _due(self, name: str, *, full: bool, news: Reading | None) -> bool:
        section, now = self._stands.get(name), self._clock.now()
        waits = section is not None and (section.doubt_at is not None or section.failed_at is not None)
        if rules.due(section, now, rules.stamp(name, self._changes)) or (full and not waits):
            return True
        if news is None or waits:
            return False
        return name == "stats" or (name == "watchlist" and await self._books.wished(news.watched))

    async def _read_history(self, *, full: bool, doubted: bool, identity: str) -> Reading | None:
        """The history, as far as it is due; None when it was not read."""
        section, current = self._stands.get(HISTORY), rules.stamp(HISTORY, self._changes)
        due = rules.due(section, self._clock.now(), current)
        if not (due or ((full or doubted) and (section is None or section.failed_at is None))):
            return None
        began, news = self._clock.now(), Reading()

        async def read() -> None:
            nonlocal news
            news = await self._whole(identity) if full else await self._newest(section, began)
            await self._books.keep(Section(HISTORY, rows=await self._books.linked(), activity=current, synced_at=began))

        return news if await self._attempt(HISTORY, read) else None

    async def _whole(self, identity: str) -> Reading:
        self._progress.begin(HISTORY)
        began = self._clock.now()
        reading = await self._history.whole(self._voice)
        await self._books.was_whole(began, len(reading.ids), reading.ghosts, identity)
        if reading.ghosts:
            self._metrics.sync_ghosts.inc(reading.ghosts)
        self.whole = True
        return reading

    async def _newest(self, before: Section | None, began: int) -> Reading:
        self._progress.begin(HISTORY)
        read_at = before.synced_at if before is not None and before.synced_at is not None else began
        return await self._history.since(self._voice, read_at + self._voice.trakt.offset_ms - rules.OVERLAP)

    async def _section(self, name: str) -> None:
        stamp = rules.stamp(name, self._changes)
        if name in ONE:
            self._progress.begin(name)
            data = self._stats if name == "stats" else None
            if data is None:
                self._progress.requests += 1
                data = await self._voice.one(ONE[name])
            await self._shelves.one(name, stamp, data)
            return
        names = {"start": iso(self._clock.now() - DAY)[:10], "days": str(_DAYS)}
        self._doubt(name, await self._shelves.read(self._voice, name, LISTS[name], stamp, names))

    def _doubt(self, name: str, doubt: str | None) -> None:
        if doubt is not None:
            log.warning("sync.section_in_doubt", section=name, reason=doubt)

    async def _read_lists(self, *, full: bool, showed: Callable[[], None]) -> None:
        """The items of each list that changed; a list that is no more takes its items with it."""
        lists = await self._books.lists()
        wanted = {f"list:{number}": stamp for number, stamp in lists.items()}
        for name in self._stands:
            if name.startswith("list:") and name not in wanted:
                await self._shelves.drop(name)
                showed()
        for name, stamp in wanted.items():
            section = self._stands.get(name)
            waits = section is not None and (section.doubt_at is not None or section.failed_at is not None)
            if rules.due(section, self._clock.now(), stamp) or (full and not waits):
                await self._attempt(name, lambda name=name, stamp=stamp: self._items(name, stamp))  # type: ignore[misc]
                showed()

    async def _items(self, name: str, stamp: str) -> None:
        names = {"list": name.removeprefix("list:")}
        self._doubt(name, await self._shelves.read(self._voice, name, (LIST_ITEMS,), stamp, names))

    async def _attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do it, or write down why not; an error that is not this section's alone is raised on."""
        try:
            await work()
        except (NotWhole, UpstreamError) as error:
            if isinstance(error, LoginRequired):
                raise
            self.trouble = self.trouble or f"{name}: {error}"
            log.warning("sync.section_failed", section=name, error=str(error))
            await self._shelves.failed(name, str(error))
            self._down = self._down + 1 if isinstance(error, UpstreamError) and passing(error) else 0
            if self._down >= _DOWN:
                raise
            return False
        except _UNFORESEEN as error:
            self.trouble = self.trouble or f"{name}: an unforeseen error ({type(error).__name__})"
            log.exception("sync.section_failed", section=name)
            self._metrics.internal_errors.labels("sync").inc()
            await self._shelves.failed(name, f"an unforeseen error ({type(error).__name__})")
            return False
        self._down = 0
        self._read.append(name)
        return True

    async def _count(self, mended: dict[str, int], identity: str) -> None:
        """Compare what is linked here with what Trakt counts. What stays amiss has everything read once more."""
        before, self.amiss = self.amiss, await self._books.amiss()
        whole = self._stands.get(HISTORY_FULL)
        rested = whole is None or whole.synced_at is None or self._clock.now() - whole.synced_at >= _WHOLE_AGAIN
        if self.amiss and self.amiss == before and self.amiss != mended and not self.whole and rested:
            log.warning("sync.counts_differ", more_at_trakt=self.amiss)
            if await self._attempt(HISTORY, lambda: self._again(identity)):
                self.amiss = await self._books.amiss()

    async def _again(self, identity: str) -> None:
        await self._whole(identity)
