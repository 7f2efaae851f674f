"""Shows whose TMDB id no source told: which there are, and what TMDB said of them when asked by other ids."""

import sqlite3
from dataclasses import dataclass

from watchd.model.media import Episode
from watchd.rules.media import fold
from watchd.store import medias

Name = tuple[int, str, int | None]
"""The account, and the folded title and year by which episodes are of one show."""
_ASKABLE = " OR ".join(f"m.{column} LIKE '%\"{name}\"%'" for column in ("show_ids", "ids") for name in ("imdb", "tvdb"))


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A played episode of a show without TMDB's id; `name` is None where the show has no title either."""

    media_id: int
    episode: Episode
    name: Name | None


def unnamed(connection: sqlite3.Connection, after: int, limit: int) -> list[Unnamed]:
    """The next such episodes that have an id to ask by and were not asked for yet, in the order of their rows."""
    found = connection.execute(
        "SELECT m.id, m.account_id FROM media m WHERE m.id > ? AND m.type = 'episode' AND m.show_ids NOT LIKE '%\"tmdb\"%' "
        f"AND ({_ASKABLE}) AND EXISTS (SELECT 1 FROM plays p WHERE p.media_id = m.id AND p.watched_at IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM found_shows f WHERE f.media_id = m.id) ORDER BY m.id LIMIT ?",
        (after, limit),
    )
    rows = []
    for media_id, account_id in found.fetchall():
        media = medias.get(connection, media_id)
        if isinstance(media, Episode):
            rows.append(Unnamed(media_id, media, _name(account_id, media.show.title, media.show.year)))
    return rows


def asked(connection: sqlite3.Connection) -> list[tuple[Name | None, bool]]:
    """What was asked for so far, and whether TMDB knew it."""
    found = connection.execute(
        "SELECT m.account_id, m.title, m.year, f.tmdb_id IS NOT NULL FROM found_shows f JOIN media m ON m.id = f.media_id"
    )
    return [(_name(account_id, title, year), bool(known)) for account_id, title, year, known in found]


def _name(account_id: int, title: str | None, year: int | None) -> Name | None:
    folded = fold(title)
    return (account_id, folded, year) if folded else None


def put(connection: sqlite3.Connection, media_id: int, tmdb_id: int | None, now: int) -> None:
    """What TMDB said of a row; nothing is kept of one that was merged into another meanwhile."""
    connection.execute(
        "INSERT OR REPLACE INTO found_shows (media_id, account_id, tmdb_id, asked_at) "
        "SELECT id, account_id, ?, ? FROM media WHERE id = ?",
        (tmdb_id, now, media_id),
    )


def of_account(connection: sqlite3.Connection, account_id: int) -> dict[int, int]:
    """TMDB's ids of shows, by the rows of episodes of theirs."""
    found = connection.execute(
        "SELECT media_id, tmdb_id FROM found_shows WHERE account_id = ? AND tmdb_id IS NOT NULL", (account_id,)
    )
    return dict(found.fetchall())


def forget(connection: sqlite3.Connection, unknown_before: int, outlived: int) -> None:
    """Drop what TMDB did not know before one moment, and all it told before the other, so that it is asked again."""
    connection.execute("DELETE FROM found_shows WHERE asked_at < ? AND tmdb_id IS NULL", (unknown_before,))
    connection.execute("DELETE FROM found_shows WHERE asked_at < ?", (outlived,))
