"""Deliveries: what is owed to a destination, and how far each debt has come."""

import sqlite3
from collections.abc import Iterable

from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.store.rows import Row, one

_COLUMNS = (
    "id, account_id, play_id, destination, seq, verb, state, at, progress, attempts, due_at, sent_as, first_sent_at, "
    "last_sent_at, settled_at, history_id, status, answer, reason"
)
OPEN = "state IN ('pending', 'sent', 'held', 'unidentified')"
_LIVE_VERBS = "verb IN ('start', 'pause', 'stop')"


def _delivery(row: Row) -> Delivery:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Delivery(**{**values, "verb": Verb(row[5]), "state": DeliveryState(row[6])})


def select(connection: sqlite3.Connection, where: str, parameters: Iterable[object]) -> list[Delivery]:
    return [_delivery(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM deliveries {where}", tuple(parameters))]


def get(connection: sqlite3.Connection, delivery_id: int) -> Delivery | None:
    found = select(connection, "WHERE id = ?", (delivery_id,))
    return found[0] if found else None


def owe(
    connection: sqlite3.Connection,
    account_id: int,
    play_id: int,
    verb: Verb,
    at: int,
    progress: float,
    *,
    due_at: int = 0,
    sent_as: str | None = None,
) -> int:
    """Write down a debt to Trakt; a later event supersedes the play's unsent starts, pauses and resume positions.

    `sent_as` set beforehand is the only method by which it may go.
    """
    supersede_live(connection, play_id, at)
    row = one(connection, "SELECT coalesce(max(seq), 0) FROM deliveries WHERE play_id = ? AND destination = ?", play_id, TRAKT)
    cursor = connection.execute(
        "INSERT INTO deliveries (account_id, play_id, destination, seq, verb, state, at, progress, due_at, sent_as) "
        "VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?)",
        (account_id, play_id, TRAKT, row[0] + 1, verb, at, progress, due_at, sent_as),
    )
    return cursor.lastrowid or 0


def supersede_live(connection: sqlite3.Connection, play_id: int, at: int) -> None:
    """Let go the play's starts, pauses and resume positions that have not been sent."""
    connection.execute(
        "UPDATE deliveries SET state = 'superseded', settled_at = ?, reason = 'a later event' "
        f"WHERE play_id = ? AND state IN ('pending', 'held', 'unidentified') AND {_LIVE_VERBS} AND attempts = 0",
        (at, play_id),
    )


def started_there(connection: sqlite3.Connection, play_id: int) -> bool:
    """Whether the destination may know the play as being watched."""
    return one(connection, "SELECT 1 FROM deliveries WHERE play_id = ? AND attempts > 0 LIMIT 1", play_id) is not None


def of_play(connection: sqlite3.Connection, play_id: int) -> list[Delivery]:
    return select(connection, "WHERE play_id = ? ORDER BY seq", (play_id,))


def write_ahead(connection: sqlite3.Connection, delivery_id: int, sent_as: str, at: int) -> None:
    """Note, before the bytes leave, that the destination may have the work from now on."""
    connection.execute(
        "UPDATE deliveries SET state = 'sent', sent_as = ?2, attempts = attempts + 1, "
        "first_sent_at = coalesce(first_sent_at, ?3), last_sent_at = ?3 WHERE id = ?1",
        (delivery_id, sent_as, at),
    )


def settle(
    connection: sqlite3.Connection,
    delivery_id: int,
    state: DeliveryState,
    at: int,
    *,
    status: int | None = None,
    answer: str | None = None,
    reason: str | None = None,
    history_id: int | None = None,
) -> None:
    """The debt has come to its end: delivered, superseded or dead."""
    connection.execute(
        "UPDATE deliveries SET state = ?, settled_at = ?, status = ?, answer = ?, reason = ?, "
        "history_id = coalesce(?, history_id) WHERE id = ?",
        (state, at, status, answer, reason, history_id, delivery_id),
    )


def postpone(
    connection: sqlite3.Connection,
    delivery_id: int,
    state: DeliveryState,
    due_at: int,
    *,
    status: int | None = None,
    answer: str | None = None,
    reason: str | None = None,
) -> None:
    """Not now: try again at `due_at`."""
    connection.execute(
        "UPDATE deliveries SET state = ?, due_at = ?, status = ?, answer = ?, reason = ? WHERE id = ?",
        (state, due_at, status, answer, reason, delivery_id),
    )


def release(connection: sqlite3.Connection, account_id: int, at: int) -> None:
    """Let go what was held with the account: it is due at once, keeping what is known of earlier attempts."""
    connection.execute(
        "UPDATE deliveries SET state = CASE WHEN attempts > 0 THEN 'sent' ELSE 'pending' END, due_at = ?, reason = NULL "
        f"WHERE account_id = ? AND {OPEN} AND state = 'held'",
        (at, account_id),
    )


def drop(connection: sqlite3.Connection, delivery_id: int, at: int) -> bool:
    """By hand: give a debt up; False when it is settled already."""
    return bool(
        connection.execute(
            f"UPDATE deliveries SET state = 'superseded', settled_at = ?, reason = 'dropped by hand' "
            f"WHERE id = ? AND ({OPEN} OR state = 'dead')",
            (at, delivery_id),
        ).rowcount
    )


def newest_sent(connection: sqlite3.Connection, account_id: int) -> int:
    """The time of the newest event any sent delivery of the account told of (ms); 0 when nothing was sent."""
    row = one(
        connection,
        "SELECT max(at) FROM (SELECT at FROM deliveries WHERE account_id = ? AND destination = ? AND attempts > 0 "
        "AND sent_as <> 'sync/history' ORDER BY id DESC LIMIT 50)",
        account_id,
        TRAKT,
    )
    return row[0] or 0


def unclaimed(connection: sqlite3.Connection, account_id: int, since: int, before: int, limit: int = 100) -> list[Delivery]:
    """Delivered outcomes settled from `since` to `before` whose row of the history is not known yet, newest first."""
    return select(
        connection,
        "WHERE account_id = ? AND settled_at >= ? AND settled_at < ? AND verb = 'watched' AND state = 'delivered' "
        "AND history_id IS NULL ORDER BY settled_at DESC LIMIT ?",
        (account_id, since, before, limit),
    )


def move(connection: sqlite3.Connection, play_id: int, to: int) -> None:
    """Let the debts of one play be of another, numbered after those it has."""
    last = one(connection, "SELECT coalesce(max(seq), 0) FROM deliveries WHERE play_id = ?", to)[0]
    connection.execute("UPDATE deliveries SET play_id = ?, seq = seq + ? WHERE play_id = ?", (to, last, play_id))


def due(connection: sqlite3.Connection, account_id: int, now: int, some: int = 40) -> list[Delivery]:
    """Debts to try now: the oldest of those that are due, and the newest that may be live, so that no backlog hides one."""
    ids = f"SELECT id FROM deliveries WHERE account_id = ? AND due_at <= ? AND {OPEN}"
    oldest = select(connection, f"WHERE id IN ({ids} ORDER BY id LIMIT ?) ORDER BY id", (account_id, now, some))
    if len(oldest) < some:
        return oldest
    live = f"{ids} AND sent_as IS NOT 'sync/history' ORDER BY id DESC LIMIT ?"
    newest = select(connection, f"WHERE id IN ({live}) ORDER BY id DESC", (account_id, now, some))
    return list({item.id: item for item in (*oldest, *newest)}.values())


def unsent_marks(connection: sqlite3.Connection, account_id: int, until: int, most: int) -> list[Delivery]:
    """Outcomes that wait to be sent by the history for the first time and are due before `until`, oldest first."""
    ids = f"SELECT id FROM deliveries WHERE account_id = ? AND due_at <= ? AND {OPEN}"
    return select(
        connection,
        f"WHERE id IN ({ids}) AND state = 'pending' AND verb = 'watched' AND sent_as = 'sync/history' AND attempts = 0 "
        "ORDER BY id LIMIT ?",
        (account_id, until, most),
    )


def next_due(connection: sqlite3.Connection, account_id: int) -> int | None:
    """When the next open debt is due (ms); None without one."""
    row = one(connection, f"SELECT min(due_at) FROM deliveries WHERE account_id = ? AND {OPEN}", account_id)
    return row[0] if row else None


def restore(connection: sqlite3.Connection, before: Delivery) -> None:
    """Undo write-aheads whose work is known not to have been done: the attempts are as they were `before`."""
    connection.execute(
        "UPDATE deliveries SET state = ?, attempts = ?, sent_as = ?, first_sent_at = ?, last_sent_at = ? WHERE id = ?",
        (before.state, before.attempts, before.sent_as, before.first_sent_at, before.last_sent_at, before.id),
    )


def inherit(connection: sqlite3.Connection, delivery_id: int, tried: Delivery) -> None:
    """Note that the destination may have this work from the attempts of another delivery too.

    The history takes a row at the outcome's own moment, a scrobble at the moment of an attempt: both may lie in the window.
    """
    connection.execute(
        "UPDATE deliveries SET state = CASE state WHEN 'pending' THEN 'sent' ELSE state END, attempts = attempts + ?2, "
        "sent_as = CASE WHEN sent_as = 'sync/history' THEN sent_as ELSE ?3 END, "
        "first_sent_at = min(coalesce(first_sent_at, ?4), ?4), last_sent_at = max(coalesce(last_sent_at, ?5), ?5) "
        "WHERE id = ?1",
        (
            delivery_id,
            tried.attempts,
            tried.sent_as,
            min(tried.at, tried.first_sent_at or tried.at),
            max(tried.at, tried.last_sent_at or tried.at),
        ),
    )


def turn_to_history(connection: sqlite3.Connection, delivery_id: int, due_at: int, reason: str) -> None:
    """From now on this outcome goes out by the history."""
    connection.execute(
        "UPDATE deliveries SET state = 'sent', sent_as = 'sync/history', due_at = ?, reason = ? WHERE id = ?",
        (due_at, reason, delivery_id),
    )


def is_open(connection: sqlite3.Connection, delivery_id: int) -> bool:
    return one(connection, f"SELECT 1 FROM deliveries WHERE id = ? AND {OPEN}", delivery_id) is not None


def set_history(connection: sqlite3.Connection, delivery_id: int, history_id: int) -> None:
    connection.execute("UPDATE deliveries SET history_id = ? WHERE id = ?", (history_id, delivery_id))
