"""A savepoint around what may fail by itself: then it alone is undone, and the transaction goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from watchd.store.trouble import of_the_machine


@dataclass(slots=True)
class Attempt:
    """How the block went: `error` is what ended it, None when it ran through."""

    error: Exception | None = None


@contextmanager
def attempt(connection: sqlite3.Connection) -> Iterator[Attempt]:
    """Undo what the block did if it fails by its own fault, and note the error instead of raising it.

    What the disk is to blame for is raised: then nothing around the block can be relied on either.
    """
    tried = Attempt()
    connection.execute("SAVEPOINT attempt")
    try:
        yield tried
    except Exception as error:  # one poison row must not stop the others: the caller quarantines it
        if not connection.in_transaction or of_the_machine(error):
            raise
        connection.execute("ROLLBACK TO attempt")
        tried.error = error
    connection.execute("RELEASE attempt")
