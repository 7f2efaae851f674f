"""`watchd export`: everything of an account in one file, beside a running daemon or without one."""

import argparse
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from watchd.cli.printed import say
from watchd.errors import WatchdError
from watchd.services.exporting import Write, write_csv, write_zip
from watchd.settings import load
from watchd.store import accounts, state_dir
from watchd.store.readonly import looked_into


class NotExported(WatchdError):
    """The file could not be written, or there is nothing to write."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "The zip is read by `watchd import`, and by what reads the data export of Trakt."
    parser.add_argument("file", nargs="?", metavar="FILE", help="watchd-export-NAME.zip without it; - is the standard output")
    parser.add_argument("--csv", action="store_true", help="the history alone, as a table")
    parser.add_argument("--account", metavar="NAME", help="of which account; the first without it")


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    named = [account.name for account in settings.accounts]
    write = write_csv if arguments.csv else write_zip
    with looked_into(settings.state_dir / state_dir.DATABASE) as connection:
        connection.isolation_level = None
        account = _account(connection, arguments.account or (named[0] if named else None))
        if arguments.file == "-":
            write(connection, account.id, sys.stdout.buffer)
            return 0
        ending = "csv" if arguments.csv else "zip"
        path = Path(arguments.file or f"watchd-export-{account.name}.{ending}")
        plays = _written(path, connection, account.id, write)
    say(f"{plays} plays of {account.name} are in {path}")
    return 0


def _account(connection: sqlite3.Connection, name: str | None) -> accounts.Account:
    everyone = accounts.everyone(connection)
    wanted = everyone[:1] if name is None else [one for one in everyone if one.name.casefold() == name.casefold()]
    if not wanted:
        raise NotExported(f"there is no such account; there are: {', '.join(one.name for one in everyone) or 'none yet'}")
    return wanted[0]


def _written(path: Path, connection: sqlite3.Connection, account_id: int, write: Write) -> int:
    """Write beside the file and give it its name at the end, so that none is left half written."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                plays = write(connection, account_id, file)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise NotExported(f"{path} cannot be written: {error.strerror}") from error
    return plays
