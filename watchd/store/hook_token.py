"""The hook token alone, for a command that must start fast: nothing else of the store is needed to read it."""

import sqlite3
from contextlib import closing
from pathlib import Path

_SQL = (
    "SELECT token FROM api_tokens WHERE scope = 'hook' AND (source = ? OR source IS NULL) "
    "ORDER BY account_id, source IS NULL, created_at LIMIT 1"
)


def stored_hook_token(path: Path, source: str) -> str | None:
    """The token that posts events of `source`; None when the database is not there, not readable or has none."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(_SQL, (source,)).fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None
