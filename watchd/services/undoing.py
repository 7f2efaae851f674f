"""Undoing: deleted plays go at Trakt too, for as long as it takes. Removing a row twice changes nothing."""

import random
import sqlite3
from collections.abc import Callable, Sequence

import structlog

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_bulk import MOST
from watchd.clock import DAY, Clock
from watchd.errors import UpstreamError
from watchd.services.ahead import Overtaken
from watchd.services.rounds import Rounds
from watchd.services.seeking import Seeking
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import accounts, plays, removals
from watchd.store.database import Database
from watchd.store.removals import Removal

log = structlog.get_logger()

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
        self._rounds = Rounds("undoing", clock, jitter)

    def wake(self) -> None:
        """Something was deleted: look at once."""
        self._rounds.wake()

    async def run(self) -> None:
        """Remove for ever; never returns."""
        await self._rounds.run(self.send_due)

    async def send_due(self) -> int:
        """Take what is due one step further; return how long there is nothing to do (ms, 0: go on)."""
        rest, now = self._rounds.rest(), self._clock.now()
        if rest:
            return rest
        found, next_due = await self._database.read(lambda connection: _due(connection, self._account_id, now))
        if not found:
            return self._rounds.until(next_due)
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
        self._rounds.went_well()
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
        verdict, now = self._rounds.refused(error), self._clock.now()
        if verdict is not None:
            await self._database.write(lambda connection: _postponed(connection, found, now + DAY, verdict.reason))
        return self._rounds.rest()


def _postponed(connection: sqlite3.Connection, found: Sequence[Removal], due_at: int, reason: str) -> None:
    for removal in found:
        removals.postpone(connection, removal.id, due_at, reason)


def _due(connection: sqlite3.Connection, account_id: int, now: int) -> tuple[list[Removal], int | None]:
    """What may be removed now; nothing while Trakt takes nothing of the account, or it was never logged in."""
    account = accounts.get(connection, account_id)
    if account.held_reason is not None or account.trakt_since is None:
        return [], None
    return removals.due(connection, account_id, now, MOST), removals.next_due(connection, account_id)
