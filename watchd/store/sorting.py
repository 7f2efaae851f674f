"""Sorting by title as one looks for it: case, accents and punctuation do not count."""

import sqlite3

from watchd.rules.media import fold


def teach(connection: sqlite3.Connection) -> None:
    """Let the connection know `folded(title)`, which the orders by title go by; NULL and what has no letter come first."""
    connection.create_function("folded", 1, fold, deterministic=True)
