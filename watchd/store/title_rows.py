"""Which rows of Trakt's the search index has taken in, and what the library shows now."""

import json
import sqlite3
from typing import Any

from watchd.store.rows import one

WATCHLIST = "watchlist"
LIST = "list:"
_WANTED = "(name = 'watchlist' OR (name >= 'list:' AND name < 'list;'))"
_WAITING = (
    "SELECT EXISTS (SELECT 1 FROM sections s LEFT JOIN title_sections t ON t.account_id = s.account_id AND "
    f"t.section = s.name WHERE s.account_id = ?1 AND {_WANTED} AND s.generation > 0 AND t.generation IS NOT s.generation) "
    "OR EXISTS (SELECT 1 FROM title_sections t WHERE t.account_id = ?1 AND NOT EXISTS (SELECT 1 FROM sections s "
    "WHERE s.account_id = t.account_id AND s.name = t.section AND s.generation > 0))"
)


def stale(connection: sqlite3.Connection) -> list[tuple[int, str, int | None]]:
    """The sections that show something else than what was taken in: (account, name, generation), None for one that is gone."""
    shown = {
        (account_id, name): generation
        for account_id, name, generation in connection.execute(
            f"SELECT account_id, name, generation FROM sections WHERE {_WANTED} AND generation > 0"
        )
    }
    taken = {
        (account_id, name): generation
        for account_id, name, generation in connection.execute("SELECT account_id, section, generation FROM title_sections")
    }
    changed = [(*key, generation) for key, generation in shown.items() if taken.get(key) != generation]
    return [*changed, *((*key, None) for key in taken if key not in shown)]


def waiting(connection: sqlite3.Connection, account_id: int) -> bool:
    """Whether any section of an account is stale."""
    return bool(one(connection, _WAITING, account_id)[0])


def page(
    connection: sqlite3.Connection, account_id: int, section: str, generation: int, after: int, limit: int
) -> list[tuple[int, str, str]] | None:
    """Rows (position, type, body) of a generation; None when it is not the shown one any more."""
    row = one(connection, "SELECT generation FROM sections WHERE account_id = ? AND name = ?", account_id, section)
    if row is None or row[0] != generation:
        return None
    return connection.execute(
        "SELECT position, type, body FROM library WHERE account_id = ? AND section = ? AND generation = ? AND position > ? "
        "ORDER BY position LIMIT ?",
        (account_id, section, generation, after, limit),
    ).fetchall()


def taken_in(connection: sqlite3.Connection, account_id: int, section: str) -> dict[str, str]:
    """What was taken in of a section: the item by its reference."""
    found = connection.execute("SELECT ref, item FROM title_rows WHERE account_id = ? AND section = ?", (account_id, section))
    return dict(found.fetchall())


def put(connection: sqlite3.Connection, account_id: int, section: str, ref: str, title_id: int, item: str) -> int | None:
    """A row stands for this title; return the one it stood for until now, if that is another."""
    row = one(
        connection,
        "SELECT title_id FROM title_rows WHERE account_id = ? AND section = ? AND ref = ?",
        account_id,
        section,
        ref,
    )
    connection.execute("INSERT OR REPLACE INTO title_rows VALUES (?, ?, ?, ?, ?)", (account_id, section, ref, title_id, item))
    return row[0] if row and row[0] != title_id else None


def remove(connection: sqlite3.Connection, account_id: int, section: str, ref: str) -> int | None:
    """A row is gone; return the title it stood for."""
    row = one(
        connection,
        "DELETE FROM title_rows WHERE account_id = ? AND section = ? AND ref = ? RETURNING title_id",
        account_id,
        section,
        ref,
    )
    return row[0] if row else None


def of_title(connection: sqlite3.Connection, title_id: int) -> list[tuple[str, dict[str, Any]]]:
    """The rows (section, item) that stand for a title, the watchlist first."""
    found = connection.execute(
        "SELECT section, item FROM title_rows WHERE title_id = ? ORDER BY section = 'watchlist' DESC, section, ref", (title_id,)
    )
    return [(section, json.loads(item)) for section, item in found]


def done(connection: sqlite3.Connection, account_id: int, section: str, generation: int | None) -> None:
    """A section is taken in up to this generation; None: it is gone, and so is what was of it."""
    if generation is None:
        connection.execute("DELETE FROM title_sections WHERE account_id = ? AND section = ?", (account_id, section))
    else:
        connection.execute("INSERT OR REPLACE INTO title_sections VALUES (?, ?, ?)", (account_id, section, generation))
