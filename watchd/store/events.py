"""Raw events: what came in, as it came in, and its fate."""

import sqlite3

from watchd.model.receipts import Fate, RawEvent, Step
from watchd.rules.repeats import Repeat
from watchd.store.rows import one

KEPT = 20_000


def insert(
    connection: sqlite3.Connection,
    raw: RawEvent,
    fate: Fate,
    reason: str | None,
    repeat: Repeat | None,
    *,
    step: Step | None = None,
    play_id: int | None = None,
) -> int:
    """Keep an event with what became of it and return its id."""
    cursor = connection.execute(
        "INSERT INTO events (account_id, source, verb, received_at, body, player, repeat_key, exact, fate, reason, "
        "step, play_id, user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            raw.account_id,
            raw.source,
            raw.verb,
            raw.received_at,
            raw.body,
            repeat.player if repeat else None,
            repeat.key if repeat else None,
            int(repeat.exact) if repeat else 0,
            fate,
            reason,
            step,
            play_id,
            raw.user,
        ),
    )
    return cursor.lastrowid or 0


def earlier(connection: sqlite3.Connection, raw: RawEvent, repeat: Repeat, window: int) -> int | None:
    """The play of an earlier delivery of the same event, 0 when that had none; None when this one is new.

    An exact key repeats whenever it was seen before. Any other repeats only while nothing else came from that player: then
    play, pause, resume and pause within seconds are four events, and a pause sent twice is one.
    """
    if repeat.exact:
        row = one(
            connection,
            "SELECT play_id FROM events WHERE account_id = ? AND repeat_key = ? AND exact = 1 AND fate = 'accepted' LIMIT 1",
            raw.account_id,
            repeat.key,
        )
        return (row[0] or 0) if row else None
    row = one(
        connection,
        "SELECT repeat_key, received_at, play_id FROM events WHERE account_id = ? AND source = ? AND player = ? "
        "AND fate = 'accepted' ORDER BY id DESC LIMIT 1",
        raw.account_id,
        raw.source,
        repeat.player,
    )
    if row is None or row[0] != repeat.key or abs(raw.received_at - row[1]) > window:
        return None
    return row[2] or 0


def prune(connection: sqlite3.Connection, keep: int = KEPT, at_most: int = 500) -> int:
    """Remove some of the oldest events beyond `keep`; return how many."""
    newest = one(connection, "SELECT max(id) FROM events")[0] or 0
    return connection.execute(
        "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= ? ORDER BY id LIMIT ?)", (newest - keep, at_most)
    ).rowcount
