"""Bringing a database file to today's schema, or refusing to touch it."""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from watchd.errors import StateError


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
    """The version of the file at `path` (0: fresh), read without changing it.

    StateError for a damaged file, one that is not ours, or one from a newer watchd.
    """
    if not path.exists() or path.stat().st_size == 0:
        return 0
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StateError(f"the database {path} cannot be read ({error}); it was left untouched: restore a copy") from error
    if found != "ok":
        raise StateError(f"the database {path} is damaged; it was left untouched: restore a copy")
    if version > newest:
        raise StateError(
            f"the database {path} has version {version}, this watchd knows up to {newest}; "
            "it was left untouched: install the newer watchd again"
        )
    return version


def keep_copy(path: Path, version: int) -> Path:
    """Save the whole database beside itself before it is migrated, as `watchd.db.before-vN`, and return the copy's path."""
    copy = path.with_name(f"{path.name}.before-v{version}")
    partial = copy.with_name(copy.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source, target = sqlite3.connect(path), sqlite3.connect(partial)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(copy)
    return copy


def bring_up(path: Path, steps: Sequence[Migration]) -> int:
    """Migrate the file at `path` by the steps it lacks; return the version it has then.

    The step's statements, its version number and the commit are one script, so that a crash leaves the step wholly done
    or not at all.
    """
    newest = steps[-1].version
    version = inspect(path, newest)
    if version == newest:
        return version
    if version:
        keep_copy(path, newest)
    try:
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            for step in steps:
                if step.version > version:
                    _apply(connection, step)
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"the database {path} could not be migrated: {error}") from error
    return newest


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{step.script}\nPRAGMA user_version = {step.version};\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
