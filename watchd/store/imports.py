"""What an import asks of the store beyond the usual: plays near a moment, and plays put in as they were."""

import sqlite3

from watchd.model.playback import Play
from watchd.store import plays, writer
from watchd.store.rows import one

Near = tuple[int, int, int | None]


def near(connection: sqlite3.Connection, media_id: int, at: int, reach: int) -> list[Near]:
    """Plays of a media that counted around a moment: (id, watched_at, row of Trakt's history)."""
    found = connection.execute(
        "SELECT id, watched_at, trakt_history_id FROM plays "
        "WHERE media_id = ? AND watched_at BETWEEN ? AND ? AND gone_at IS NULL",
        (media_id, at - reach, at + reach),
    )
    return found.fetchall()


def put(connection: sqlite3.Connection, play: Play, action: str | None) -> int:
    """Store a play under the number it has, or the next one where that is 0 or taken; the number it got."""
    wanted = play.id
    row = one(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'plays'")
    made = plays.insert(connection, play)
    if wanted and wanted != made and one(connection, "SELECT 1 FROM plays WHERE id = ?", wanted) is None:
        connection.execute("UPDATE plays SET id = ? WHERE id = ?", (wanted, made))
        # New plays get numbers above all that were ever given, and no number is lost by the moving.
        connection.execute("UPDATE sqlite_sequence SET seq = max(?, ?) WHERE name = 'plays'", (row[0] if row else 0, wanted))
        made = wanted
        writer.plays_changed(connection)
    connection.execute("UPDATE plays SET action = ? WHERE id = ?", (action, made))
    return made


def matches(connection: sqlite3.Connection, account_id: int, play_id: int, media_id: int, watched_at: int) -> bool:
    """Whether the play of that number is the very one."""
    found = one(
        connection, "SELECT 1 FROM plays WHERE id = ? AND account_id = ? AND media_id = ? AND watched_at = ?",
        play_id, account_id, media_id, watched_at,
    )  # fmt: skip
    return found is not None


def clear(connection: sqlite3.Connection, account_id: int, section: str, generation: int, at_most: int = 50) -> int:
    """Remove some rows of one generation of a section; return how many, 0 when all are gone."""
    return connection.execute(
        "DELETE FROM library WHERE (account_id, section, generation, position) IN (SELECT account_id, section, generation, "
        "position FROM library WHERE account_id = ? AND section = ? AND generation = ? LIMIT ?)",
        (account_id, section, generation, at_most),
    ).rowcount


def call(connection: sqlite3.Connection, account_id: int, slug: str) -> None:
    """Give an account the name it had at Trakt, unless a login has told one, or it is another account's."""
    connection.execute(
        "UPDATE accounts SET trakt_slug = ?1 WHERE id = ?2 AND trakt_slug IS NULL AND trakt_uuid IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM accounts WHERE trakt_slug = ?1 COLLATE NOCASE)",
        (slug, account_id),
    )
