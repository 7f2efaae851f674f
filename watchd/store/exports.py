"""What an export reads: the history whole, ratings, and the sections as they are shown. Rows come one at a time."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from watchd.model.media import Media
from watchd.store.medias import media_of

_OWN = (
    "p.id, p.origin, p.source, p.player, p.player_name, p.started_at, p.updated_at, p.ended_at, p.progress, p.runtime, "
    "p.watched_at, p.trakt_history_id, p.action"
)
_MEDIA = "m.id, m.type, m.title, m.year, m.episode_title, m.season, m.number, m.number_abs, m.runtime, m.ids, m.show_ids"
_ACTIONS = {"hook": "scrobble", "checkin": "checkin"}
_ORDERS = {"media": "p.media_id, p.id", "newest": "p.watched_at DESC, p.id DESC"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A play of the history; `told_action` is the one it was told of, None where its origin says it."""

    media: Media
    id: int
    origin: str
    source: str
    player: str
    player_name: str | None
    started_at: int
    updated_at: int
    ended_at: int | None
    progress: float | None
    runtime: float | None
    watched_at: int
    history_id: int | None
    told_action: str | None

    @property
    def action(self) -> str:
        """Trakt's word for how it came about."""
        return self.told_action or _ACTIONS.get(self.origin, "watch")


def plays(connection: sqlite3.Connection, account_id: int, order: str) -> Iterator[Exported]:
    """The history, `newest` first or by `media`."""
    found = connection.execute(
        f"SELECT {_OWN}, {_MEDIA} FROM plays p JOIN media m ON m.id = p.media_id "
        f"WHERE p.account_id = ? AND p.watched_at IS NOT NULL AND p.gone_at IS NULL ORDER BY {_ORDERS[order]}",
        (account_id,),
    )
    return (Exported(media_of(row[13:]), *row[:13]) for row in found)


def count(connection: sqlite3.Connection, account_id: int) -> int:
    """How many plays `plays` gives."""
    where = "account_id = ? AND watched_at IS NOT NULL AND gone_at IS NULL"
    return int(connection.execute(f"SELECT count(*) FROM plays WHERE {where}", (account_id,)).fetchone()[0])


def ratings(connection: sqlite3.Connection, account_id: int) -> Iterator[tuple[Media, float, int, str]]:
    """What was rated here: item, rating, when (ms), by which source."""
    found = connection.execute(
        f"SELECT r.rating, r.rated_at, r.source, {_MEDIA} FROM ratings r JOIN media m ON m.id = r.media_id "
        "WHERE r.account_id = ? ORDER BY r.media_id",
        (account_id,),
    )
    return ((media_of(row[3:]), *row[:3]) for row in found)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A row of a section as it is kept."""

    type: str
    trakt_id: int | None
    tmdb_id: int | None
    title: str | None
    year: int | None
    body: str


def rows(connection: sqlite3.Connection, account_id: int, section: str) -> Iterator[Shelved]:
    """The rows of a section that are shown, in their order."""
    found = connection.execute(
        "SELECT l.type, l.trakt_id, l.tmdb_id, l.title, l.year, l.body FROM library l JOIN sections s "
        "ON s.account_id = l.account_id AND s.name = l.section AND s.generation = l.generation "
        "WHERE l.account_id = ? AND l.section = ? ORDER BY l.position",
        (account_id, section),
    )
    return (Shelved(*row) for row in found)
