"""Bringing a database file to today's schema, or refusing to touch it."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from watchd.errors import StateError

APPLICATION = 0x77746364  # "wtcd", by which `file` and we tell our databases from others
_SIDES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step; `version` is what `PRAGMA user_version` says after it."""

    version: int
    name: str
    script: str


def migrations() -> tuple[Migration, ...]:
    """The steps shipped with this version, in order."""
    folder = resources.files("watchd.store.migrations")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return tuple(Migration(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names)


def inspect(path: Path, newest: int) -> int:
    """The version of the file at `path` (0: there is none), read without changing it.

    StateError for a damaged file, one that is not ours, or one from a newer watchd.
    """
    log = _beside(path, "-wal")
    if not path.exists():
        if log.exists() and log.stat().st_size:
            raise StateError(f"the database {path} is missing but {log.name} is there; it was left untouched: restore a copy")
        return 0
    try:
        if path.stat().st_size == 0:
            raise StateError(f"the database {path} is empty; it was left untouched: restore a copy, or remove it to begin anew")
        with _looked_into(path) as connection:
            version = int(_ask(connection, "PRAGMA user_version"))
            application = _ask(connection, "PRAGMA application_id")
            found = _ask(connection, "PRAGMA quick_check(1)")
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"the database {path} cannot be read ({error}); it was left untouched: restore a copy") from error
    if found != "ok":
        raise StateError(f"the database {path} is damaged; it was left untouched: restore a copy")
    if application != APPLICATION:
        raise StateError(f"the database {path} is not one of watchd's; it was left untouched")
    if version > newest:
        raise StateError(
            f"the database {path} has version {version}, this watchd knows up to {newest}; "
            "it was left untouched: install the newer watchd again"
        )
    return version


def keep_copy(path: Path, step: int) -> Path:
    """Save the whole database beside itself before step N changes it, as `watchd.db.before-vN`; return the copy's path."""
    copy = _beside(path, f".before-v{step}")
    partial = _beside(copy, ".partial")
    _create_private(partial)
    try:
        source, target = sqlite3.connect(path), sqlite3.connect(partial)
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()
        _put(partial, copy)
    finally:
        partial.unlink(missing_ok=True)
    return copy


def bring_up(path: Path, steps: Sequence[Migration]) -> int:
    """Make the file at `path`, or migrate it by the steps it lacks; return the version it has then.

    A new database gets its name when it is whole, so that an empty file of that name is never one we have begun.
    """
    newest = steps[-1].version
    version = inspect(path, newest)
    missing = [step for step in steps if step.version > version]
    try:
        if version == 0:
            fresh = _beside(path, ".new")
            _create_private(fresh)
            _migrate(fresh, missing)
            _put(fresh, path)
        elif missing:
            keep_copy(path, missing[0].version)
            _migrate(path, missing)
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"the database {path} could not be migrated: {error}") from error
    return newest


def _migrate(path: Path, steps: Sequence[Migration]) -> None:
    """Take the steps. A step's statements, its number and the commit are one script: a crash leaves it done or not begun."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        for step in steps:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{step.script}\n"
                f"PRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {step.version};\nCOMMIT;"
            )
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def _looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that leaves the file and what lies beside it as they are; without a log SQLite need not make one."""
    index = _beside(path, "-shm")
    before = index.read_bytes() if index.exists() else None
    logs = [log for side in ("-wal", "-journal") if (log := _beside(path, side)).exists() and log.stat().st_size]
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{'' if logs else '&immutable=1'}", uri=True)
    try:
        yield connection
    finally:
        connection.close()
        if before is None:
            index.unlink(missing_ok=True)
        elif index.read_bytes() != before:
            index.write_bytes(before)


def _ask(connection: sqlite3.Connection, pragma: str) -> str | int:
    answer: str | int = connection.execute(pragma).fetchone()[0]
    return answer


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _create_private(path: Path) -> None:
    """An empty file for our eyes only, in place of what an earlier try may have left."""
    for ending in ("", *_SIDES):
        _beside(path, ending).unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _put(partial: Path, path: Path) -> None:
    """Give a finished file its name, on the disk too."""
    _sync(partial)
    partial.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
