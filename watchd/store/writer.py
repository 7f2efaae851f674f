"""The writing connection, with what it has read or written lately and would only read again."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from watchd.model.media import Media
from watchd.model.playback import Play

_MOST = 512
_TURNS = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Heard:
    """An accepted event as the next one of its player is compared with it; `received_at` is in ms."""

    event_id: int
    key: str
    received_at: int
    play_id: int | None


class Writer(sqlite3.Connection):
    """All events ask for the open plays, those of a sitting name one item, those of a player come after its last one.

    `open_plays`, by account and id, live until plays change otherwise than one by one; so does `heard`, the last accepted
    event by account, source and player. `rows`, by account and description, live until a media row changes. `logins`, by
    account, are the first ones at Trakt. A rollback, also one to a savepoint, empties all. Nobody else writes into the
    database while it is open.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_plays: dict[int, dict[int, Play]] = {}
        self.rows: dict[tuple[int, Media], tuple[int, Media]] = {}
        self.heard: dict[tuple[int, str, str], Heard] = {}
        self.logins: dict[int, int | None] = {}
        self._committed = True

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql.startswith(_TURNS):
            if sql[0] == "R" or (sql[0] == "B" and not self._committed):
                self._forget()  # without a COMMIT that went well SQLite may have rolled back by itself
            self._committed = False
        done = super().execute(sql, parameters)
        if sql == "COMMIT":
            self._committed = True
        return done

    def _forget(self) -> None:
        for kept in (self.open_plays, self.rows, self.heard, self.logins):
            kept.clear()


def open_plays(connection: sqlite3.Connection, account_id: int) -> list[Play] | None:
    """The open plays of an account as this transaction has them, oldest first; None when they must be read."""
    plays = connection.open_plays.get(account_id) if isinstance(connection, Writer) else None
    return None if plays is None else [plays[play_id] for play_id in sorted(plays)]


def keep_open_plays(connection: sqlite3.Connection, account_id: int, plays: Iterable[Play]) -> None:
    """These are all open plays of an account."""
    if isinstance(connection, Writer) and connection.in_transaction:
        connection.open_plays[account_id] = {play.id: play for play in plays}


def open_play(connection: sqlite3.Connection, account_id: int, play_id: int) -> Play | None:
    """An open play as it is stored; None when it is not known how."""
    plays = connection.open_plays.get(account_id) if isinstance(connection, Writer) else None
    return None if plays is None else plays.get(play_id)


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
        connection.heard.clear()


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


def last_heard(connection: sqlite3.Connection, account_id: int, source: str, player: str) -> Heard | None:
    """The last accepted event of a player, when it is known."""
    return connection.heard.get((account_id, source, player)) if isinstance(connection, Writer) else None


def keep_heard(connection: sqlite3.Connection, account_id: int, source: str, player: str, last: Heard) -> None:
    """This is the last accepted event of a player."""
    if isinstance(connection, Writer) and connection.in_transaction:
        if len(connection.heard) >= _MOST:
            connection.heard.clear()
        connection.heard[account_id, source, player] = last


def events_pruned(connection: sqlite3.Connection, last: int) -> None:
    """Events up to this id are removed."""
    if isinstance(connection, Writer):
        connection.heard = {player: heard for player, heard in connection.heard.items() if heard.event_id > last}


def logins(connection: sqlite3.Connection) -> dict[int, int | None]:
    """When accounts logged in first, as far as it is known; whoever changes that clears it."""
    return connection.logins if isinstance(connection, Writer) and connection.in_transaction else {}
