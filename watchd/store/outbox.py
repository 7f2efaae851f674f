"""The outbox as people see and steer it: lists, figures, second tries, and the past."""

import sqlite3
from collections.abc import Sequence

from watchd.model.relay import Delivery, Verb
from watchd.store.deliveries import OPEN, owe, select
from watchd.store.rows import one


def listed(connection: sqlite3.Connection, state: str | None, limit: int) -> list[Delivery]:
    """For people: newest first, all states or one; `open` means every state that is not settled."""
    if state is None:
        return select(connection, "ORDER BY id DESC LIMIT ?", (limit,))
    if state == "open":
        return select(connection, f"WHERE {OPEN} ORDER BY id DESC LIMIT ?", (limit,))
    return select(connection, "WHERE state = ? ORDER BY id DESC LIMIT ?", (state, limit))


def retry(connection: sqlite3.Connection, delivery_id: int, at: int) -> bool:
    """By hand: a debt that is dead, or waits for whatever reason, is tried now; False when it is settled otherwise."""
    return bool(
        connection.execute(
            "UPDATE deliveries SET state = CASE WHEN attempts > 0 THEN 'sent' ELSE 'pending' END, due_at = ?, "
            "settled_at = NULL WHERE id = ? AND state IN ('dead', 'held', 'unidentified', 'pending', 'sent')",
            (at, delivery_id),
        ).rowcount
    )


def backlog(connection: sqlite3.Connection, served: Sequence[int]) -> tuple[int, int, int | None]:
    """(open, dead, time of the oldest open event in ms or None) over these accounts; what Trakt does not know has no age."""
    waiting = "min(at) FILTER (WHERE state <> 'unidentified')"
    theirs = f"account_id IN ({', '.join('?' * len(served))})"
    pending, oldest = one(connection, f"SELECT count(*), {waiting} FROM deliveries WHERE {OPEN} AND {theirs}", *served)
    dead = one(connection, f"SELECT count(*) FROM deliveries WHERE state = 'dead' AND {theirs}", *served)[0]
    return pending, dead, oldest


def owe_past(connection: sqlite3.Connection, account_id: int) -> int:
    """Owe every play that Trakt did not bring and that was never owed; each is read back first. Returns how many."""
    rows = connection.execute(
        "SELECT id, watched_at, coalesce(progress, 100.0) FROM plays p WHERE account_id = ? AND watched_at IS NOT NULL "
        "AND origin <> 'trakt' AND trakt_history_id IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM deliveries d WHERE d.play_id = p.id AND d.verb = 'watched')",
        (account_id,),
    ).fetchall()
    for play_id, watched_at, progress in rows:
        owe(connection, account_id, play_id, Verb.WATCHED, watched_at, progress)
    return len(rows)
