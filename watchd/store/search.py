"""Searching the index: bounded whatever is asked."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from watchd.rules.searching import FEW, Query
from watchd.store import title_rows, title_version
from watchd.store.rows import one
from watchd.store.titles import account_and_kind, span

_OFFERED = (
    "SELECT t.id, t.folded, t.plays, t.last_at FROM title_pieces p CROSS JOIN titles t ON t.id = p.rowid "
    "WHERE p.title_pieces MATCH ? AND p.rowid BETWEEN ? AND ? ORDER BY p.rowid DESC LIMIT ?"
)
MOST = 300
"""How many titles are judged at each step: a query that fits more gets the newest of those that begin with it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of what was found, best first; `exact` is False when there may be more than these."""

    ids: list[int]
    exact: bool = True


def find(
    connection: sqlite3.Connection, account_id: int, kind: str | None, query: Query, counts: Mapping[str, int] | None = None
) -> Found:
    """The titles that answer a query: by how well, then how often and how lately they were watched.

    `counts` as `common` gives them; they may be old, for they only tell what to ask for first.
    """
    if not query.text:
        return Found([])
    questions = query.expressions(counts)
    judged: dict[int, tuple[int, int, int, int]] = {}
    among = span(account_id, kind)
    enough = _judge(connection, among, next(questions), query, judged)
    for forms in () if enough else questions:
        _judge(connection, among, forms, query, judged)
    return Found(sorted(judged, key=judged.__getitem__), enough)


def common(connection: sqlite3.Connection) -> dict[str, int]:
    """In how many titles each piece is that is not in few. Goes through the whole index, at about a microsecond a title."""
    return dict(connection.execute("SELECT term, doc FROM title_pieces_counts WHERE doc >= ?", (FEW,)).fetchall())


def _judge(
    connection: sqlite3.Connection,
    among: tuple[int, int],
    forms: Iterable[str],
    query: Query,
    judged: dict[int, tuple[int, int, int, int]],
) -> bool:
    """Judge what an expression gives, in the first form that gives all of it or nothing beside; False when there is more."""
    tier, whole = query.tier, False
    for expression in forms:
        rows = connection.execute(_OFFERED, (expression, *among, MOST)).fetchall()
        beside = False
        for title_id, folded, plays, last_at in rows:
            if title_id not in judged:
                how = tier(folded)
                if how is None:
                    beside = True
                else:
                    judged[title_id] = (how, -plays, -(last_at or 0), -title_id)
        whole = len(rows) < MOST
        if whole or not beside:
            break
    return whole


def bodies(connection: sqlite3.Connection, ids: list[int]) -> list[tuple[str, str]]:
    """The kinds of these titles and their rows as they are served, in this order."""
    found: dict[int, str] = {}
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        marks = ", ".join("?" * len(some))
        found |= dict(connection.execute(f"SELECT id, body FROM titles WHERE id IN ({marks})", some).fetchall())
    return [(account_and_kind(title_id)[1], found[title_id]) for title_id in ids]


def standing(connection: sqlite3.Connection, account_id: int) -> tuple[bool, int | None]:
    """Whether the index has looked at everything watched and listed, and when the newest of what it is made of happened."""
    news, watched_at, synced_at = one(
        connection,
        "SELECT EXISTS (SELECT 1 FROM title_news), "
        "(SELECT max(watched_at) FROM plays WHERE account_id = ?1 AND watched_at IS NOT NULL), "
        "(SELECT max(synced_at) FROM sections WHERE account_id = ?1)",
        account_id,
    )
    whole = not news and title_version.version(connection) == title_version.VERSION
    whole = whole and not title_rows.waiting(connection, account_id)
    return whole, max((at for at in (watched_at, synced_at) if at is not None), default=None)


def data_version(connection: sqlite3.Connection) -> int:
    """Another number after anybody else has committed to the database."""
    return int(one(connection, "PRAGMA data_version")[0])
