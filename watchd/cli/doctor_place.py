"""What `doctor` sees with the machine's own eyes: the state directory, its disk, and the database file."""

import os
import pwd
import shutil
import socket
import stat
from pathlib import Path

from watchd.model.diagnosis import Place
from watchd.settings import Listen
from watchd.store.state_dir import DATABASE

_OURS = ("watchd.", "daemon.json")


def place_of(directory: Path) -> Place:
    """The directory as it stands; OSError when it is not there or cannot be looked into."""
    status = directory.stat()
    names = [file for file in sorted(directory.iterdir()) if file.name.startswith(_OURS)]
    files = [file for file in names if not file.is_symlink()]
    found = [(file.name, told) for file in files if (told := _status(file)) is not None]
    database = dict(found).get(DATABASE)
    return Place(
        path=str(directory),
        owner=_user(status.st_uid),
        me=_user(os.geteuid()),
        mode=stat.S_IMODE(status.st_mode),
        wide=tuple(name for name, told in found if stat.S_ISREG(told.st_mode) and stat.S_IMODE(told.st_mode) & 0o077),
        foreign=tuple(name for name, told in found if told.st_uid != status.st_uid),
        writable=os.access(directory, os.W_OK | os.X_OK),
        free=shutil.disk_usage(directory).free,
        size=0 if database is None else database.st_size,
    )


def why_not(listen: Listen) -> str | None:
    """Why nobody could listen there now; None when one could. For a moment it is tried."""
    try:
        found = socket.getaddrinfo(listen.host or None, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found[:1]:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except UnicodeError:
        return "this is no host name"
    except OSError as error:
        return error.strerror or str(error)
    return None


def _status(file: Path) -> os.stat_result | None:
    """None for a file that has gone meanwhile, as those beside a database do."""
    try:
        return file.lstat()
    except FileNotFoundError:
        return None


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
