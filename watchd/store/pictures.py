"""Which pictures TMDB has of what is in anybody's library: what is known, what was fetched, and what is due."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from watchd.clock import DAY
from watchd.store.rows import one

ITSELF = -1
"""The `season` of a movie's or a show's own row."""
Subject = tuple[str, int]
"""`movie` or `show`, and TMDB's id."""
_SUBJECTS = (
    "SELECT position, json_extract(body, '$.movie.ids.tmdb'), json_extract(body, '$.show.ids.tmdb') FROM library "
    "WHERE account_id = ? AND section = ? AND generation = ? AND position > ? ORDER BY position LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of the index; without `fetched`, it is known and was not asked for yet."""

    kind: str
    tmdb_id: int
    season: int
    poster: str | None
    backdrop: str | None
    fetched: bool


def everything(connection: sqlite3.Connection, now: int, most: int) -> list[Kept]:
    """The rows that may be shown; what is past its lifetime counts as not fetched."""
    found = connection.execute(
        "SELECT kind, tmdb_id, season, poster, backdrop, fetched_at IS NOT NULL AND fresh_until > ? FROM pictures LIMIT ?",
        (now, most),
    )
    return [
        Kept(kind, tmdb_id, season, poster, backdrop, bool(good)) for kind, tmdb_id, season, poster, backdrop, good in found
    ]


def played(connection: sqlite3.Connection, kind: str, after: str, limit: int) -> list[str]:
    """TMDB's ids of the movies or shows that anybody played, told or found by other ids, as text, in its order."""
    found = connection.execute(
        "SELECT value FROM (SELECT DISTINCT h.value FROM accounts a CROSS JOIN handles h ON h.account_id = a.id AND h.kind = ? "
        "AND h.name = 'tmdb' AND h.value > ? ORDER BY h.value LIMIT ?) UNION SELECT cast(tmdb_id AS TEXT) AS value "
        "FROM found_shows WHERE ? = 'show' AND tmdb_id IS NOT NULL AND value > ? ORDER BY value LIMIT ?",
        (kind, after, limit, kind, after, limit),
    )
    return [value for (value,) in found]


def is_played(connection: sqlite3.Connection, subject: Subject) -> bool:
    """Whether anybody played this movie or something of this show."""
    found = one(
        connection,
        "SELECT 1 FROM accounts a CROSS JOIN handles h ON h.account_id = a.id AND h.kind = ? AND h.name = 'tmdb' "
        "AND h.value = ? UNION ALL SELECT 1 FROM found_shows WHERE tmdb_id = ? AND ? = 'show' LIMIT 1",
        subject[0],
        str(subject[1]),
        subject[1],
        subject[0],
    )
    return found is not None


def shelves(connection: sqlite3.Connection) -> dict[tuple[int, str], int]:
    """The generation that is shown of each section."""
    found = connection.execute("SELECT account_id, name, generation FROM sections WHERE generation > 0")
    return {(account_id, name): generation for account_id, name, generation in found}


def listed(
    connection: sqlite3.Connection, account_id: int, section: str, generation: int, after: int, limit: int
) -> tuple[int, list[Subject]] | None:
    """The movies and shows in some rows of a section, and the last position; None at its end."""
    rows = connection.execute(_SUBJECTS, (account_id, section, generation, after, limit)).fetchall()
    if not rows:
        return None
    found: list[Subject] = [("movie", movie) for _, movie, _ in rows if isinstance(movie, int)]
    found += [("show", show) for _, _, show in rows if isinstance(show, int)]
    return rows[-1][0], found


def learn(connection: sqlite3.Connection, subjects: Iterable[Subject], now: int) -> list[Subject]:
    """These are in a library now; return those that were not known."""
    new = []
    for kind, tmdb_id in subjects:
        added = connection.execute(
            "INSERT OR IGNORE INTO pictures (kind, tmdb_id, season, due_at, known_at) VALUES (?, ?, -1, 0, ?)",
            (kind, tmdb_id, now),
        ).rowcount
        if added:
            new.append((kind, tmdb_id))
        else:
            connection.execute(
                "UPDATE pictures SET known_at = ? WHERE kind = ? AND tmdb_id = ? AND season = -1 AND known_at < ?",
                (now, kind, tmdb_id, now - DAY // 2),
            )
    return new


def due(connection: sqlite3.Connection, now: int, limit: int) -> list[tuple[Subject, int]]:
    """What TMDB is to be asked for, and when it was last seen in a library; the longest due first."""
    found = connection.execute(
        "SELECT kind, tmdb_id, known_at FROM pictures WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?",
        (now, limit),
    )
    return [((kind, tmdb_id), known_at) for kind, tmdb_id, known_at in found]


def put(
    connection: sqlite3.Connection, subject: Subject, rows: Iterable[tuple[int, str | None, str | None]], now: int, until: int,
    due_at: int,
) -> None:  # fmt: skip
    """What TMDB has of a subject: (season, poster, backdrop), the subject itself first."""
    row = one(connection, "SELECT known_at FROM pictures WHERE kind = ? AND tmdb_id = ? AND season = -1", *subject)
    known_at = now if row is None else row[0]
    forget(connection, subject)
    connection.executemany(
        "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (*subject, season, poster, backdrop, now, until, due_at if season == ITSELF else None, known_at)
            for season, poster, backdrop in rows
        ],
    )


def postpone(connection: sqlite3.Connection, subject: Subject, due_at: int) -> None:
    connection.execute("UPDATE pictures SET due_at = ? WHERE kind = ? AND tmdb_id = ? AND season = -1", (due_at, *subject))


def forget(connection: sqlite3.Connection, subject: Subject) -> None:
    connection.execute("DELETE FROM pictures WHERE kind = ? AND tmdb_id = ?", subject)
