"""Removals: plays deleted by hand, what of them is still to go at Trakt, and what must not come back from there."""

import json
import sqlite3
from dataclasses import dataclass, replace

from watchd.model.media import Media, Movie
from watchd.model.media_json import media_from, media_parts
from watchd.model.playback import Origin
from watchd.store.rows import Row, dumps, one

_COLUMNS = (
    "id, account_id, history_id, media, origin, started_at, watched_at, first_sent_at, last_sent_at, newest_play, "
    "deleted_at, due_at, "
    "attempts, settled_at, reason"
)


@dataclass(frozen=True, slots=True)
class Removal:
    """A deleted play, as far as it is needed to find its row at Trakt; `due_at` None: nothing is owed there (any more)."""

    id: int
    account_id: int
    history_id: int | None
    media: Media
    origin: Origin
    started_at: int
    watched_at: int | None = None
    first_sent_at: int | None = None
    last_sent_at: int | None = None
    newest_play: int = 0
    deleted_at: int = 0
    due_at: int | None = None
    attempts: int = 0
    settled_at: int | None = None
    reason: str | None = None


def add(connection: sqlite3.Connection, of: Removal) -> int:
    """Write a removal down; that of a row which is being removed already stays as it is. Its id."""
    if of.history_id is not None:
        row = one(connection, "SELECT id FROM removals WHERE account_id = ? AND history_id = ?", of.account_id, of.history_id)
        if row is not None:
            return int(row[0])
    names = _COLUMNS.removeprefix("id, ")
    values = (
        of.account_id, of.history_id, dumps(media_parts(of.media)), of.origin, of.started_at, of.watched_at, of.first_sent_at,
        of.last_sent_at, of.newest_play, of.deleted_at, of.due_at, of.attempts, of.settled_at, of.reason,
    )  # fmt: skip
    cursor = connection.execute(f"INSERT INTO removals ({names}) VALUES ({', '.join('?' * len(values))})", values)
    return cursor.lastrowid or 0


def entomb(connection: sqlite3.Connection, account_id: int, history_id: int, at: int) -> None:
    """Keep a row of Trakt's history from coming back, and owe nothing."""
    add(connection, Removal(0, account_id, history_id, Movie(), Origin.IMPORT, at, deleted_at=at, reason="deleted before"))


def removed(connection: sqlite3.Connection, account_id: int, history_id: int) -> bool:
    """Whether a row of Trakt's history is of a play that was deleted here."""
    return one(connection, "SELECT 1 FROM removals WHERE account_id = ? AND history_id = ?", account_id, history_id) is not None


def history_ids(connection: sqlite3.Connection, account_id: int) -> list[int]:
    """All rows of Trakt's history that must not come back, in order."""
    wanted = "account_id = ? AND history_id IS NOT NULL ORDER BY history_id"
    return [row[0] for row in connection.execute(f"SELECT history_id FROM removals WHERE {wanted}", (account_id,))]


def unnamed(connection: sqlite3.Connection, account_id: int) -> list[Removal]:
    """Deleted plays whose rows in Trakt's history are not known."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM removals WHERE account_id = ? AND history_id IS NULL", (account_id,))
    return [_removal(row) for row in rows]


def due(connection: sqlite3.Connection, account_id: int, now: int, most: int) -> list[Removal]:
    """What may be removed now: up to `most` whose rows are known, or one that has to be looked for."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM removals WHERE account_id = ? AND due_at <= ? ORDER BY history_id IS NULL, due_at, id LIMIT ?",
        (account_id, now, most),
    )
    found = [_removal(row) for row in rows]
    return [item for item in found if item.history_id is not None] or found[:1]


def next_due(connection: sqlite3.Connection, account_id: int) -> int | None:
    """When the next one is due (ms); None when nothing is owed."""
    row = one(connection, "SELECT min(due_at) FROM removals WHERE account_id = ? AND due_at IS NOT NULL", account_id)
    return row[0] if row else None


def brought(connection: sqlite3.Connection, of: Removal, media_id: int, start: int, end: int) -> int | None:
    """The row that a sync has brought since the deletion as a play of Trakt's alone, between two moments."""
    row = one(
        connection,
        "SELECT trakt_history_id FROM plays WHERE media_id = ? AND id > ? AND origin = 'trakt' AND watched_at BETWEEN ? AND ? "
        "AND trakt_history_id IS NOT NULL ORDER BY abs(watched_at - ?) LIMIT 1",
        media_id, of.newest_play, start, end, of.watched_at or of.started_at,
    )  # fmt: skip
    return row[0] if row else None


def newest_play(connection: sqlite3.Connection) -> int:
    """The highest number of a play."""
    return int(one(connection, "SELECT coalesce(max(id), 0) FROM plays")[0])


def settle(connection: sqlite3.Connection, removal_id: int, now: int, reason: str) -> None:
    connection.execute("UPDATE removals SET due_at = NULL, settled_at = ?, reason = ? WHERE id = ?", (now, reason, removal_id))


def postpone(connection: sqlite3.Connection, removal_id: int, due_at: int, reason: str) -> None:
    """Not now: try again at `due_at`."""
    connection.execute(
        "UPDATE removals SET due_at = ?, attempts = attempts + 1, reason = ? WHERE id = ?", (due_at, reason, removal_id)
    )


def learn(connection: sqlite3.Connection, removal_id: int, history_id: int, now: int) -> None:
    """The row at Trakt was found: it goes next, unless it goes already for another removal."""
    cursor = connection.execute("UPDATE OR IGNORE removals SET history_id = ? WHERE id = ?", (history_id, removal_id))
    if not cursor.rowcount:
        settle(connection, removal_id, now, "its row goes with another removal")


def _removal(row: Row) -> Removal:
    kept = Removal(*row)
    return replace(kept, media=media_from(json.loads(row[3])), origin=Origin(row[4]))
