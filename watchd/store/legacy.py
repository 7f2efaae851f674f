"""What Trakt's first API told of a title beside its play, as far as it is kept."""

import json
import sqlite3
from collections.abc import Collection
from typing import Any

from watchd.store.pictures import Subject


def shows(connection: sqlite3.Connection, account_id: int, trakt_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The watched shows as Trakt told of them, by their Trakt ids."""
    found = connection.execute(
        "SELECT l.trakt_id, l.body FROM library l JOIN sections s ON s.account_id = l.account_id AND s.name = l.section "
        "AND s.generation = l.generation WHERE l.account_id = ? AND l.section = 'watched_shows' "
        "AND l.trakt_id IN (SELECT value FROM json_each(?))",
        (account_id, json.dumps(list(trakt_ids))),
    )
    told = ((trakt_id, json.loads(body).get("show")) for trakt_id, body in found)
    return {trakt_id: show for trakt_id, show in told if isinstance(show, dict)}


def pictures(
    connection: sqlite3.Connection, subjects: Collection[Subject], now: int
) -> dict[Subject, tuple[str | None, str | None]]:
    """The file paths of poster and backdrop of these movies and shows, as long as they may be shown."""
    found = connection.execute(
        "SELECT p.kind, p.tmdb_id, p.poster, p.backdrop FROM json_each(?) wanted CROSS JOIN pictures p "
        "ON p.kind = json_extract(wanted.value, '$[0]') AND p.tmdb_id = json_extract(wanted.value, '$[1]') AND p.season = -1 "
        "WHERE p.fetched_at IS NOT NULL AND p.fresh_until > ?",
        (json.dumps(list(subjects)), now),
    )
    return {(kind, tmdb_id): (poster, backdrop) for kind, tmdb_id, poster, backdrop in found}
