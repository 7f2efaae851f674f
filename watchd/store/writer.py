"""The writing connection, with what it has read or written lately and would only read again."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from watchd.model.media import Media
from watchd.model.playback import Play

_MOST = 512
_TURNS = ("BEGIN", "COMMIT", "ROLLBACK")


class Writer(sqlite3.Connection):
    """Events that share a transaction all ask for the open plays, and those of a sitting all name one item: both are kept.

    `open_plays`, by account and id, live as long as the transaction. `rows`, by account and description, live until a media
    row changes. A rollback, also one to a savepoint, empties both. Nobody else writes into the database while it is open.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_plays: dict[int, dict[int, Play]] = {}
        self.rows: dict[tuple[int, Media], tuple[int, Media]] = {}
        self._committed = True

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql.startswith(_TURNS):
            self.open_plays.clear()
            if sql[0] == "R" or (sql[0] == "B" and not self._committed):
                self.rows.clear()  # without a COMMIT that went well SQLite may have rolled back by itself
            self._committed = False
        done = super().execute(sql, parameters)
        if sql == "COMMIT":
            self._committed = True
        return done


def open_plays(connection: sqlite3.Connection, account_id: int) -> list[Play] | None:
    """The open plays of an account as this transaction has them, oldest first; None when they must be read."""
    plays = connection.open_plays.get(account_id) if isinstance(connection, Writer) else None
    return None if plays is None else [play for _, play in sorted(plays.items())]


def keep_open_plays(connection: sqlite3.Connection, account_id: int, plays: Iterable[Play]) -> None:
    """These are all open plays of an account."""
    if isinstance(connection, Writer) and connection.in_transaction:
        connection.open_plays[account_id] = {play.id: play for play in plays}


def play_stored(connection: sqlite3.Connection, play: Play) -> None:
    """This play is stored so now."""
    plays = connection.open_plays.get(play.account_id) if isinstance(connection, Writer) else None
    if plays is None:
        return
    if play.open:
        plays[play.id] = play
    else:
        plays.pop(play.id, None)


def plays_changed(connection: sqlite3.Connection) -> None:
    """Plays were changed otherwise than one by one."""
    if isinstance(connection, Writer):
        connection.open_plays.clear()


def row(connection: sqlite3.Connection, account_id: int, told: Media) -> tuple[int, Media] | None:
    """The media row a description leads to and what is known of it, when that was found out lately."""
    return connection.rows.get((account_id, told)) if isinstance(connection, Writer) else None


def keep_row(connection: sqlite3.Connection, account_id: int, told: Media, media_id: int, full: Media) -> None:
    """A description leads to this row, and will as long as no media row changes."""
    if isinstance(connection, Writer) and connection.in_transaction:
        if len(connection.rows) >= _MOST:
            connection.rows.clear()
        connection.rows[account_id, told] = (media_id, full)


def media_changed(connection: sqlite3.Connection) -> None:
    """A media row was changed or removed."""
    if isinstance(connection, Writer):
        connection.open_plays.clear()
        connection.rows.clear()
