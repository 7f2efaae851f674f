"""What TMDB tells of episodes: which shows are asked for, what was told of them (no title: it has none), and what is due."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from watchd.clock import DAY
from watchd.model.aired import Coming, Part, ShowTold
from watchd.rules.aired import OVER
from watchd.store.rows import one

_PARTS = "season, number, title, day, episode_id"


def news(connection: sqlite3.Connection, shows: Iterable[int], now: int) -> list[int]:
    """Those of these shows that are not known, or were not seen in a library for some hours."""
    found = connection.execute(
        "SELECT DISTINCT value FROM json_each(?) WHERE value NOT IN (SELECT tmdb_id FROM aired_shows WHERE known_at > ?)",
        (json.dumps(list(shows)), now - DAY // 2),
    )
    return [tmdb_id for (tmdb_id,) in found]


def learn(connection: sqlite3.Connection, shows: Iterable[int], now: int, most: int) -> int:
    """These are in a library now; return how many were not known. Beyond `most` shows none is taken on."""
    room = max(0, most - int(one(connection, "SELECT count(*) FROM aired_shows")[0]))
    new = 0
    for tmdb_id in shows:
        moved = connection.execute(
            "UPDATE aired_shows SET known_at = ? WHERE tmdb_id = ? AND known_at < ?", (now, tmdb_id, now)
        ).rowcount
        if not moved and new < room:
            new += connection.execute(
                "INSERT OR IGNORE INTO aired_shows (tmdb_id, due_at, known_at) VALUES (?, 0, ?)", (tmdb_id, now)
            ).rowcount
    return new


def due(connection: sqlite3.Connection, now: int, limit: int) -> list[tuple[int, int | None]]:
    """The shows to be asked for, the longest due first, and when each was last read whole."""
    found = connection.execute(
        "SELECT tmdb_id, whole_at FROM aired_shows WHERE due_at <= ? ORDER BY due_at LIMIT ?", (now, limit)
    )
    return [(tmdb_id, whole_at) for tmdb_id, whole_at in found]


def put(
    connection: sqlite3.Connection, tmdb_id: int, told: ShowTold | None, seasons: dict[int, list[Part]], now: int, due_at: int,
    *, whole: bool,
) -> bool:  # fmt: skip
    """What TMDB tells of a show (None: it has no such show); only these seasons were read. Return whether anything is new."""
    title, year = (None, None) if told is None else (told.title or "", told.year)
    stood = one(connection, "SELECT told_at IS NULL, title, year FROM aired_shows WHERE tmdb_id = ?", tmdb_id)
    before = connection.total_changes
    numbers = [] if told is None else [number for number, _ in told.seasons]
    connection.execute(
        "DELETE FROM aired_episodes WHERE tmdb_id = ? AND season NOT IN (SELECT value FROM json_each(?))",
        (tmdb_id, json.dumps(numbers)),
    )
    for season, parts in seasons.items():
        connection.execute(
            "DELETE FROM aired_episodes WHERE tmdb_id = ? AND season = ? AND number NOT IN (SELECT value FROM json_each(?))",
            (tmdb_id, season, json.dumps([part.number for part in parts])),
        )
        connection.executemany(
            f"INSERT INTO aired_episodes (tmdb_id, {_PARTS}) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET title = excluded.title, day = excluded.day, episode_id = excluded.episode_id "
            "WHERE (title, day, episode_id) IS NOT (excluded.title, excluded.day, excluded.episode_id)",
            [(tmdb_id, part.season, part.number, part.title, part.day, part.tmdb_id) for part in parts],
        )
    changed = connection.total_changes > before or stood != (0, title, year)
    connection.execute(
        "UPDATE aired_shows SET title = ?, year = ?, running = ?, told_at = ?, "
        "whole_at = CASE WHEN ? THEN ? ELSE whole_at END, tries = 0, due_at = ? WHERE tmdb_id = ?",
        (
            title,
            year,
            told is not None and told.running,
            now,
            whole,
            now,
            due_at,
            tmdb_id,
        ),
    )
    return changed


def tries(connection: sqlite3.Connection, tmdb_id: int) -> int:
    """How often it failed since it was last told."""
    row = one(connection, "SELECT tries FROM aired_shows WHERE tmdb_id = ?", tmdb_id)
    return 0 if row is None else int(row[0])


def postpone(connection: sqlite3.Connection, tmdb_id: int, due_at: int) -> None:
    """It failed once more; what was told before stays."""
    connection.execute("UPDATE aired_shows SET tries = tries + 1, due_at = ? WHERE tmdb_id = ?", (due_at, tmdb_id))


def forget(connection: sqlite3.Connection, now: int, before: int, outlived: int) -> None:
    """Drop the shows that were last seen in a library before one moment, and what was told before the other.

    What was told after `now`, or is due later than anything can be, is asked for anew: a clock went wrong.
    """
    connection.execute("DELETE FROM aired_shows WHERE known_at < ?", (before,))
    connection.execute(
        "DELETE FROM aired_episodes WHERE tmdb_id IN (SELECT tmdb_id FROM aired_shows WHERE told_at < ?)", (outlived,)
    )
    connection.execute("UPDATE aired_shows SET told_at = NULL, whole_at = NULL WHERE told_at < ?", (outlived,))
    connection.execute(
        "UPDATE aired_shows SET told_at = min(told_at, ?1), whole_at = NULL, due_at = 0, known_at = min(known_at, ?1) "
        "WHERE told_at > ?1 OR due_at > ?2",
        (now, now + OVER),
    )


def standing(connection: sqlite3.Connection) -> dict[str, int]:
    """How many shows were told of, are unknown to TMDB, and still wait; and how many failed when they were last asked for."""
    row = one(
        connection,
        "SELECT count(*) FILTER (WHERE told_at IS NOT NULL AND title IS NOT NULL), "
        "count(*) FILTER (WHERE told_at IS NOT NULL AND title IS NULL), count(*) FILTER (WHERE told_at IS NULL), "
        "count(*) FILTER (WHERE tries > 0) FROM aired_shows",
    )
    return dict(zip(("told", "none", "waiting", "failing"), map(int, row), strict=True))


def parts(connection: sqlite3.Connection, tmdb_id: int) -> list[Part]:
    """The episodes of a show, in order."""
    found = connection.execute(f"SELECT {_PARTS} FROM aired_episodes WHERE tmdb_id = ? ORDER BY season, number", (tmdb_id,))
    return [Part(*row) for row in found]


def told(connection: sqlite3.Connection) -> frozenset[int]:
    """The shows TMDB has told of."""
    found = connection.execute("SELECT tmdb_id FROM aired_shows WHERE told_at IS NOT NULL AND title IS NOT NULL")
    return frozenset(tmdb_id for (tmdb_id,) in found)


def told_at(connection: sqlite3.Connection) -> int | None:
    """When TMDB last told anything; None when it never did."""
    found: int | None = one(connection, "SELECT max(told_at) FROM aired_shows")[0]
    return found


def coming(connection: sqlite3.Connection, shows: Sequence[int], since: int, until: int) -> list[Coming]:
    """The episodes of these shows that air from one day on and before another, in order."""
    found = connection.execute(
        f"SELECT e.tmdb_id, s.title, s.year, {', '.join(f'e.{name}' for name in _PARTS.split(', '))} FROM aired_episodes e "
        "JOIN aired_shows s ON s.tmdb_id = e.tmdb_id WHERE e.day >= ? AND e.day < ? AND e.season > 0 "
        "AND e.tmdb_id IN (SELECT value FROM json_each(?)) ORDER BY e.day, s.title, e.tmdb_id, e.season, e.number",
        (since, until, json.dumps(list(shows))),
    )
    return [Coming(tmdb_id, Part(*row), title, year) for tmdb_id, title, year, *row in found]
