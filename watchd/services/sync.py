"""Sync: Trakt's library kept here. Asks what changed, reads that and only that, and says how far it is."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace

import anyio
import structlog

from watchd.clock import DAY, MINUTE, SECOND, Clock, iso
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError
from watchd.model.library import Section
from watchd.model.sync import Progress, Result
from watchd.rules.due_sections import GHOSTS, HISTORY, HISTORY_FULL
from watchd.services.sync_run import SyncRun
from watchd.services.sync_voice import Voice
from watchd.services.waiting import sleep_or
from watchd.store import accounts, library
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

EVERY = 5 * MINUTE
_EVERY_BY_NAME = 30 * MINUTE
_AT_FIRST = 10 * SECOND
_NO_LOGIN = 60 * MINUTE
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, sqlite3.Error)

Json = dict[str, object]


class Sync:
    """One account's library. `sync` does it once, `run` for ever; `changed()` is called when something read is shown.

    `voice()` gives the client to read by; None while there is neither a login nor a name, LoginRequired while there is a
    login that must not be heard.
    """

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        *,
        voice: Callable[[], Voice | None],
        changed: Callable[[], None],
        label: str = "sync",
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._voice = voice
        self._changed = changed
        self._label = label
        self._progress = Progress()
        self._result = Result()
        self._sections: dict[str, Section] = {}
        self._amiss: dict[str, int] = {}
        self._mended: dict[str, int] = {}
        self._turn = anyio.Lock()
        self._news = anyio.Event()
        self._full = False
        self.running = False

    async def run(self) -> None:
        """Sync for ever; never returns."""
        await self._look()
        wait = _AT_FIRST
        while True:
            await sleep_or(self._clock, wait / 1000, self._news)
            self._news = anyio.Event()
            full, self._full = self._full, False
            wait = await self.sync(full=full)

    def ask(self, *, full: bool = False) -> None:
        """Have `run` sync now; nothing is waited for."""
        self._full = self._full or full
        self.running = True
        self._news.set()

    async def sync(self, *, full: bool = False) -> int:
        """Read what changed, or with `full` everything; return when to look again (ms)."""
        async with self._turn:
            began = self._clock.monotonic()
            self.running, self._progress.requests = True, 0
            self._metrics.sync_running.labels(self._label).set(1)
            self._result = Result()
            try:
                return await self._sync(full=full)
            finally:
                self.running = self._news.is_set()  # somebody asked for more meanwhile
                self._progress.section = None
                self._metrics.sync_running.labels(self._label).set(0)
                self._metrics.sync_seconds.labels(self._label).observe(max(0.0, self._clock.monotonic() - began))

    async def _sync(self, *, full: bool) -> int:
        wait = EVERY
        try:
            voice = self._voice()
            if voice is None:
                return _NO_LOGIN
            wait = EVERY if voice.own else _EVERY_BY_NAME
            tied = await self._tied()
            if voice.own and tied is None:
                raise LoginRequired("the account is tied to no Trakt user")

            async def still() -> None:
                if self._voice() is not voice or (voice.own and await self._tied() != tied):
                    raise LoginRequired("the login changed meanwhile")

            heard = replace(voice, still=still)
            run = SyncRun(self._account_id, self._database, self._clock, self._metrics, self._progress, heard)
            changes = await run.all_of_it(
                full=full, daily=await self._daily(), amiss=self._amiss, mended=self._mended, showed=self._changed
            )
            self._result.read, self._result.reason = changes, run.trouble
            self._amiss = run.amiss
            if run.whole:
                self._mended = run.amiss
            if run.trouble is None:
                self._good(full=run.whole)
        except (UpstreamError, StoreUnavailable) as error:
            self._result.reason = str(error)
            log.info("sync.stopped", account=self._account_id, error=str(error))
        except _UNFORESEEN as error:
            self._result.reason = f"an unforeseen error ({type(error).__name__})"
            log.exception("sync.failed")
            self._metrics.internal_errors.labels("sync").inc()
        await self._look()
        return wait

    async def _daily(self) -> bool:
        """Whether the history was not read whole for a day."""
        whole = await self._database.read(lambda connection: library.section(connection, self._account_id, HISTORY_FULL))
        return whole is None or whole.synced_at is None or self._clock.now() - whole.synced_at >= DAY

    async def _tied(self) -> str | None:
        """Which Trakt user the account is tied to."""
        account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
        return account.trakt_uuid

    def _good(self, *, full: bool) -> None:
        now = self._clock.now() / 1000
        self._metrics.sync_last_success.labels(self._label, "changes").set(now)
        if full:
            self._metrics.sync_last_success.labels(self._label, "full").set(now)

    async def _look(self) -> None:
        """Take the figures for the status."""
        self._result.at = self._clock.now()
        try:
            found = await self._database.read(lambda connection: library.sections(connection, self._account_id))
        except StoreUnavailable:
            return
        self._sections = {section.name: section for section in found}
        failed = sum(section.failed_at is not None for section in found)
        self._metrics.sync_failed.labels(self._label).set(failed)
        self._metrics.sync_doubted.labels(self._label).set(sum(section.doubt_at is not None for section in found))
        for kind in ("movie", "episode"):
            self._metrics.sync_mismatch.labels(self._label, kind).set(self._amiss.get(kind, 0))

    def facts(self) -> Json:
        """For status and progress bar, as plain JSON values."""
        shown = {name: section for name, section in self._sections.items() if name not in (HISTORY_FULL, GHOSTS)}
        whole, history = self._sections.get(HISTORY_FULL), self._sections.get(HISTORY)
        ghosts = self._sections.get(GHOSTS)
        return {
            "running": self.running,
            "section": self._progress.section,
            "done": self._progress.done,
            "of": self._progress.of,
            "requests": self._progress.requests,
            "last_at": _moment(self._result.at),
            "last_full_at": _moment(whole.synced_at if whole else None),
            "read": list(self._result.read),
            "reason": self._result.reason,
            "plays": history.rows if history else 0,
            "rows": sum(section.rows for name, section in shown.items() if name != HISTORY),
            "nameless": ghosts.rows if ghosts else 0,
            "failed": {name: section.failed for name, section in shown.items() if section.failed_at is not None},
            "in_doubt": {
                name: {"shown": section.rows, "read": section.doubt_rows, "since": _moment(section.doubt_at)}
                for name, section in shown.items()
                if section.doubt_at is not None
            },
            "mismatch": dict(self._amiss),
        }


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)
