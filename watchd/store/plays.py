"""Plays: sittings, open ones and history."""

import json
import sqlite3
from collections.abc import Iterable

from watchd.model.copies import replace
from watchd.model.playback import Origin, Play, PlayState, Teller
from watchd.store import writer
from watchd.store.medias import media_of
from watchd.store.rows import Row, dumps, one

_OWN = (
    "media_id, state, origin, source, player, player_name, started_at, updated_at, progress, progress_at, reported, runtime, "
    "watched_at, ended_at, again_at, again_progress, trakt_history_id, tellers, parts_after"
)
_SELECT = (
    f"SELECT p.id, p.account_id, {', '.join('p.' + name for name in _OWN.split(', '))}, "
    "m.id, m.type, m.title, m.year, m.episode_title, m.season, m.number, m.number_abs, m.runtime, m.ids, "
    "m.show_ids FROM plays p JOIN media m ON m.id = p.media_id "
)
_INSERT = f"INSERT INTO plays (account_id, {_OWN}) VALUES ({', '.join('?' * 20)})"
_NAMES = tuple(_OWN.split(", "))
_RECENT = 6
EVERY = 100_000


def _play(row: Row) -> Play:
    (
        play_id, account_id, media_id, state, origin, source, player, player_name, started_at, updated_at, progress,
        progress_at, reported, runtime, watched_at, ended_at, again_at, again_progress, history_id, tellers,
        parts_after,
    ) = row[:21]  # fmt: skip
    return Play(
        id=play_id,
        account_id=account_id,
        media_id=media_id,
        media=media_of(row[21:]),
        state=PlayState(state),
        origin=Origin(origin),
        source=source,
        player=player,
        player_name=player_name,
        started_at=started_at,
        updated_at=updated_at,
        progress=progress,
        progress_at=progress_at,
        reported=reported,
        runtime=runtime,
        watched_at=watched_at,
        ended_at=ended_at,
        again_at=again_at,
        again_progress=again_progress,
        trakt_history_id=history_id,
        tellers=tuple(Teller(*item) for item in json.loads(str(tellers))),
        parts_after=parts_after,
    )


def _plays(connection: sqlite3.Connection, where: str, parameters: Iterable[object]) -> list[Play]:
    return [_play(row) for row in connection.execute(_SELECT + where, tuple(parameters))]


def get(connection: sqlite3.Connection, play_id: int) -> Play | None:
    row = one(connection, _SELECT + "WHERE p.id = ?", play_id)
    return _play(row) if row else None


def open_plays(connection: sqlite3.Connection, account_id: int | None = None) -> list[Play]:
    """The open plays of one account or of all, oldest first."""
    # The plus keeps SQLite from walking all plays in the order of their ids.
    if account_id is None:
        return _plays(connection, "WHERE p.state <> 'stopped' ORDER BY +p.id", ())
    found = writer.open_plays(connection, account_id)
    if found is None:
        found = _plays(connection, "WHERE p.account_id = ? AND p.state <> 'stopped' ORDER BY +p.id", (account_id,))
        writer.keep_open_plays(connection, account_id, found)
    return found


def of_media(
    connection: sqlite3.Connection, media_id: int, since: int = 0, most: int = _RECENT, *, of_trakt: bool = False
) -> list[Play]:
    """The newest few plays of one media that are open or moved after `since`: enough to choose the sitting of an event from.

    Those of Trakt alone are no sittings of ours; `of_trakt` has them too.
    """
    ours = "" if of_trakt else "AND p.origin <> 'trakt' "
    where = f"WHERE p.media_id = ? AND (p.updated_at >= ? OR p.state <> 'stopped') {ours}ORDER BY p.started_at DESC LIMIT ?"
    return _plays(connection, where, (media_id, since, most))


def watched(connection: sqlite3.Connection, account_id: int, limit: int) -> list[Play]:
    """The history, newest first."""
    return _plays(
        connection,
        "WHERE p.account_id = ? AND p.watched_at IS NOT NULL ORDER BY p.watched_at DESC, p.id DESC LIMIT ?",
        (account_id, limit),
    )


def _value(play: Play, name: str) -> object:
    """What goes into a column of `_OWN`."""
    if name != "tellers":
        return getattr(play, name)
    return dumps([[item.source, item.player, item.session, item.last_at, item.beats, item.place_at] for item in play.tellers])


def insert(connection: sqlite3.Connection, play: Play) -> int:
    """Store a new play and return its id."""
    play_id = connection.execute(_INSERT, (play.account_id, *(_value(play, name) for name in _NAMES))).lastrowid or 0
    writer.play_stored(connection, replace(play, id=play_id))
    return play_id


def update(connection: sqlite3.Connection, play: Play) -> None:
    """Store a play as it is now; only what has changed of it, so that no index is written for nothing.

    LookupError when its row is gone, or is not the one whose other columns are left as they are.
    """
    stored = writer.open_play(connection, play.account_id, play.id)
    names = _NAMES if stored is None else [name for name in _NAMES if getattr(play, name) != getattr(stored, name)]
    if not names:
        return
    changes = ", ".join([f"{name} = ?" for name in names])
    values = [_value(play, name) for name in names]
    where, row = "id = ?", [play.id]
    if stored is not None:
        where, row = f"{where} AND updated_at = ? AND media_id = ?", [play.id, stored.updated_at, stored.media_id]
    if connection.execute(f"UPDATE plays SET {changes} WHERE {where}", (*values, *row)).rowcount != 1:
        writer.plays_changed(connection)
        raise LookupError(f"play {play.id} is not stored as it was held to be")
    writer.play_stored(connection, play)


def remove(connection: sqlite3.Connection, play_id: int) -> None:
    connection.execute("DELETE FROM plays WHERE id = ?", (play_id,))
    writer.plays_changed(connection)


def claimant(connection: sqlite3.Connection, account_id: int, history_id: int) -> int | None:
    """The play that has claimed a row of Trakt's history."""
    row = one(connection, "SELECT id FROM plays WHERE account_id = ? AND trakt_history_id = ?", account_id, history_id)
    return row[0] if row else None


def claim(connection: sqlite3.Connection, play_id: int, history_id: int) -> None:
    """Note which row of Trakt's history a play is; sqlite3.IntegrityError when another play has claimed it."""
    connection.execute("UPDATE plays SET trakt_history_id = ? WHERE id = ?", (history_id, play_id))
    writer.plays_changed(connection)


def shift_open(connection: sqlite3.Connection, by: int) -> int:
    """Re-anchor the open plays after the wall clock jumped by `by` ms; return how many there were."""
    writer.plays_changed(connection)
    return connection.execute(
        "UPDATE plays SET progress_at = progress_at + ?1, updated_at = updated_at + ?1, started_at = started_at + ?1, "
        "again_at = again_at + ?1 WHERE state <> 'stopped'",
        (by,),
    ).rowcount


def move_media(connection: sqlite3.Connection, media_id: int, to: int) -> None:
    """Let the plays of one media row be of another."""
    connection.execute("UPDATE plays SET media_id = ? WHERE media_id = ?", (to, media_id))
    writer.plays_changed(connection)


def move_events(connection: sqlite3.Connection, play_id: int, to: int) -> None:
    """Let the raw events of one play be of another."""
    connection.execute("UPDATE events SET play_id = ? WHERE play_id = ?", (to, play_id))
    writer.plays_changed(connection)
