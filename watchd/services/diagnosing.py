"""Diagnosing: what the running daemon finds when it looks at itself, for `doctor`."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial

from watchd.clock import Clock
from watchd.model.diagnosis import Records, Setup
from watchd.rules.diagnosis import findings, worst_last
from watchd.store import checkup
from watchd.store.database import Database

Json = dict[str, object]


class Diagnosing:
    """`status` is what GET /api/status answers; nobody outside is asked anything."""

    def __init__(
        self, database: Database, clock: Clock, setup: Setup, served: tuple[str, ...], status: Callable[[], Json]
    ) -> None:
        self._database = database
        self._clock = clock
        self._setup = setup
        self._served = served
        self._status = status

    async def findings(self) -> list[Json]:
        """As plain JSON values, what is well first; StoreUnavailable when the records cannot be read."""
        now = self._clock.now()
        records = await self._database.read(partial(_records, served=self._served, now=now))
        status: Mapping[str, object] = self._status()
        return [finding.described() for finding in worst_last(findings(self._setup, status, records, now))]


def _records(connection: sqlite3.Connection, served: tuple[str, ...], now: int) -> Records:
    return checkup.records(connection, served, now)
