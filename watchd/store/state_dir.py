"""The state directory: private, and owned by one process at a time."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from watchd.errors import StateError

DATABASE = "watchd.db"
_LOCK = "watchd.lock"
_TRIES = 6
_PAUSE = 0.05


def prepare(directory: Path) -> Path:
    """Make the directory (0700) if it is missing and return the path of its database; StateError when it cannot be used.

    What others could read in it (a copy put back by hand, say) is closed to them again.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(directory, 0o700)
        for file in directory.glob("watchd.*"):
            _close_to_others(file, 0o600)
    except OSError as error:
        raise StateError(f"cannot use the state directory {directory}: {error.strerror}") from error
    return directory / DATABASE


@contextmanager
def owned(directory: Path) -> Iterator[Path]:
    """Hold the directory's lock for the time of the block and give the database's path; StateError when another has it."""
    path = prepare(directory)
    try:
        descriptor = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StateError(f"cannot write in the state directory {directory}: {error.strerror}") from error
    try:
        _lock(descriptor, directory)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield path
    finally:
        os.close(descriptor)


def _lock(descriptor: int, directory: Path) -> None:
    """Take the lock; tried for a moment, since a command that asks whether a daemon runs holds it for an instant."""
    for left in reversed(range(_TRIES)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if not left:
                raise StateError(f"another watchd owns the state directory {directory}; stop it first") from error
        except OSError as error:
            raise StateError(f"cannot lock the state directory {directory}: {error.strerror}") from error
        else:
            return
        time.sleep(_PAUSE)


def is_owned(directory: Path) -> bool:
    """Whether a running process holds the directory's lock at this moment."""
    descriptor = _looked_at(directory / _LOCK)
    if descriptor is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _looked_at(lock: Path) -> int | None:
    """A descriptor to try the lock with; only for reading where the disk has become read-only under a daemon that runs."""
    for rights in (os.O_RDWR, os.O_RDONLY):
        with suppress(OSError):
            return os.open(lock, rights | os.O_CLOEXEC)
    return None


def owner(directory: Path) -> int | None:
    """The id of the process that took the directory's lock last; None when that cannot be read."""
    try:
        return int((directory / _LOCK).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _close_to_others(path: Path, mode: int) -> None:
    status = path.lstat()
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) != mode and not stat.S_ISLNK(status.st_mode):
        path.chmod(mode)
