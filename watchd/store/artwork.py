"""Pictures found at TMDB, and that none were found."""

import json
import sqlite3

from watchd.model.watching import Artwork
from watchd.store.rows import dumps, one


def get(connection: sqlite3.Connection, account_id: int, subject: str) -> tuple[Artwork, int] | None:
    """The artwork of a subject such as `movie:949` and until when it is fresh (ms); None when it was never asked for."""
    row = one(connection, "SELECT pictures, fresh_until FROM artwork WHERE account_id = ? AND subject = ?", account_id, subject)
    return (Artwork(**json.loads(row[0])), row[1]) if row else None


def put(
    connection: sqlite3.Connection, account_id: int, subject: str, artwork: Artwork, fetched_at: int, fresh_until: int
) -> None:
    pictures = {
        name: url
        for name in ("backdrop", "backdrop_medium", "backdrop_small", "poster")
        if (url := getattr(artwork, name)) is not None
    }
    connection.execute(
        "INSERT OR REPLACE INTO artwork VALUES (?, ?, ?, ?, ?)", (account_id, subject, dumps(pictures), fetched_at, fresh_until)
    )


def prune(connection: sqlite3.Connection, now: int) -> int:
    """Remove what is past its lifetime, as TMDB's terms ask; return how many."""
    return connection.execute("DELETE FROM artwork WHERE fresh_until < ?", (now,)).rowcount
