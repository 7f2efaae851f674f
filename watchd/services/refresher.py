"""Refresher: brings what the store has learned of open plays to the card."""

from collections.abc import Callable

import anyio
import structlog

from watchd.errors import StoreUnavailable
from watchd.services.now import Now
from watchd.store import plays
from watchd.store.database import Database

log = structlog.get_logger()


class Refresher:
    """Accounts marked by `mark` have their open plays read again and shown; `changed(account_id)` is told of it."""

    def __init__(self, database: Database, now: Now, *, changed: Callable[[int], None]) -> None:
        self._database = database
        self._now = now
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
            while self._stale:
                try:
                    await self.refresh(self._stale.pop())
                except StoreUnavailable:
                    log.warning("refresher.store_unavailable")
            self._news = anyio.Event()
            await self._news.wait()
