"""Undoing: deleted plays go at Trakt too, for as long as it takes. Removing a row twice changes nothing."""

import random
import sqlite3
from collections.abc import Callable, Sequence

import anyio
import structlog

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_bulk import MOST
from watchd.clock import DAY, HOUR, SECOND, Clock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError
from watchd.model.relay import Verb
from watchd.rules.plan import backoff
from watchd.rules.verdict import Kind, of_error
from watchd.services.ahead import Overtaken
from watchd.services.seeking import Seeking
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import accounts, plays, removals
from watchd.store.database import Database
from watchd.store.removals import Removal

log = structlog.get_logger()

_REST = 60 * SECOND
_LOOKS = 3
"""How often a row that is not to be found is looked for, a day apart: what was sent may be dated late."""


class Undoing:
    """One account's removals. `send_due` does one step; `run` repeats it; `wake` says that something is owed."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        trakt: TraktClient,
        seeking: Seeking,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._trakt = trakt
        self._seeking = seeking
        self._jitter = jitter
        self._failures = 0
        self._not_before = 0
        self._news = anyio.Event()

    def wake(self) -> None:
        """Something was deleted: look at once."""
        self._news.set()

    async def run(self) -> None:
        """Remove for ever; never returns."""
        while True:
            self._news = anyio.Event()
            try:
                wait = await self.send_due()
            except StoreUnavailable:
                log.warning("undoing.store_unavailable")
                wait = 5 * SECOND
            if wait:
                await sleep_or(self._clock, wait / 1000, self._news)

    async def send_due(self) -> int:
        """Take what is due one step further; return how long there is nothing to do (ms, 0: go on)."""
        now = self._clock.now()
        if now < self._not_before:
            return min(_REST, self._not_before - now)
        found, next_due = await self._database.read(lambda connection: _due(connection, self._account_id, now))
        if not found:
            return _REST if next_due is None else max(1, min(_REST, next_due - now))
        try:
            if found[0].history_id is None:
                await self._seek(found[0])
            else:
                await self._remove(found)
        except Overtaken:
            return 0
        except UpstreamError as error:
            return await self._failed(found, error)
        except UNFORESEEN as error:
            reason = f"internal: {type(error).__name__}"
            log.exception("undoing.removal_quarantined", removal=found[0].id, error=type(error).__name__)
            await self._database.write(lambda connection: _postponed(connection, found, now + DAY, reason))
            return 0
        self._failures = 0
        return 0

    async def _seek(self, removal: Removal) -> None:
        """Find the row of a removal; after a few looks it is held to be none of Trakt's."""
        found = await self._seeking.find(removal)
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> None:
            if found is not None:
                removals.learn(connection, removal.id, found, now)
                brought = plays.claimant(connection, self._account_id, found)
                if brought is not None:
                    plays.remove(connection, brought)
            elif removal.attempts + 1 < _LOOKS:
                removals.postpone(connection, removal.id, now + DAY, "not found in the history; looked for again")
            else:
                removals.settle(connection, removal.id, now, "not found in the history")

        await self._database.write(work)

    async def _remove(self, found: Sequence[Removal]) -> None:
        ids = [removal.history_id for removal in found if removal.history_id is not None]

        async def ahead() -> None:
            account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
            if account.probe_at == accounts.NEVER:
                raise Overtaken("another login is being checked: this would be taken from whoever it is of")

        answer = await self._trakt.remove_history(ids, Lane.LATE, ahead)
        now = self._clock.now()
        log.info("undoing.removed", rows=len(ids), status=answer.status)

        def work(connection: sqlite3.Connection) -> None:
            for removal in found:
                removals.settle(connection, removal.id, now, "removed at Trakt")

        await self._database.write(work)

    async def _failed(self, found: Sequence[Removal], error: UpstreamError) -> int:
        """What trouble means: all wait; what Trakt refuses for good is kept in mind here and asked for no more."""
        now = self._clock.now()
        verdict = of_error(Verb.WATCHED, error)
        log.info("undoing.refused", kind=str(verdict.kind), status=verdict.status, reason=verdict.reason)
        if verdict.kind not in (Kind.LATER, Kind.HELD):
            await self._database.write(lambda connection: _postponed(connection, found, now + DAY, verdict.reason))
            return 0
        self._failures += 1
        wait = backoff(self._failures, self._jitter())
        if verdict.kind is Kind.HELD and not isinstance(error, LoginRequired):
            wait = HOUR
        self._not_before = now + max(wait, round((verdict.retry_after or 0) * 1000))
        return min(_REST, self._not_before - now)


def _postponed(connection: sqlite3.Connection, found: Sequence[Removal], due_at: int, reason: str) -> None:
    for removal in found:
        removals.postpone(connection, removal.id, due_at, reason)


def _due(connection: sqlite3.Connection, account_id: int, now: int) -> tuple[list[Removal], int | None]:
    """What may be removed now; nothing while Trakt takes nothing of the account, or it was never logged in."""
    account = accounts.get(connection, account_id)
    if account.held_reason is not None or account.trakt_since is None:
        return [], None
    return removals.due(connection, account_id, now, MOST), removals.next_due(connection, account_id)
