"""A home that syncs: what tests ask of a library that was read."""

import sqlite3
from collections import Counter
from typing import Any

from tests.services.home import ME, Home
from watchd.model.library import Section
from watchd.services.sync import Sync
from watchd.standins.faults import Seen
from watchd.store import library

Row = tuple[Any, ...]


def sync_of(home: Home) -> Sync:
    return home.link.sync


async def synced(home: Home, *, full: bool = False) -> list[Seen]:
    """Sync once; the GETs that took."""
    before = len(home.trakt.requests)
    await sync_of(home).sync(full=full)
    return [seen for seen in home.trakt.requests[before:] if seen.method == "GET"]


async def section(home: Home, name: str) -> Section | None:
    return await home.daemon.database.read(lambda connection: library.section(connection, ME, name))


async def shown(home: Home, name: str) -> list[str]:
    return await home.daemon.database.read(lambda connection: library.bodies(connection, ME, name))


async def query(home: Home, sql: str, *values: object) -> list[Row]:
    def work(connection: sqlite3.Connection) -> list[Row]:
        return connection.execute(sql, values).fetchall()

    return await home.daemon.database.read(work)


async def history(home: Home) -> list[Row]:
    """History as readers see it: (origin, Trakt's id, watched at), newest first."""
    return await query(
        home,
        "SELECT origin, trakt_history_id, watched_at FROM plays WHERE watched_at IS NOT NULL AND gone_at IS NULL "
        "ORDER BY watched_at DESC, id DESC",
    )


async def leftovers(home: Home) -> int:
    """Rows in the library that no section shows."""
    [[count]] = await query(
        home,
        "SELECT count(*) FROM library l LEFT JOIN sections s ON s.account_id = l.account_id AND s.name = l.section "
        "AND s.generation = l.generation WHERE s.name IS NULL",
    )
    return int(count)


def asked(requests: list[Seen]) -> Counter[str]:
    return Counter(seen.path for seen in requests)
