"""Refresher: brings what the store has learned of open plays to the card."""

from collections.abc import Callable

import anyio
import structlog

from watchd.clock import Clock
from watchd.errors import StoreUnavailable
from watchd.services.now import Now
from watchd.services.waiting import sleep_or
from watchd.store import plays
from watchd.store.database import Database

log = structlog.get_logger()

_AGAIN = 2.0


class Refresher:
    """Accounts marked by `mark` have their open plays read again and shown; `changed(account_id)` is told of it.

    A mark stays until that was done: while the store is unavailable it is tried again and again.
    """

    def __init__(self, database: Database, now: Now, clock: Clock, *, changed: Callable[[int], None]) -> None:
        self._database = database
        self._now = now
        self._clock = clock
        self._changed = changed
        self._stale: set[int] = set()
        self._news = anyio.Event()

    def mark(self, account_id: int) -> None:
        self._stale.add(account_id)
        self._news.set()

    async def refresh(self, account_id: int) -> None:
        """Show an account's open plays as they are stored."""
        found = await self._database.write(lambda connection: tuple(plays.open_plays(connection, account_id)))
        self._now.show_plays(account_id, found)
        self._changed(account_id)

    async def run(self) -> None:
        """Refresh what is marked; never returns."""
        while True:
            self._news = anyio.Event()
            for account_id in sorted(self._stale):
                self._stale.discard(account_id)
                try:
                    await self.refresh(account_id)
                except StoreUnavailable:
                    self._stale.add(account_id)
                    log.warning("refresher.store_unavailable")
            await sleep_or(self._clock, _AGAIN, self._news) if self._stale else await self._news.wait()
