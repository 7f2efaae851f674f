"""The write-ahead: that something is being sent is on the disk before its bytes leave."""

import sqlite3
from collections.abc import Sequence

from watchd.clients.trakt_calls import BeforeSend
from watchd.clock import Clock
from watchd.errors import WatchdError
from watchd.model.relay import OPEN_STATES, Delivery
from watchd.store import accounts, deliveries
from watchd.store.database import Database


class Overtaken(WatchdError):
    """While the delivery waited for its turn a later event made it pointless; nothing was sent."""


def write_ahead(database: Database, clock: Clock, owed: Sequence[Delivery], method: str) -> BeforeSend:
    """What to await right before the bytes leave: Overtaken when any of the debts was settled meanwhile."""
    tried = 0

    def work(connection: sqlite3.Connection) -> None:
        for delivery in owed:
            current = deliveries.get(connection, delivery.id)
            if current is None or not untouched(current, delivery.attempts + tried):
                raise Overtaken("a later event")
            if accounts.get(connection, delivery.account_id).probe_at == accounts.NEVER:
                raise Overtaken("another login is being checked: this would go to whoever it is of")
            deliveries.write_ahead(connection, delivery.id, method, clock.now())

    async def ahead() -> None:
        nonlocal tried
        await database.write(work)
        tried += 1

    return ahead


def untouched(owed: Delivery, tries: int) -> bool:
    """Whether it is still owed, and no attempts came to it from a sitting it was joined with: those are read back first."""
    return owed.state in OPEN_STATES and owed.attempts == tries
