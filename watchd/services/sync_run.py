"""One run of the sync: what is due is read in turn; what fails keeps what was shown, and lets the rest go on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog

from watchd.clients.trakt_calls import PAGE
from watchd.clients.trakt_sections import LIST_ITEMS, LISTS, ONE
from watchd.clock import DAY, HOUR, Clock, iso
from watchd.model.library import Section
from watchd.model.sync import Progress
from watchd.rules import due_sections as rules
from watchd.rules.due_sections import HISTORY, HISTORY_FULL, STAMPS
from watchd.rules.plan import READ_LAG
from watchd.services.sync_attempts import Attempts
from watchd.services.sync_books import Books
from watchd.services.sync_history import HistorySync, Reading
from watchd.services.sync_sections import SectionSync
from watchd.services.sync_voice import Voice
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_DAYS = 33
_FEW = 4
_WHOLE_AGAIN = HOUR


class SyncRun:
    """Made anew for each run.

    Afterwards, also after an error, `read` is what came, `trouble` the first thing that went wrong, `amiss` by how much Trakt
    counts more plays than are linked here, and `whole` says whether the history was read whole.
    """

    def __init__(
        self, account_id: int, database: Database, clock: Clock, metrics: Metrics, progress: Progress, voice: Voice
    ) -> None:
        self._clock = clock
        self._metrics = metrics
        self._progress = progress
        self._before = progress.requests
        self._voice = voice
        self._books = Books(account_id, database)
        self._shelves = SectionSync(account_id, database, clock, progress, metrics)
        self._attempts = Attempts(self._shelves, metrics)
        self._history = HistorySync(account_id, database, clock, progress)
        self._stands: dict[str, Section] = {}
        self._changes: dict[str, str] = {}
        self._stats: dict[str, Any] | None = None
        self._identity = ""
        self.amiss: dict[str, int] = {}
        self.whole = False

    @property
    def read(self) -> list[str]:
        return self._attempts.read

    @property
    def trouble(self) -> str | None:
        return self._attempts.trouble

    async def all_of_it(
        self, *, full: bool, daily: bool, amiss: dict[str, int], mended: dict[str, int], showed: Callable[[], None]
    ) -> None:
        """Read what is due, all of it with `full`, the whole history when `daily`.

        An error here means that nothing can be read.
        """
        self.amiss = amiss
        await self._shelves.sweep()
        self._stands = await self._books.stands()
        await self._ask()
        self._identity = await self._books.identity(self._voice)
        news = await self._read_history(full=full, daily=daily, doubted=amiss != mended)
        if news is not None or self.trouble is not None:
            showed()
        for name in STAMPS:
            if name != HISTORY and self._may(name) and self._due(name, full=full, news=news):
                await self._attempts.make(name, lambda name=name: self._section(name))  # type: ignore[misc]
                showed()
        await self._read_lists(full=full, showed=showed)
        if news is not None or "stats" in self.read:
            await self._count(mended)
            showed()

    async def _ask(self) -> None:
        """What changed: by last_activities, or for a public profile by its figures."""
        self._progress.requests += 1
        if self._voice.own:
            self._changes = rules.flattened(await self._voice.activities())
            await self._let_it_show()
        else:
            self._stats = await self._voice.one(ONE["stats"])
            self._changes = rules.of_stats(self._stats)

    async def _let_it_show(self) -> None:
        """What changed a moment ago may be told of before it can be read: read too early, it would be missed."""
        newest = rules.newest(self._changes)
        if newest is None or HISTORY not in self._stands:
            return
        rest = newest + READ_LAG - (self._clock.now() + self._voice.trakt.offset_ms)
        if rest > 0:
            await self._clock.sleep(min(rest, READ_LAG) / 1000)

    def _stamp(self, name: str) -> str:
        return rules.owned(self._identity, rules.stamp(name, self._changes))

    def _may(self, name: str) -> bool:
        sources = (ONE[name],) if name in ONE else LISTS[name]
        return self._voice.own or not any(source.own for source in sources)

    def _due(self, name: str, *, full: bool, news: Reading | None) -> bool:
        section = self._stands.get(name)
        if self._wanted(section, self._stamp(name), full=full):
            return True
        if news is None or (section is not None and (section.doubt_at is not None or section.failed_at is not None)):
            return False
        if name == "up_next":
            return section is not None and self._fits(section)
        return name == "stats"

    def _fits(self, section: Section) -> bool:
        """Whether a section is one page and may be read besides what a new play takes anyhow."""
        return 0 < section.rows <= PAGE and self._progress.requests - self._before < _FEW

    def _wanted(self, section: Section | None, stamp: str, *, full: bool) -> bool:
        """Whether it is due, or asked for; a doubt is not settled before its time."""
        return rules.due(section, self._clock.now(), stamp) or (full and (section is None or section.doubt_at is None))

    async def _read_history(self, *, full: bool, daily: bool, doubted: bool) -> Reading | None:
        """The history, as far as it is due; None when it was not read."""
        section, current = self._stands.get(HISTORY), self._stamp(HISTORY)
        before = self._stands.get(HISTORY_FULL)
        waits = section is not None and section.failed_at is not None
        if not (self._wanted(section, current, full=full) or ((daily or doubted) and not waits)):
            return None
        full = full or daily or before is None or before.activity != self._identity
        began, news = self._clock.now(), Reading()

        async def read() -> None:
            nonlocal news
            news = await self._whole() if full else await self._newest(began)
            await self._books.keep(Section(HISTORY, rows=await self._books.linked(), activity=current, synced_at=began))

        return news if await self._attempts.make(HISTORY, read) else None

    async def _whole(self) -> Reading:
        self._progress.begin(HISTORY)
        began = self._clock.now()
        reading = await self._history.whole(self._voice, self._read_at())
        await self._spoil(reading)
        await self._books.was_whole(began, len(reading.ids), reading.ghosts, self._identity)
        if reading.ghosts:
            self._metrics.sync_ghosts.inc(reading.ghosts)
        self.whole = True
        return reading

    async def _newest(self, began: int) -> Reading:
        self._progress.begin(HISTORY)
        before = self._read_at()
        moment = (began if before is None else min(began, before)) + self._voice.trakt.offset_ms - rules.OVERLAP
        reading = await self._history.since(self._voice, moment, before)
        await self._spoil(reading)
        return reading

    def _read_at(self) -> int | None:
        """When the history was read last."""
        section = self._stands.get(HISTORY)
        return None if section is None else section.synced_at

    async def _spoil(self, reading: Reading) -> None:
        """What was watched has left other sections; noted before the history counts as read, for a run may end there."""
        for name in await self._books.spoil(reading.watched):
            if name in self._stands:
                self._stands[name] = replace(self._stands[name], activity=None)

    async def _section(self, name: str) -> None:
        stamp = self._stamp(name)
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
        wanted = {f"list:{number}": rules.owned(self._identity, stamp) for number, stamp in lists.items()}
        for name in self._stands:
            if name.startswith("list:") and name not in wanted:
                await self._shelves.drop(name)
                showed()
        for name, stamp in wanted.items():
            if self._wanted(self._stands.get(name), stamp, full=full):
                await self._attempts.make(name, lambda name=name, stamp=stamp: self._items(name, stamp))  # type: ignore[misc]
                showed()

    async def _items(self, name: str, stamp: str) -> None:
        names = {"list": name.removeprefix("list:")}
        self._doubt(name, await self._shelves.read(self._voice, name, (LIST_ITEMS,), stamp, names))

    async def _count(self, mended: dict[str, int]) -> None:
        """Compare what is linked here with what Trakt counts. What stays amiss has everything read once more."""
        before, self.amiss = self.amiss, await self._books.amiss()
        whole = self._stands.get(HISTORY_FULL)
        rested = whole is None or whole.synced_at is None or self._clock.now() - whole.synced_at >= _WHOLE_AGAIN
        if self.amiss and self.amiss == before and self.amiss != mended and not self.whole and rested:
            log.warning("sync.counts_differ", more_at_trakt=self.amiss)
            if await self._attempts.make(HISTORY, self._again):
                self.amiss = await self._books.amiss()

    async def _again(self) -> None:
        await self._whole()
