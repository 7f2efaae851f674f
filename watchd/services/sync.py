"""Sync: Trakt's library kept here. Asks what changed, reads that and only that, and says how far it is."""

from collections.abc import Callable
from dataclasses import replace

import anyio
import structlog

from watchd.clock import DAY, HOUR, MINUTE, SECOND, Clock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError, UpstreamRefusal
from watchd.model.library import Section
from watchd.model.sync import Progress, Result
from watchd.rules.due_sections import HISTORY_FULL, age_of
from watchd.services.sync_facts import facts_of, reason_of
from watchd.services.sync_run import SyncRun
from watchd.services.sync_voice import Voice
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import accounts, library
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

EVERY = 5 * MINUTE
_EVERY_BY_NAME = 30 * MINUTE
_AT_FIRST = 10 * SECOND
_NO_LOGIN = HOUR
_HOPELESS = frozenset({403, 420, 423, 426})

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
        wait, asked = _AT_FIRST, False
        while True:
            await sleep_or(self._clock, wait / 1000, self._news)
            self._news = anyio.Event()
            full, self._full = self._full, False
            wait = await self.sync(full=full, onward=asked)
            asked = self._news.is_set()

    @property
    def heard(self) -> bool:
        """Whether there is anybody to read the library of."""
        try:
            return self._voice() is not None
        except LoginRequired:
            return True  # a login that must not be used: the sync says why

    def ask(self, *, full: bool = False) -> None:
        """Have `run` sync now; nothing is waited for."""
        self._full = self._full or full
        self.running = True
        self._news.set()

    async def sync(self, *, full: bool = False, onward: bool = False) -> int:
        """Read what changed, or with `full` everything; return when to look again (ms).

        `onward`: it was asked for while the run before was under way, and whoever follows them sees one.
        """
        async with self._turn:
            began, self.running = self._clock.monotonic(), True
            self._metrics.sync_running.labels(self._label).set(1)
            if not onward:
                self._progress.requests, self._result = 0, Result()
            try:
                return await self._sync(full=full)
            finally:
                self.running = self._news.is_set()  # somebody asked for more meanwhile
                self._progress.section = None
                self._metrics.sync_running.labels(self._label).set(0)
                self._metrics.sync_seconds.labels(self._label).observe(max(0.0, self._clock.monotonic() - began))

    async def _sync(self, *, full: bool) -> int:
        wait, self._result.reason = EVERY, None
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
            await self._read(heard, full=full)
        except (UpstreamError, StoreUnavailable) as error:
            at_all = self._result.reason is None  # else it was a section's, and the next run has others to try
            self._result.reason = reason_of(error)
            log.info("sync.stopped", account=self._account_id, error=str(error))
            wait = max(wait, HOUR) if at_all and _hopeless(error) else wait
            self._full = self._full or (full and self._news.is_set())  # who asked meanwhile is still owed everything
        except UNFORESEEN as error:
            self._result.reason = f"an unforeseen error ({type(error).__name__})"
            log.exception("sync.failed")
            self._metrics.internal_errors.labels("sync").inc()
        await self._look()
        return wait

    async def _read(self, voice: Voice, *, full: bool) -> None:
        """One run; what it brought before an error counts."""
        daily, before = await self._daily(), self._result.read
        run = SyncRun(self._account_id, self._database, self._clock, self._metrics, self._progress, voice)
        try:
            await run.all_of_it(full=full, daily=daily, amiss=self._amiss, mended=self._mended, showed=self._changed)
        except (UpstreamError, StoreUnavailable):
            self._changed()
            raise
        finally:
            self._result.read = list(dict.fromkeys([*before, *run.read]))
            self._result.reason, self._amiss = run.trouble, run.amiss
        if run.whole:
            self._mended = run.amiss
        if run.trouble is None:
            self._good(full=run.whole)

    async def _daily(self) -> bool:
        """Whether the history was not read whole for a day."""
        whole = await self._database.read(lambda connection: library.section(connection, self._account_id, HISTORY_FULL))
        age = age_of(whole.synced_at, self._clock.now()) if whole is not None and whole.synced_at is not None else None
        return age is None or age >= DAY

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
        return facts_of(self._sections, self._progress, self._result, self._amiss, running=self.running)


def _hopeless(error: Exception) -> bool:
    """Whether Trakt takes nothing from the account or the app until somebody mends that."""
    return isinstance(error, UpstreamRefusal) and error.status in _HOPELESS and not error.is_html
