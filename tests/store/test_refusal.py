"""A database that cannot be ours to use stops the start and is left as it is, byte for byte."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.given import a_store
from watchd.errors import StateError
from watchd.store.database import Database

PAGE = 4096


def tear_header(path: Path) -> None:
    _overwrite(path, 0, random.Random(1).randbytes(100))


def zero_header(path: Path) -> None:
    _overwrite(path, 0, bytes(PAGE))


def spoil_middle(path: Path) -> None:
    middle = path.stat().st_size // PAGE // 2
    _overwrite(path, middle * PAGE, random.Random(2).randbytes(6 * PAGE))


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def truncate_within_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE + 1000)


def text_instead(path: Path) -> None:
    path.write_text("Dear diary, today I watched Heat.\n" * 500, encoding="utf-8")


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()


def somebody_elses(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup'); PRAGMA user_version = 1;")
    connection.close()


def folded_in(path: Path) -> None:
    """Only the log is left of it."""
    _killed(path, "CREATE TABLE more (id INTEGER)")
    path.unlink()


def newer_in_the_log(path: Path) -> None:
    _killed(path, "PRAGMA user_version = 9999")


def newer_in_the_log_alone(path: Path) -> None:
    _killed(path, "PRAGMA user_version = 9999")
    path.with_name("watchd.db-shm").unlink()


def spoilt_with_a_log(path: Path) -> None:
    _killed(path, "CREATE TABLE more (id INTEGER)")
    spoil_middle(path)


CASES: dict[Callable[[Path], None], str] = {
    tear_header: "cannot be read",
    zero_header: "cannot be read",
    spoil_middle: "damaged|cannot be read",
    truncate: "damaged|cannot be read",
    truncate_within_a_page: "damaged|cannot be read",
    text_instead: "cannot be read",
    nothing: "is empty",
    newer: "version 9999.*knows up to",
    somebody_elses: "not one of watchd's",
    folded_in: "missing but watchd.db-wal is there",
    newer_in_the_log: "version 9999.*knows up to",
    newer_in_the_log_alone: "version 9999.*knows up to",
    spoilt_with_a_log: "damaged|cannot be read",
}


def _overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def _killed(path: Path, sql: str) -> None:
    code = "import os, sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2]); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(path), sql], check=False)


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("spoil", CASES, ids=lambda spoil: getattr(spoil, "__name__", ""))
async def test_what_is_damaged_or_foreign_stops_the_start_untouched(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "watchd.db"
    store = a_store(path)
    store.executemany(
        "INSERT INTO events (account_id, source, verb, received_at, body, fate) VALUES (1, 'plex', '', 0, ?, 'accepted')",
        [("x" * 700,) for _ in range(500)],
    )
    store.close()
    spoil(path)
    before = _contents(tmp_path)
    for _ in range(2):
        with pytest.raises(StateError, match=CASES[spoil]) as caught:
            async with Database.opened(path):
                pass
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)
        assert _contents(tmp_path) == before


async def test_a_database_that_was_killed_is_no_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "watchd.db"
    a_store(path).close()
    _killed(path, "INSERT INTO accounts (name, created_at) VALUES ('you', 0)")
    async with Database.opened(path) as database:
        assert await database.read(lambda connection: connection.execute("SELECT count(*) FROM accounts").fetchone()) == (1,)
