"""Raw events: what came in, as it came in, and its fate."""

import sqlite3

from watchd.model.receipts import Fate, RawEvent, Step
from watchd.rules.repeats import Repeat
from watchd.store import writer
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
    if fate is Fate.ACCEPTED and repeat is not None:
        heard = writer.Heard(cursor.lastrowid or 0, repeat.key, raw.received_at, play_id)
        writer.keep_heard(connection, raw.account_id, raw.source, repeat.player, heard)
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
    last = _last_heard(connection, raw, repeat.player, window)
    if last is None or last.key != repeat.key or abs(raw.received_at - last.received_at) > window:
        return None
    return last.play_id or 0


def _last_heard(connection: sqlite3.Connection, raw: RawEvent, player: str, window: int) -> writer.Heard | None:
    """The last accepted event of a player: from memory or, if it is within the window, by the index after a start."""
    heard = writer.last_heard(connection, raw.account_id, raw.source, player)
    if heard is not None:
        return heard
    row = one(
        connection,
        "SELECT id, repeat_key, received_at, play_id FROM events WHERE received_at BETWEEN ? AND ? AND fate = 'accepted' "
        "AND account_id = ? AND source = ? AND player = ? ORDER BY id DESC LIMIT 1",
        raw.received_at - window,
        raw.received_at + window,
        raw.account_id,
        raw.source,
        player,
    )
    return writer.Heard(*row) if row is not None else None


def prune(connection: sqlite3.Connection, keep: int = KEPT, at_most: int = 500) -> int:
    """Remove some of the oldest events beyond `keep`; return how many."""
    last = (one(connection, "SELECT max(id) FROM events")[0] or 0) - keep
    writer.events_pruned(connection, last)
    return connection.execute(
        "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= ? ORDER BY id LIMIT ?)", (last, at_most)
    ).rowcount
