"""Ratings: the latest of each item, and how far its way to Trakt has come."""

import sqlite3
from dataclasses import dataclass

from watchd.model.media import Media
from watchd.store.medias import get as media_by_id
from watchd.store.rows import one

_COLUMNS = "media_id, rating, rated_at, source, due_at, attempts, settled_at, reason"


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of 0 to 10 given at `rated_at` (ms); `due_at` None: nothing is owed. `attempts` counts tries of it alone."""

    media_id: int
    rating: float
    rated_at: int
    source: str
    due_at: int | None = None
    attempts: int = 0
    settled_at: int | None = None
    reason: str | None = None

    @property
    def ever_owed(self) -> bool:
        """Whether it has been told to Trakt or will be; one of before the login is neither."""
        return self.due_at is not None or self.settled_at is not None


def get(connection: sqlite3.Connection, account_id: int, media_id: int) -> Rating | None:
    sql = f"SELECT {_COLUMNS} FROM ratings WHERE account_id = ? AND media_id = ?"
    row = one(connection, sql, account_id, media_id)
    return Rating(*row) if row else None


def keep(
    connection: sqlite3.Connection, account_id: int, media_id: int, rating: float, at: int, source: str, due_at: int | None
) -> None:
    """Keep a rating unless a later one is known; one that says the same again owes nothing new, once it was owed."""
    known = get(connection, account_id, media_id)
    if known is not None and (known.rated_at > at or (known.rating == rating and (known.ever_owed or due_at is None))):
        return
    connection.execute(
        "INSERT OR REPLACE INTO ratings (account_id, media_id, rating, rated_at, source, due_at) VALUES (?, ?, ?, ?, ?, ?)",
        (account_id, media_id, rating, at, source, due_at),
    )


def move(connection: sqlite3.Connection, account_id: int, media_id: int, to: int) -> None:
    """Let the rating of one media row be of another; of two the later one stays."""
    mine, other = get(connection, account_id, to), get(connection, account_id, media_id)
    if other is None:
        return
    older = media_id if mine is not None and mine.rated_at >= other.rated_at else to
    connection.execute("DELETE FROM ratings WHERE account_id = ? AND media_id = ?", (account_id, older))
    connection.execute("UPDATE ratings SET media_id = ? WHERE account_id = ? AND media_id = ?", (to, account_id, media_id))


def due(connection: sqlite3.Connection, account_id: int, now: int, most: int) -> list[tuple[Rating, Media]]:
    """Ratings to send now, oldest first: up to `most` at once, or one alone that has to be tried by itself."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM ratings WHERE account_id = ? AND due_at <= ? ORDER BY attempts > 0, rated_at LIMIT ?",
        (account_id, now, most),
    )
    found = [Rating(*row) for row in rows]
    together = [item for item in found if not item.attempts] or found[:1]
    return [(item, media_by_id(connection, item.media_id)) for item in together]


def next_due(connection: sqlite3.Connection, account_id: int) -> int | None:
    """When the next rating is due (ms); None when nothing is owed."""
    row = one(connection, "SELECT min(due_at) FROM ratings WHERE account_id = ? AND due_at IS NOT NULL", account_id)
    return row[0] if row else None


def settle(connection: sqlite3.Connection, account_id: int, sent: Rating, now: int, reason: str) -> None:
    """Nothing is owed for what was sent any more; a rating that was changed meanwhile is still owed."""
    connection.execute(
        "UPDATE ratings SET due_at = NULL, settled_at = ?, reason = ? "
        "WHERE account_id = ? AND media_id = ? AND rating = ? AND rated_at = ?",
        (now, reason, account_id, sent.media_id, sent.rating, sent.rated_at),
    )


def postpone(
    connection: sqlite3.Connection, account_id: int, sent: Rating, due_at: int, reason: str, *, alone: bool = False
) -> None:
    """Not now: try again at `due_at`, from then on by itself where it may be what spoils the others."""
    connection.execute(
        "UPDATE ratings SET due_at = ?, reason = ?, attempts = attempts + ? "
        "WHERE account_id = ? AND media_id = ? AND rating = ? AND rated_at = ?",
        (due_at, reason, int(alone), account_id, sent.media_id, sent.rating, sent.rated_at),
    )
