"""Sections of Trakt's library: written generation by generation, read as of the one that is shown."""

import sqlite3
from collections.abc import Iterable

from watchd.model.library import LibraryRow, Section
from watchd.model.texts import storable, storable_json
from watchd.store.rows import one

_SECTION = "name, generation, rows, activity, synced_at, doubt_rows, doubt_at, failed, failed_at"
_SHOWN = (
    "FROM library l JOIN sections s ON s.account_id = l.account_id AND s.name = l.section AND s.generation = l.generation "
    "WHERE l.account_id = ? AND l.section = ?"
)


def section(connection: sqlite3.Connection, account_id: int, name: str) -> Section | None:
    """How a section stands; None when it was never read."""
    row = one(connection, f"SELECT {_SECTION} FROM sections WHERE account_id = ? AND name = ?", account_id, name)
    return Section(*row) if row else None


def sections(connection: sqlite3.Connection, account_id: int) -> list[Section]:
    """All sections of an account, by name."""
    found = connection.execute(f"SELECT {_SECTION} FROM sections WHERE account_id = ? ORDER BY name", (account_id,))
    return [Section(*row) for row in found]


def keep(connection: sqlite3.Connection, account_id: int, of: Section) -> None:
    """Write down how a section stands; setting its generation is what shows what was read."""
    connection.execute(
        f"INSERT OR REPLACE INTO sections (account_id, {_SECTION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account_id, of.name, of.generation, of.rows, of.activity, of.synced_at, of.doubt_rows, of.doubt_at, of.failed,
            of.failed_at,
        ),
    )  # fmt: skip


def append(
    connection: sqlite3.Connection, account_id: int, name: str, generation: int, first: int, rows: Iterable[LibraryRow]
) -> int:
    """Add rows to a generation that is not shown yet, from position `first` on; return how many there were.

    Halves of letters in them are replaced.
    """
    values = [
        (
            account_id, name, generation, first + number, storable(row.type), row.trakt_id, row.tmdb_id,
            None if row.title is None else storable(row.title), row.year, storable_json(row.body),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    connection.executemany(
        "INSERT OR REPLACE INTO library (account_id, section, generation, position, type, trakt_id, tmdb_id, title, year, "
        "body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return len(values)


def sweep(connection: sqlite3.Connection, account_id: int, name: str, shown: int, at_most: int = 500) -> int:
    """Remove some rows of generations other than the shown one; return how many, 0 when all are gone."""
    return connection.execute(
        "DELETE FROM library WHERE (account_id, section, generation, position) IN (SELECT account_id, section, generation, "
        "position FROM library WHERE account_id = ? AND section = ? AND generation <> ? LIMIT ?)",
        (account_id, name, shown, at_most),
    ).rowcount


def bodies(
    connection: sqlite3.Connection, account_id: int, name: str, *, kind: str | None = None, offset: int = 0, limit: int = -1
) -> list[str]:
    """The JSON texts of what is shown of a section, in Trakt's order, of one type or all."""
    some = " AND l.type = ?" if kind is not None else ""
    where = (account_id, name) if kind is None else (account_id, name, kind)
    found = connection.execute(f"SELECT l.body {_SHOWN}{some} ORDER BY l.position LIMIT ? OFFSET ?", (*where, limit, offset))
    return [body for (body,) in found]


def count(connection: sqlite3.Connection, account_id: int, name: str, kind: str | None = None) -> int:
    """How many rows `bodies` would give without a limit."""
    some = " AND l.type = ?" if kind is not None else ""
    where = (account_id, name) if kind is None else (account_id, name, kind)
    return int(one(connection, f"SELECT count(*) {_SHOWN}{some}", *where)[0])
