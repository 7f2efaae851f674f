"""The writing connection, with what a transaction has read of the open plays and kept up since."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from watchd.model.playback import Play

_ENDS = ("BEGIN", "ROLLBACK", "COMMIT")


class Writer(sqlite3.Connection):
    """Events that share a transaction all ask for the open plays, and each changes one or two of them: they are read once.

    `open_plays` holds them by account and id. It is empty again whenever a transaction begins or ends and after a rollback,
    also one to a savepoint; verbs that change plays or media otherwise than one by one call `forget`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_plays: dict[int, dict[int, Play]] = {}

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql.startswith(_ENDS):
            self.open_plays.clear()
        return super().execute(sql, parameters)


def known(connection: sqlite3.Connection, account_id: int) -> list[Play] | None:
    """The open plays of an account as this transaction has them, oldest first; None when they must be read."""
    plays = connection.open_plays.get(account_id) if isinstance(connection, Writer) else None
    return None if plays is None else [play for _, play in sorted(plays.items())]


def learned(connection: sqlite3.Connection, account_id: int, plays: Iterable[Play]) -> None:
    """These are all open plays of an account."""
    if isinstance(connection, Writer) and connection.in_transaction:
        connection.open_plays[account_id] = {play.id: play for play in plays}


def stored(connection: sqlite3.Connection, play: Play) -> None:
    """This play is stored so now."""
    plays = connection.open_plays.get(play.account_id) if isinstance(connection, Writer) else None
    if plays is None:
        return
    if play.open:
        plays[play.id] = play
    else:
        plays.pop(play.id, None)


def forget(connection: sqlite3.Connection) -> None:
    """Plays or their media were changed in some other way."""
    if isinstance(connection, Writer):
        connection.open_plays.clear()
