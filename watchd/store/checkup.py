"""What the database tells `doctor`: read without changing anything, beside a daemon or without one."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from watchd.clock import DAY
from watchd.model.diagnosis import Cause, Debt, Health, Heard, Records, Turned, Unread
from watchd.store.migrate import APPLICATION, migrations
from watchd.store.rows import one

RECENT = 7 * DAY
_STEPS = 10_000
"""Of SQLite's machine, between two looks at the watch."""
_MOST = 20
_CAUSES = {
    sqlite3.SQLITE_BUSY: Cause.LOCKED,
    sqlite3.SQLITE_LOCKED: Cause.LOCKED,
    sqlite3.SQLITE_AUTH: Cause.RIGHTS,
    sqlite3.SQLITE_CANTOPEN: Cause.RIGHTS,
    sqlite3.SQLITE_PERM: Cause.RIGHTS,
    sqlite3.SQLITE_READONLY: Cause.RIGHTS,
}
_OWED = "('pending', 'sent', 'held', 'unidentified', 'dead')"


@contextmanager
def looked_at(path: Path, *, running: bool, patience: float = 5.0) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write, for the time of the block; sqlite3.Error when there is nothing to read.

    Somebody else may have it locked for `patience` seconds. Without a daemon and without a log nothing is put beside the file,
    so that a folder that takes no files will do.
    """
    still = "" if running or _has_log(path) else "&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode=ro{still}"
    with closing(sqlite3.connect(uri, patience, uri=True)) as connection:
        yield connection


def is_there(path: Path) -> bool:
    """Whether there is a database, or the log of one that has gone."""
    return path.exists() or _has_log(path)


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def health(path: Path, *, running: bool, seconds: float, patience: float = 5.0) -> Health:
    """Have SQLite check the file, for at most so many seconds."""
    newest = migrations()[-1].version
    if not path.exists():
        return Health(newest=newest, trouble="it is missing" + (", and its log is there" if _has_log(path) else ""))
    if path.stat().st_size == 0:
        return Health(newest=newest, trouble="it is empty")
    try:
        with looked_at(path, running=running, patience=patience) as connection:
            version = int(one(connection, "PRAGMA user_version")[0])
            if one(connection, "PRAGMA application_id")[0] != APPLICATION:
                return Health(version, newest, trouble="it is not one of watchd's")
            damage, checked = _checked(connection, seconds)
    except sqlite3.DatabaseError as error:
        return Health(newest=newest, trouble=str(error), cause=cause(error))
    return Health(version, newest, checked, damage)


def cause(error: sqlite3.Error) -> Cause:
    """What kind of trouble SQLite has with a file."""
    return _CAUSES.get(error.sqlite_errorcode & 0xFF, Cause.FILE)


def _checked(connection: sqlite3.Connection, seconds: float) -> tuple[str | None, bool]:
    ends = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() >= ends), _STEPS)
    try:
        found = str(one(connection, "PRAGMA quick_check(1)")[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None, False
    finally:
        connection.set_progress_handler(None, 0)
    return (None if found == "ok" else found), True


def records(connection: sqlite3.Connection, served: Sequence[str], now: int) -> Records:
    """What is kept of events and debts; `served` are the accounts of the settings."""
    since = now - RECENT
    return Records(
        heard=_heard(connection),
        unread=_unread(connection, since),
        turned=_turned(connection, since),
        debts=(*_deliveries(connection, served), *_more_debts(connection, served)),
        active=tuple(name for name in served if _active(connection, name)),
        users=_users(connection),
        scopes=tuple(scope for (scope,) in connection.execute("SELECT scope FROM api_tokens WHERE account_id IS NULL")),
        unindexed=int(one(connection, "SELECT count(*) FROM title_news")[0]),
    )


def _heard(connection: sqlite3.Connection) -> tuple[Heard, ...]:
    found = connection.execute(
        "SELECT source, max(received_at), count(*) FILTER (WHERE fate NOT IN ('internal', 'malformed')) "
        "FROM events GROUP BY source ORDER BY source"
    )
    return tuple(Heard(*row) for row in found)


def _unread(connection: sqlite3.Connection, since: int) -> tuple[Unread, ...]:
    found = connection.execute(
        "SELECT source, fate, count(*), max(id), reason FROM events "  # the reason is that of the row of max(id)
        "WHERE fate IN ('internal', 'malformed') AND received_at >= ? GROUP BY source, fate ORDER BY fate, source LIMIT ?",
        (since, _MOST),
    )
    return tuple(Unread(*row) for row in found)


def _turned(connection: sqlite3.Connection, since: int) -> tuple[Turned, ...]:
    found = connection.execute(
        "SELECT user, count(*), max(id), reason FROM events WHERE fate = 'refused' AND received_at >= ? "
        "GROUP BY user ORDER BY max(id) DESC LIMIT ?",
        (since, _MOST),
    )
    return tuple(Turned(*row) for row in found)


def _deliveries(connection: sqlite3.Connection, served: Sequence[str]) -> Iterator[Debt]:
    found = connection.execute(
        "SELECT a.name, 'deliveries', d.state, count(*), min(d.at), d.id, d.reason FROM deliveries d "
        f"JOIN accounts a ON a.id = d.account_id WHERE d.state IN {_OWED} GROUP BY a.name, d.state ORDER BY a.name, d.state"
    )
    return (Debt(*row) for row in found if row[0] in served)


def _more_debts(connection: sqlite3.Connection, served: Sequence[str]) -> Iterator[Debt]:
    """Ratings and removals that were tried and are not settled."""
    for what, at, key in (("ratings", "rated_at", "media_id"), ("removals", "deleted_at", "id")):
        found = connection.execute(
            f"SELECT a.name, ?, 'pending', count(*), min(o.{at}), o.{key}, o.reason FROM {what} o "
            "JOIN accounts a ON a.id = o.account_id WHERE o.due_at IS NOT NULL AND o.attempts > 0 GROUP BY a.name",
            (what,),
        )
        yield from (Debt(*row) for row in found if row[0] in served)


def _active(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a player ever told of something that was this account's."""
    row = one(connection, "SELECT id FROM accounts WHERE name = ? COLLATE NOCASE", name)
    if row is None:
        return False
    event = "SELECT 1 FROM events WHERE account_id = ? AND fate IN ('accepted', 'duplicate') LIMIT 1"
    play = "SELECT 1 FROM plays WHERE account_id = ? AND origin IN ('hook', 'checkin', 'mark') LIMIT 1"
    return one(connection, event, row[0]) is not None or one(connection, play, row[0]) is not None


def _users(connection: sqlite3.Connection) -> tuple[str, ...]:
    found = connection.execute(
        "SELECT min(user) FROM events WHERE user IS NOT NULL AND fate = 'accepted' GROUP BY lower(user) ORDER BY 1 LIMIT ?",
        (_MOST,),
    )
    return tuple(user for (user,) in found)


def login(connection: sqlite3.Connection, account_id: int) -> tuple[str | None, int, int] | None:
    """Why only a new login helps, how often a refresh was tried, and when the token ends (ms); None without a login."""
    found: tuple[str | None, int, int] | None = one(
        connection,
        "SELECT login_required, refresh_tries, created_at + expires_in * 1000 FROM trakt_tokens WHERE account_id = ?",
        account_id,
    )
    return found
