"""Searching the index: bounded whatever is asked."""

import sqlite3
from dataclasses import dataclass

from watchd.rules.searching import Query
from watchd.store.rows import one
from watchd.store.titles import span

MOST = 300
"""How many titles are judged at each step: a query that fits more gets the newest of those that begin with it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of what was found, best first; `exact` is False when there may be more than these."""

    ids: list[int]
    exact: bool = True


def find(connection: sqlite3.Connection, account_id: int, kind: str | None, query: Query) -> Found:
    """The titles that answer a query: by how well, then how often and how lately they were watched."""
    everything, *narrower = query.expressions() if query.text else [""]
    judged: dict[int, tuple[int, int, int, int]] = {}
    enough = not everything or _judge(connection, span(account_id, kind), everything, query, judged)
    for expression in () if enough else narrower:
        _judge(connection, span(account_id, kind), expression, query, judged)
    return Found(sorted(judged, key=judged.__getitem__), enough)


def _judge(
    connection: sqlite3.Connection,
    among: tuple[int, int],
    expression: str,
    query: Query,
    judged: dict[int, tuple[int, int, int, int]],
) -> bool:
    """Judge what an expression gives; False when that was not all of it."""
    rows = connection.execute(
        "SELECT t.id, t.folded, t.plays, t.last_at FROM title_pieces p CROSS JOIN titles t ON t.id = p.rowid "
        "WHERE p.title_pieces MATCH ? AND p.rowid BETWEEN ? AND ? ORDER BY p.rowid DESC LIMIT ?",
        (expression, *among, MOST),
    ).fetchall()
    for title_id, folded, plays, last_at in rows:
        tier = None if title_id in judged else query.tier(folded)
        if tier is not None:
            judged[title_id] = (tier, -plays, -(last_at or 0), -title_id)
    return len(rows) < MOST


def bodies(connection: sqlite3.Connection, ids: list[int]) -> list[str]:
    """The rows of these titles as they are served, in this order."""
    found: dict[int, str] = {}
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        marks = ", ".join("?" * len(some))
        found |= dict(connection.execute(f"SELECT id, body FROM titles WHERE id IN ({marks})", some).fetchall())
    return [found[title_id] for title_id in ids]


def standing(connection: sqlite3.Connection, account_id: int) -> tuple[bool, int | None]:
    """Whether the index has looked at everything watched, and when the newest of what it is made of happened."""
    news, watched_at, synced_at = one(
        connection,
        "SELECT EXISTS (SELECT 1 FROM title_news), "
        "(SELECT max(watched_at) FROM plays WHERE account_id = ?1 AND watched_at IS NOT NULL), "
        "(SELECT max(synced_at) FROM sections WHERE account_id = ?1)",
        account_id,
    )
    return not news, max((at for at in (watched_at, synced_at) if at is not None), default=None)
