"""What doctor reads: found in small databases, sound or not, without a trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.given import NOW, a_play, a_store
from watchd.model.diagnosis import Cause, Debt, Heard, Turned, Unread
from watchd.model.receipts import Fate, RawEvent
from watchd.store import accounts, checkup, events
from watchd.store.migrate import migrations
from watchd.store.state_dir import DATABASE


def came(store: sqlite3.Connection, fate: Fate, user: str | None = None, reason: str | None = None, at: int = NOW) -> int:
    return events.insert(store, RawEvent(1, "plex", at, "{}", user=user), fate, reason, None)


def test_an_empty_database_tells_nothing(store: sqlite3.Connection) -> None:
    told = checkup.records(store, ["me"], NOW)
    assert (told.heard, told.unread, told.turned, told.debts, told.active, told.users) == ((), (), (), (), (), ())
    assert (told.scopes, told.unindexed) == ((), 0)


def test_events_are_told_by_source_fate_and_user(store: sqlite3.Connection) -> None:
    came(store, Fate.ACCEPTED, "Alice", at=NOW - 5)
    came(store, Fate.ACCEPTED, "alice", at=NOW - 4)
    came(store, Fate.INTERNAL, reason="KeyError", at=NOW - 3)
    last = came(store, Fate.INTERNAL, reason="TypeError", at=NOW - 2)
    came(store, Fate.MALFORMED, at=NOW - checkup.RECENT - 1)
    refused = came(store, Fate.REFUSED, "bob", "belongs to no account")
    told = checkup.records(store, ["me"], NOW)
    assert told.heard == (Heard("plex", NOW, 3),)  # whom it was refused to is no fault of the source
    assert told.unread == (Unread("plex", "internal", 2, last, "TypeError"),)
    assert told.turned == (Turned("bob", 1, refused, "belongs to no account"),)
    assert (told.active, told.users) == (("me",), ("Alice",))


def test_an_account_is_active_by_its_plays_when_its_events_are_gone(store: sqlite3.Connection) -> None:
    accounts.ensure(store, "ben", NOW)
    a_play(store)
    assert checkup.records(store, ["me", "ben", "nobody"], NOW).active == ("me",)


def test_what_was_refused_or_not_understood_makes_nobody_active(store: sqlite3.Connection) -> None:
    came(store, Fate.REFUSED, "bob")
    came(store, Fate.MALFORMED)
    assert checkup.records(store, ["me"], NOW).active == ()


def test_debts_are_told_by_account_and_state(store: sqlite3.Connection) -> None:
    play = a_play(store)
    ben = accounts.ensure(store, "ben", NOW)
    for account_id, seq, state, at in ((1, 1, "dead", 30), (1, 2, "dead", 20), (1, 3, "delivered", 10), (ben.id, 4, "sent", 5)):
        store.execute(
            "INSERT INTO deliveries (account_id, play_id, destination, seq, verb, state, at, progress, reason) "
            "VALUES (?, ?, 'trakt', ?, 'start', ?, ?, 1, ?)",
            (account_id, play.id, seq, state, at, f"number {seq}"),
        )
    store.execute("INSERT INTO ratings VALUES (1, ?, 8, 7, 'plex', 1, 2, NULL, 'HTTP 500')", (play.media_id,))
    told = checkup.records(store, ["me"], NOW).debts
    assert told == (
        Debt("me", "deliveries", "dead", 2, 20, 2, "number 2"),
        Debt("me", "ratings", "pending", 1, 7, play.media_id, "HTTP 500"),
    )


def test_a_sound_file_is_checked_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    a_store(tmp_path / DATABASE).close()
    before = sorted(tmp_path.iterdir())
    health = checkup.health(tmp_path / DATABASE, running=False, seconds=60)
    assert (health.checked, health.damage, health.trouble) == (True, None, None)
    assert health.version == health.newest == migrations()[-1].version
    assert sorted(tmp_path.iterdir()) == before


def test_the_check_ends_in_its_time(tmp_path: Path) -> None:
    store = a_store(tmp_path / DATABASE)
    store.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO accounts (name, created_at) SELECT 'n' || i, 0 FROM n"
    )
    store.close()
    health = checkup.health(tmp_path / DATABASE, running=False, seconds=0)
    assert (health.checked, health.damage, health.trouble) == (False, None, None)


def test_damage_is_found_and_other_files_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    a_store(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    broken = checkup.health(path, running=False, seconds=60)
    assert broken.damage or broken.trouble
    path.write_bytes(b"not a database at all" * 100)
    assert checkup.health(path, running=False, seconds=60).trouble
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE t (a)").connection.close()
    assert checkup.health(path, running=False, seconds=60).trouble == "it is not one of watchd's"


def test_a_file_that_is_missing_or_empty_is_told_apart_from_one_that_was_never_there(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    assert not checkup.is_there(path)
    (tmp_path / f"{DATABASE}-wal").write_bytes(b"log")
    assert checkup.is_there(path)
    assert checkup.health(path, running=False, seconds=60).trouble == "it is missing, and its log is there"
    path.touch()
    assert checkup.health(path, running=False, seconds=60).trouble == "it is empty"


def test_why_it_cannot_be_read_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    path.write_bytes(b"not a database at all" * 100)
    assert checkup.health(path, running=False, seconds=60).cause is Cause.FILE
    path.unlink()
    a_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        held = checkup.health(path, running=True, seconds=60, patience=0)
    assert (held.cause, held.readable) == (Cause.LOCKED, False)
    with pytest.raises(sqlite3.Error) as found, checkup.looked_at(tmp_path / "nowhere" / DATABASE, running=True):
        pass
    assert checkup.cause(found.value) is Cause.RIGHTS
