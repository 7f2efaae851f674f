"""Looking into the database without touching it: for commands beside a daemon, or without one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from watchd.errors import StateError
from watchd.store.rows import one


@contextmanager
def looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write, for the time of the block; StateError when there is nothing to read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            one(connection, "SELECT count(*) FROM accounts")
            yield connection
    except sqlite3.Error as error:
        mend = "start `watchd run` once, and run this as the user it runs as"
        raise StateError(f"no database can be read at {path} ({error}): {mend}") from error
