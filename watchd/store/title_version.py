"""Of which version the search index is, and how it is emptied to be built anew."""

import sqlite3

from watchd.store.rows import one

VERSION = 1
"""Of how titles are folded and cut to pieces; an index of another version is built anew."""
_ALL_TABLES = ("title_plays", "title_rows", "title_names", "titles", "title_sections")


def version(connection: sqlite3.Connection) -> int:
    """Of what is in the index; 0 when nothing is said of it."""
    row = one(connection, "SELECT version FROM title_version")
    return int(row[0]) if row else 0


def wipe(connection: sqlite3.Connection, at_most: int) -> bool:
    """Remove some of the index; True when nothing is left and all watched media are news again."""
    for table in _ALL_TABLES:
        key = "id" if table == "titles" else "media_id, kind" if table == "title_plays" else _key(table)
        gone = connection.execute(
            f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} LIMIT ?)", (at_most,)
        ).rowcount
        if gone:
            return False
    connection.execute("INSERT INTO title_pieces (title_pieces) VALUES ('delete-all')")
    connection.execute(
        "INSERT OR IGNORE INTO title_news SELECT DISTINCT media_id, account_id FROM plays WHERE watched_at IS NOT NULL"
    )
    connection.execute("DELETE FROM title_version")
    connection.execute("INSERT INTO title_version VALUES (?)", (VERSION,))
    return True


def parts(connection: sqlite3.Connection) -> int:
    """In how many parts FTS5 keeps the pieces; each is asked by each search."""
    return int(one(connection, "SELECT count(DISTINCT segid) FROM title_pieces_idx")[0])


def merge(connection: sqlite3.Connection, pages: int) -> bool:
    """Go on making one part of them all, by about so many pages; False when there was nothing left to do.

    A negative number begins it: without one FTS5 merges only what it would by itself. See its command `merge`.
    """
    before = connection.total_changes
    connection.execute("INSERT INTO title_pieces (title_pieces, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before > 1


def _key(table: str) -> str:
    names_key = "account_id, kind, name, value, title_id"
    return {"title_rows": "account_id, section, ref", "title_sections": "account_id, section"}.get(table, names_key)
