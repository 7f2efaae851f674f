"""Plays beside the rows of Trakt's history: which are linked, which might be, and those that are of Trakt alone."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from watchd.store import writer
from watchd.store.rows import one

_ADD = (
    "INSERT INTO plays (account_id, media_id, state, origin, source, player, started_at, updated_at, progress_at, watched_at, "
    "ended_at, trakt_history_id, action) VALUES (?1, ?2, 'stopped', 'trakt', 'trakt', '', ?3, ?3, ?3, ?3, ?3, ?4, ?5)"
)
_ACTIONS = frozenset({"scrobble", "checkin", "watch"})


@dataclass(frozen=True, slots=True)
class Linked:
    """A play that a row of the history is linked with; `of_trakt`: nothing that came from here stands behind it.

    `twin`: there is a play from here of the same media and about the same moment that no row is known of. `told`: what is
    owed of it was settled since the moment that was asked about.
    """

    play_id: int
    media_id: int
    history_id: int
    of_trakt: bool
    watched_at: int
    action: str | None
    missing_at: int | None
    gone_at: int | None
    twin: bool = False
    told: bool = False


_LINKED = (
    "p.id, p.media_id, p.trakt_history_id, p.origin = 'trakt', coalesce(p.watched_at, 0), p.action, p.missing_at, p.gone_at"
)


def linked(
    connection: sqlite3.Connection,
    account_id: int,
    history_ids: Sequence[int],
    near: int,
    offset: int = 0,
    since: int | None = None,
) -> dict[int, Linked]:
    """The plays of these rows, by the rows' ids.

    A twin is `near` in ms at most; `offset` is Trakt's time less ours; `told` is from `since` on (None: of none).
    """
    found = connection.execute(
        f"SELECT {_LINKED}, p.origin = 'trakt' AND EXISTS (SELECT 1 FROM plays o WHERE o.media_id = p.media_id AND "
        "o.origin <> 'trakt' AND o.trakt_history_id IS NULL AND abs(o.watched_at - p.watched_at + ?) <= ?), "
        "p.origin <> 'trakt' AND EXISTS (SELECT 1 FROM deliveries d WHERE d.play_id = p.id AND d.settled_at >= ?) FROM plays p "
        f"WHERE p.account_id = ? AND p.trakt_history_id IN ({', '.join('?' * len(history_ids))})",
        (offset, near, since, account_id, *history_ids),
    )
    return {
        row[2]: Linked(row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6], row[7], bool(row[8]), bool(row[9]))
        for row in found
    }


def linked_after(connection: sqlite3.Connection, account_id: int, history_id: int, limit: int, began: int) -> list[Linked]:
    """Linked plays in the order of their rows' ids, from after one of these on, without those delivered since `began`."""
    found = connection.execute(
        f"SELECT {_LINKED} FROM plays p WHERE p.account_id = ? AND p.trakt_history_id > ? AND NOT EXISTS (SELECT 1 FROM "
        "deliveries d WHERE d.play_id = p.id AND d.settled_at >= ?) ORDER BY p.trakt_history_id LIMIT ?",
        (account_id, history_id, began, limit),
    )
    return [Linked(row[0], row[1], row[2], bool(row[3]), *row[4:]) for row in found]


def unlinked(connection: sqlite3.Connection, media_id: int, start: int, end: int) -> list[tuple[int, int]]:
    """Plays from here of one media, watched between two moments, that no row is known of: (id, watched at)."""
    found = connection.execute(
        "SELECT id, watched_at FROM plays WHERE media_id = ? AND origin <> 'trakt' AND trakt_history_id IS NULL "
        "AND watched_at BETWEEN ? AND ?",
        (media_id, start, end),
    )
    return [(row[0], row[1]) for row in found]


def add(connection: sqlite3.Connection, account_id: int, media_id: int, history_id: int, at: int, action: str) -> None:
    """A play that is of Trakt alone."""
    connection.execute(_ADD, (account_id, media_id, at, history_id, _known(action)))


def link(connection: sqlite3.Connection, play_id: int, history_id: int, action: str, now: int) -> None:
    """Note which row a play from here is, on the delivery that made it too; one that was not sent yet would make a second."""
    connection.execute(
        "UPDATE plays SET trakt_history_id = ?, action = coalesce(action, ?), missing_at = NULL WHERE id = ?",
        (history_id, _known(action), play_id),
    )
    connection.execute(
        "UPDATE deliveries SET history_id = ? WHERE play_id = ? AND verb = 'watched' AND state = 'delivered' "
        "AND history_id IS NULL",
        (history_id, play_id),
    )
    connection.execute(
        "UPDATE deliveries SET state = 'delivered', settled_at = ?, history_id = ?, reason = 'in the history already' "
        "WHERE play_id = ? AND verb = 'watched' AND attempts = 0 AND state IN ('pending', 'held', 'unidentified')",
        (now, history_id, play_id),
    )
    writer.plays_changed(connection)


def of_trakt_alone(connection: sqlite3.Connection, play_id: int) -> bool:
    """Whether nothing that came from here stands behind a play."""
    row = one(connection, "SELECT origin = 'trakt' FROM plays WHERE id = ?", play_id)
    return row is not None and bool(row[0])


def local_claimant(connection: sqlite3.Connection, account_id: int, history_id: int) -> int | None:
    """The play from here that a row belongs to; one of Trakt alone gives way to whoever claims its row."""
    query = "SELECT id FROM plays WHERE account_id = ? AND trakt_history_id = ? AND origin <> 'trakt'"
    row = one(connection, query, account_id, history_id)
    return None if row is None else int(row[0])


def give_way(connection: sqlite3.Connection, play_id: int) -> None:
    """Remove a play of Trakt alone: its row turned out to be that of a play from here."""
    connection.execute("DELETE FROM plays WHERE id = ? AND origin = 'trakt'", (play_id,))
    writer.plays_changed(connection)


def told_anew(connection: sqlite3.Connection, play_id: int, at: int, action: str) -> None:
    """The row of a play of Trakt alone is there, with this date: it may have been changed, or have been away."""
    connection.execute(
        "UPDATE plays SET watched_at = ?1, started_at = ?1, updated_at = ?1, progress_at = ?1, ended_at = ?1, action = ?2, "
        "missing_at = NULL, gone_at = NULL WHERE id = ?3 AND origin = 'trakt'",
        (at, _known(action), play_id),
    )


def mark(connection: sqlite3.Connection, back: Iterable[int], missing: Iterable[int], gone: Iterable[int], now: int) -> None:
    """What a full reading said of plays: told of again, lacking, or gone."""
    connection.executemany("UPDATE plays SET missing_at = NULL, gone_at = NULL WHERE id = ?", [(play,) for play in back])
    connection.executemany("UPDATE plays SET missing_at = ? WHERE id = ?", [(now, play) for play in missing])
    connection.executemany("UPDATE plays SET gone_at = ? WHERE id = ? AND origin = 'trakt'", [(now, play) for play in gone])


def counts(connection: sqlite3.Connection, account_id: int) -> dict[str, int]:
    """How many plays are linked with rows that Trakt has, by the type of their media."""
    found = connection.execute(
        "SELECT m.type, count(*) FROM plays p JOIN media m ON m.id = p.media_id WHERE p.account_id = ? "
        "AND p.trakt_history_id IS NOT NULL AND p.missing_at IS NULL GROUP BY m.type",
        (account_id,),
    )
    return dict(found.fetchall())


def removed(connection: sqlite3.Connection, account_id: int, history_ids: Sequence[int]) -> set[int]:
    """Which of these rows are of plays that were deleted here."""
    found = connection.execute(
        f"SELECT history_id FROM removals WHERE account_id = ? AND history_id IN ({', '.join('?' * len(history_ids))})",
        (account_id, *history_ids),
    )
    return {history_id for (history_id,) in found}


def leftovers(connection: sqlite3.Connection, account_id: int, name: str | None = None) -> list[tuple[str, int]]:
    """Generations that are not shown, of one section or of all: of a reading that did not end, or of a section that went."""
    found, section, generation = list[tuple[str, int]](), name or "", -1
    while True:  # a step a generation, by the primary key: the table may hold many rows
        row = one(
            connection,
            "SELECT l.section, l.generation, s.generation FROM library l LEFT JOIN sections s ON s.account_id = l.account_id "
            "AND s.name = l.section WHERE l.account_id = ? AND (l.section, l.generation) > (?, ?) "
            "ORDER BY l.section, l.generation LIMIT 1",
            account_id,
            section,
            generation,
        )
        if row is None or name not in (None, row[0]):
            return found
        section, generation, shown = row
        if generation != shown:
            found.append((section, generation))


def sweep(connection: sqlite3.Connection, account_id: int, name: str, generation: int, at_most: int) -> int:
    """Remove some rows of a generation that is not shown; return how many, 0 when all are gone."""
    return connection.execute(
        "DELETE FROM library WHERE account_id = ?1 AND section = ?2 AND generation = ?3 AND position IN (SELECT position "
        "FROM library WHERE account_id = ?1 AND section = ?2 AND generation = ?3 ORDER BY position LIMIT ?4)",
        (account_id, name, generation, at_most),
    ).rowcount


def things(connection: sqlite3.Connection, account_id: int, name: str) -> set[tuple[str, int]]:
    """What a section shows, by type and Trakt id; a season by its show's, as episodes are told of."""
    found = connection.execute(
        "SELECT l.type, iif(l.type = 'season', json_extract(l.body, '$.show.ids.trakt'), l.trakt_id) FROM library l JOIN "
        "sections s ON s.account_id = l.account_id AND s.name = l.section AND s.generation = l.generation "
        "WHERE l.account_id = ? AND l.section = ? AND l.trakt_id IS NOT NULL",
        (account_id, name),
    )
    return {(kind, number) for kind, number in found}


def spoil(connection: sqlite3.Connection, account_id: int, name: str) -> None:
    """What a section shows is known to be old: it is due, whatever Trakt says of changes."""
    connection.execute("UPDATE sections SET activity = NULL WHERE account_id = ? AND name = ?", (account_id, name))


def drop_section(connection: sqlite3.Connection, account_id: int, name: str) -> None:
    """A section is no more; its rows are shown by nothing from now on."""
    connection.execute("DELETE FROM sections WHERE account_id = ? AND name = ?", (account_id, name))


def _known(action: str) -> str:
    return action if action in _ACTIONS else "watch"
