"""Precedence: what is late gives way to what has come up live, as long as it only asks and has sent nothing."""

from collections.abc import Awaitable
from typing import TypeVar

import anyio

from watchd.clients.limiter import Lane
from watchd.clock import Clock
from watchd.errors import StoreUnavailable
from watchd.services.picking import lane_of, pick
from watchd.store.database import Database

T = TypeVar("T")


class Precedence:
    """Looks out for one account's live debts, each time `stir` says that something is owed."""

    def __init__(self, account_id: int, database: Database, clock: Clock) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._asking: anyio.CancelScope | None = None
        self._stir = anyio.Event()

    def stir(self) -> None:
        """Something is owed: it may be live."""
        self._stir.set()

    async def ask(self, lane: Lane, work: Awaitable[T]) -> T | None:
        """The result of asking Trakt something for a debt of that lane; None where something live has to go first."""
        with anyio.CancelScope() as asking:
            self._asking = asking if lane >= Lane.LATE else None
            try:
                return await work
            finally:
                self._asking = None
        return None

    async def run(self) -> None:
        """Look out for ever; never returns."""
        while True:
            await self._stir.wait()
            self._stir = anyio.Event()
            asking = self._asking
            if asking is not None and await self._live():
                asking.cancel()

    async def _live(self) -> bool:
        """Whether the most urgent debt is a live one; when that cannot be read, nothing gives way."""
        now = self._clock.now()
        try:
            job, _ = await self._database.read(lambda connection: pick(connection, self._account_id, now))
        except StoreUnavailable:
            return False
        return job is not None and lane_of(job.delivery, now) < Lane.LATE
