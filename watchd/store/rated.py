"""What was rated here, as it is shown where Trakt's own ratings were never read: by type, by date, sorted, paged."""

import sqlite3
from dataclasses import dataclass

from watchd.model.media import Media
from watchd.store.medias import media_of
from watchd.store.rows import one

_MEDIA = "m.id, m.type, m.title, m.year, m.episode_title, m.season, m.number, m.number_abs, m.runtime, m.ids, m.show_ids"
_FROM = "FROM ratings r JOIN media m ON m.id = r.media_id WHERE r.account_id = ?"
_NEWEST = "r.rated_at DESC, m.id DESC"
_ORDERS = {
    "newest": _NEWEST,
    "oldest": "r.rated_at, m.id",
    "title": f"folded(m.title), m.year, m.season, m.number, {_NEWEST}",
    "year": f"m.year DESC, folded(m.title), m.season, m.number, {_NEWEST}",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A rating given here: of what, how much, and when (ms)."""

    media: Media
    rating: float
    rated_at: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ratings of these types or of all, given from `start` (ms) on and before or at `end`."""

    types: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    where, values = _FROM, list[object]()
    if wanted.types:
        where += f" AND m.type IN ({', '.join('?' * len(wanted.types))})"
        values += wanted.types
    for sign, moment in ((">=", wanted.start), ("<=", wanted.end)):
        if moment is not None:
            where += f" AND r.rated_at {sign} ?"
            values.append(moment)
    return where, values


def given(
    connection: sqlite3.Connection, account_id: int, wanted: Wanted, *, sort: str = "newest", offset: int = 0, limit: int = -1
) -> list[Given]:
    """The ratings; Trakt gives its own with the newest first, and so does any order that is not known here."""
    where, values = _where(wanted)
    found = connection.execute(
        f"SELECT r.rating, r.rated_at, {_MEDIA} {where} ORDER BY {_ORDERS.get(sort, _NEWEST)} LIMIT ? OFFSET ?",
        (account_id, *values, limit, offset),
    )
    return [Given(media_of(row[2:]), row[0], row[1]) for row in found]


def count(connection: sqlite3.Connection, account_id: int, wanted: Wanted) -> int:
    """How many rows `given` would give without a limit."""
    where, values = _where(wanted)
    return int(one(connection, f"SELECT count(*) {where}", account_id, *values)[0])


def untold(connection: sqlite3.Connection, account_id: int, read_at: int) -> list[Given]:
    """Those that Trakt, as it was read at `read_at` (ms), cannot tell of: never told to it, not yet, or told since then."""
    found = connection.execute(
        f"SELECT r.rating, r.rated_at, {_MEDIA} {_FROM} "
        f"AND (r.due_at IS NOT NULL OR r.settled_at IS NULL OR r.settled_at >= ?) ORDER BY {_NEWEST}",
        (account_id, read_at),
    )
    return [Given(media_of(row[2:]), row[0], row[1]) for row in found]


def updated_at(connection: sqlite3.Connection, account_id: int) -> int | None:
    """When the latest was given; None without any."""
    row = one(connection, "SELECT max(rated_at) FROM ratings WHERE account_id = ?", account_id)
    return None if row[0] is None else int(row[0])
