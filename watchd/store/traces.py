"""Traces: raw events read back, for people who want to know what became of them."""

import sqlite3
from collections.abc import Iterable

from watchd.model.trace import Trace
from watchd.store.medias import media_of
from watchd.store.rows import Row

_FROM = (
    "FROM events e JOIN accounts a ON a.id = e.account_id LEFT JOIN plays p ON p.id = e.play_id "
    "LEFT JOIN media m ON m.id = p.media_id "
)
_MEDIA = "m.id, m.type, m.title, m.year, m.episode_title, m.season, m.number, m.number_abs, m.runtime, m.ids, m.show_ids"
_ACCOUNT = "CASE e.fate WHEN 'refused' THEN NULL ELSE a.name END"
_TRACE = (
    f"e.id, e.received_at, e.source, e.verb, {_ACCOUNT}, e.user, e.fate, e.reason, e.step, e.play_id, "
    "length(CAST(e.body AS BLOB))"
)
_NAMES = (
    "id", "received_at", "source", "verb", "account", "user", "fate", "reason", "step", "play_id", "size", "body",
)  # fmt: skip


def recent(
    connection: sqlite3.Connection,
    limit: int,
    *,
    source: str | None = None,
    fate: str | None = None,
    bodies: bool = False,
) -> list[Trace]:
    """The newest events first, at most `limit`; those of one source or of one fate where asked."""
    return _select(
        connection,
        "WHERE (?1 IS NULL OR e.source = ?1) AND (?2 IS NULL OR e.fate = ?2) ORDER BY e.id DESC LIMIT ?3",
        (source, fate, limit),
        bodies=bodies,
    )


def get(connection: sqlite3.Connection, event_id: int | None) -> Trace | None:
    """One event with its body, the newest for None; None when it is not (or no more) kept."""
    found = _select(connection, "WHERE ?1 IS NULL OR e.id = ?1 ORDER BY e.id DESC LIMIT 1", (event_id,), bodies=True)
    return found[0] if found else None


def of_play(connection: sqlite3.Connection, play_id: int, limit: int = 200) -> list[Trace]:
    """The newest `limit` events of a play in the order of their coming, with their bodies."""
    found = _select(connection, "WHERE e.play_id = ? ORDER BY e.id DESC LIMIT ?", (play_id, limit), bodies=True)
    return found[::-1]


def last_moved(connection: sqlite3.Connection) -> int | None:
    """The play that was told of last; None when there is none."""
    row = connection.execute("SELECT id FROM plays ORDER BY updated_at DESC, id DESC LIMIT 1").fetchone()
    return int(row[0]) if row else None


def _select(connection: sqlite3.Connection, where: str, values: Iterable[object], *, bodies: bool) -> list[Trace]:
    body = "e.body" if bodies else "NULL"
    rows = connection.execute(f"SELECT {_TRACE}, {body}, {_MEDIA} {_FROM}{where}", tuple(values))
    return [_trace(row) for row in rows]


def _trace(row: Row) -> Trace:
    told = dict(zip(_NAMES, row, strict=False))
    return Trace(**told, media=media_of(row[12:]) if row[12] is not None else None)
