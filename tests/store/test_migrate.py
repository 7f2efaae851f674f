"""Migrations: alike from everywhere, whole or not at all, with a copy kept."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from watchd.errors import StateError
from watchd.store.migrate import Migration, bring_up, migrations

FIRST = Migration(1, "0001_first.sql", "CREATE TABLE films (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;")
SECOND = Migration(
    2,
    "0002_second.sql",
    "ALTER TABLE films ADD COLUMN year INTEGER;\nCREATE INDEX films_name ON films (name); -- the last line has no end",
)
THIRD = Migration(
    3,
    "0003_third.sql",
    "CREATE TABLE seen (id INTEGER PRIMARY KEY, film INTEGER REFERENCES films (id)) STRICT;\n"
    "INSERT INTO seen (film) SELECT id FROM films;",
)
SERIES = (FIRST, SECOND, THIRD)
BROKEN = Migration(3, "0003_broken.sql", "CREATE TABLE half (id INTEGER) STRICT;\nINSERT INTO nowhere VALUES (1);")

DIES_HALF_WAY = """
import os, signal, sqlite3, sys
from pathlib import Path
from watchd.store.migrate import Migration, bring_up

real = sqlite3.connect
def connect(*args, **options):
    connection = real(*args, **options)
    connection.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
    return connection
sqlite3.connect = connect
script = "CREATE TABLE half (body TEXT) STRICT;" \
    "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)" \
    "INSERT INTO half SELECT hex(randomblob(400)) FROM n; SELECT die();"
first = Migration(1, "first", "CREATE TABLE films (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;")
steps = {"old": (first, Migration(2, "half", script)), "new": (Migration(1, "half", script),)}
bring_up(Path(sys.argv[1]), steps[sys.argv[2]])
"""


def schema(path: Path) -> object:
    connection = sqlite3.connect(path)
    objects = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    columns = [connection.execute(f"PRAGMA table_info({row[1]})").fetchall() for row in objects if row[0] == "table"]
    version = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return objects, columns, version


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


def an_old_one(path: Path, films: int = 3) -> Path:
    bring_up(path, SERIES[:1])
    connection = sqlite3.connect(path)
    connection.executemany("INSERT INTO films (name) VALUES (?)", [(f"Film {n}",) for n in range(films)])
    connection.commit()
    connection.close()
    return path


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize("steps", [SERIES, migrations()], ids=["a longer series", "the shipped one"])
def test_a_fresh_and_an_upgraded_database_are_alike(tmp_path: Path, steps: tuple[Migration, ...]) -> None:
    bring_up(tmp_path / "fresh.db", steps)
    for since in range(1, len(steps) + 1):
        upgraded = tmp_path / f"since{since}.db"
        for known in range(since, len(steps) + 1):
            bring_up(upgraded, steps[:known])
        jumped = tmp_path / f"jumped{since}.db"
        bring_up(jumped, steps[:since])
        assert bring_up(jumped, steps) == steps[-1].version
        assert schema(upgraded) == schema(jumped) == schema(tmp_path / "fresh.db")


def test_the_shipped_steps_are_numbered_without_a_gap() -> None:
    assert [step.version for step in migrations()] == list(range(1, len(migrations()) + 1))
    assert all(step.name.startswith(f"{step.version:04d}_") for step in migrations())


def test_an_upgrade_keeps_what_is_stored(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db")
    assert bring_up(path, SERIES) == 3
    assert rows(path, "SELECT name, year FROM films") == [("Film 0", None), ("Film 1", None), ("Film 2", None)]
    assert rows(path, "SELECT film FROM seen") == [(1,), (2,), (3,)]


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db")
    bring_up(path, SERIES)
    before = path.read_bytes()
    assert bring_up(path, SERIES) == 3
    assert path.read_bytes() == before


def test_a_complete_copy_is_kept_before_an_upgrade(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db", films=5000)
    before = schema(path)
    bring_up(path, SERIES)
    copy = tmp_path / "watchd.db.before-v2"
    assert names(tmp_path) == ["watchd.db", "watchd.db.before-v2"]
    assert schema(copy) == before
    assert rows(copy, "SELECT count(*) FROM films") == [(5000,)]
    assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_the_copy_has_what_a_killed_daemon_left_in_the_log(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db")
    code = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute(\"INSERT INTO films (name) VALUES ('The last one')\")\n"
        "connection.commit()\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert (tmp_path / "watchd.db-wal").stat().st_size > 0
    bring_up(path, SERIES)
    for file in (path, tmp_path / "watchd.db.before-v2"):
        assert rows(file, "SELECT count(*) FROM films WHERE name = 'The last one'") == [(1,)]


def test_a_failing_step_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db")
    bring_up(path, SERIES[:2])
    before, content = schema(path), path.read_bytes()
    with pytest.raises(StateError, match=r"could not be migrated: no such table: nowhere") as caught:
        bring_up(path, (FIRST, SECOND, BROKEN))
    assert "\n" not in str(caught.value)
    assert schema(path) == before
    assert path.read_bytes() == content
    assert bring_up(path, SERIES) == 3


def test_the_copy_of_an_older_version_outlives_a_failed_later_step(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db")
    oldest = schema(path)
    for _ in range(2):
        with pytest.raises(StateError):
            bring_up(path, (FIRST, SECOND, BROKEN))
    assert schema(tmp_path / "watchd.db.before-v2") == oldest
    assert names(tmp_path) == ["watchd.db", "watchd.db.before-v2", "watchd.db.before-v3"]


def test_a_first_start_that_fails_leaves_no_database(tmp_path: Path) -> None:
    path = tmp_path / "watchd.db"
    with pytest.raises(StateError):
        bring_up(path, (Migration(1, "0001_broken.sql", BROKEN.script),))
    assert not path.exists()
    assert bring_up(path, SERIES) == 3
    assert names(tmp_path) == ["watchd.db"]


def test_a_copy_that_finds_no_room_stops_the_start_in_words(tmp_path: Path) -> None:
    path = an_old_one(tmp_path / "watchd.db", films=20_000)
    before = path.read_bytes()
    code = (
        "import resource, sys; from pathlib import Path; from tests.store.test_migrate import *\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: bring_up(Path(sys.argv[1]), SERIES)\n"
        "except StateError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    assert "could not be migrated" in run.stdout
    assert run.stdout.count("\n") == 1
    assert path.read_bytes() == before
    assert names(tmp_path) == ["watchd.db"]


@pytest.mark.parametrize("age", ["old", "new"])
def test_kill_9_in_the_middle_of_a_step_leaves_it_not_begun(tmp_path: Path, age: str) -> None:
    path = tmp_path / "watchd.db"
    if age == "old":
        an_old_one(path)
    run = subprocess.run([sys.executable, "-c", DIES_HALF_WAY, str(path), age], check=False)
    assert run.returncode == -signal.SIGKILL
    assert bring_up(path, SERIES) == 3
    assert rows(path, "SELECT count(*) FROM sqlite_master WHERE name = 'half'") == [(0,)]
    assert rows(path, "SELECT count(*) FROM films") == [(3 if age == "old" else 0,)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
