"""Owing: what the admin may see and do about deliveries."""

import sqlite3
from collections.abc import Callable

from watchd.clock import Clock
from watchd.model.relay import Delivery
from watchd.store import accounts, deliveries, outbox
from watchd.store.database import Database


class Owing:
    """The list of debts and the three things a hand may do; `wake()` is called when something may be due."""

    def __init__(self, database: Database, clock: Clock, *, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def deliveries(self, state: str | None, limit: int) -> list[Delivery]:
        """Newest first; `state` is one of the states, `open` for all that is not settled, or None for all."""
        return await self._database.read(lambda connection: outbox.listed(connection, state, limit))

    async def retry(self, delivery_id: int) -> bool:
        """Try again what is dead, held, unidentified or waiting; False when it is none of these."""
        now = self._clock.now()
        done = await self._database.write(lambda connection: outbox.retry(connection, delivery_id, now))
        self._wake()
        return done

    async def drop(self, delivery_id: int) -> bool:
        """Give a debt up for good; False when it is settled already."""
        now = self._clock.now()
        return await self._database.write(lambda connection: deliveries.drop(connection, delivery_id, now))

    async def backfill(self, account: str | None = None) -> int | None:
        """Owe the plays from before the first login too; each is looked for at Trakt before it is sent.

        Those of one account, else of everybody who has logged in; None when there is no account of that name.
        """
        owed = await self._database.write(lambda connection: _owed_past(connection, account))
        self._wake()
        return owed


def _owed_past(connection: sqlite3.Connection, name: str | None) -> int | None:
    everyone = accounts.everyone(connection)
    meant = [one for one in everyone if name is None or one.name.casefold() == name.casefold()]
    if not meant:
        return None
    return sum(outbox.owe_past(connection, one.id) for one in meant if one.trakt_since is not None)
