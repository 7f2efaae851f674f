"""The history and what is counted from it. Every question is one statement: what is long is asked for page by page."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from watchd.model.media import Show
from watchd.model.personal import Seen, Tally, Viewing
from watchd.rules.derive import Telling
from watchd.rules.stats import Sums
from watchd.store.medias import media_of
from watchd.store.rows import ids_of, one

_HISTORY = "p.account_id = ? AND p.watched_at IS NOT NULL AND p.gone_at IS NULL"
_MEDIA = "m.id, m.type, m.title, m.year, m.episode_title, m.season, m.number, m.number_abs, m.runtime, m.ids, m.show_ids"
_ACTION = "coalesce(p.action, CASE p.origin WHEN 'hook' THEN 'scrobble' WHEN 'checkin' THEN 'checkin' ELSE 'watch' END)"
_EACH = (
    "(SELECT p.media_id AS media_id, count(*) AS plays, max(p.watched_at) AS last, max(p.updated_at) AS updated "
    f"FROM plays p INDEXED BY plays_counted WHERE {_HISTORY} GROUP BY p.media_id)"
)
_MOVIE_ORDERS = {
    "newest": "w.last DESC, m.id DESC",
    "oldest": "w.last, m.id",
    "plays": "w.plays DESC, w.last DESC, m.id",
    "title": "folded(m.title), m.year, m.id",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Which viewings: of one type or all, from `start` (ms) on and before or at `end`."""

    type: str | None = None
    start: int | None = None
    end: int | None = None


EVERYTHING = Span()
Mark = tuple[int, int]


def _within(span: Span) -> tuple[str, list[object]]:
    where, values = _HISTORY, list[object]()
    for condition, value in (("m.type = ?", span.type), ("p.watched_at >= ?", span.start), ("p.watched_at <= ?", span.end)):
        if value is not None:
            where += f" AND {condition}"
            values.append(value)
    return where, values


def viewings(
    connection: sqlite3.Connection,
    account_id: int,
    span: Span = EVERYTHING,
    *,
    oldest: bool = False,
    after: Mark | None = None,
    offset: int = 0,
    limit: int = -1,
) -> list[Viewing]:
    """The history by (watched_at, id), newest first unless told otherwise; `after` is that pair of the last row one has."""
    where, values = _within(span)
    way, beyond = ("ASC", ">") if oldest else ("DESC", "<")
    if after is not None:
        where += f" AND (p.watched_at, p.id) {beyond} (?, ?)"
        values += after
    found = connection.execute(
        # In the order of this index a page costs what is on it.
        f"SELECT p.id, p.watched_at, {_ACTION}, p.trakt_history_id, {_MEDIA} FROM plays p INDEXED BY plays_watched "
        f"CROSS JOIN media m ON m.id = p.media_id WHERE {where} ORDER BY p.watched_at {way}, p.id {way} LIMIT ? OFFSET ?",
        (account_id, *values, limit, offset),
    )
    return [Viewing(row[0], row[1], row[2], row[3], media_of(row[4:])) for row in found]


def count(connection: sqlite3.Connection, account_id: int, span: Span = EVERYTHING) -> int:
    """How many rows `viewings` would give without a limit."""
    if span.start is None and span.end is None:
        kinds = [counted for kind, counted in sums(connection, account_id).items() if span.type in (None, kind)]
        return sum(counted.plays for counted in kinds)
    where, values = _within(span)
    joined = "JOIN media m ON m.id = p.media_id " if span.type is not None else ""
    return int(one(connection, f"SELECT count(*) FROM plays p {joined}WHERE {where}", account_id, *values)[0])


def updated_at(connection: sqlite3.Connection, account_id: int) -> int | None:
    """When one of them was last written; None without any."""
    row = one(connection, f"SELECT max(p.updated_at) FROM plays p INDEXED BY plays_counted WHERE {_HISTORY}", account_id)
    return None if row[0] is None else int(row[0])


def movies(
    connection: sqlite3.Connection, account_id: int, sort: str = "newest", *, offset: int = 0, limit: int = -1
) -> list[Tally]:
    """The movies that were watched."""
    found = connection.execute(
        f"SELECT w.plays, w.last, w.updated, {_MEDIA} FROM {_EACH} w JOIN media m ON m.id = w.media_id "
        f"WHERE m.type = 'movie' ORDER BY {_MOVIE_ORDERS[sort]} LIMIT ? OFFSET ?",
        (account_id, limit, offset),
    )
    return [Tally(media_of(row[3:]), *row[:3]) for row in found]


def count_movies(connection: sqlite3.Connection, account_id: int) -> int:
    return sums(connection, account_id).get("movie", Sums()).watched


def sums(connection: sqlite3.Connection, account_id: int) -> dict[str, Sums]:
    """Of movies and of episodes: plays, different ones, minutes. A row's length is what is known of the item."""
    found = connection.execute(
        "SELECT m.type, sum(w.plays), count(*), sum(w.plays * coalesce(m.runtime, 0)), "
        f"sum(CASE WHEN coalesce(m.runtime, 0) > 0 THEN 0 ELSE w.plays END) FROM {_EACH} w JOIN media m ON m.id = w.media_id "
        "GROUP BY m.type",
        (account_id,),
    )
    return {kind: Sums(plays, watched, round(seconds / 60), unmeasured) for kind, plays, watched, seconds, unmeasured in found}


def tellings(connection: sqlite3.Connection, account_id: int) -> list[Telling]:
    """The shows of the watched episodes, one row for each way in which a show is known."""
    found = connection.execute(
        "SELECT m.title, m.year, m.show_ids, sum(w.plays), max(w.last), max(w.updated), json_group_array(m.id) "
        f"FROM {_EACH} w JOIN media m ON m.id = w.media_id WHERE m.type = 'episode' GROUP BY m.title, m.year, m.show_ids",
        (account_id,),
    )
    return [
        Telling(Show(title, year, ids_of(ids)), plays, last, updated, tuple(json.loads(media_ids)))
        for title, year, ids, plays, last, updated, media_ids in found
    ]


def seen(connection: sqlite3.Connection, account_id: int, media_ids: Sequence[int]) -> list[Seen]:
    """The watched ones of these rows, with their plays."""
    found = connection.execute(
        "SELECT m.id, m.season, m.number, count(*), max(p.watched_at) FROM json_each(?) wanted CROSS JOIN media m "
        "ON m.id = wanted.value CROSS JOIN plays p INDEXED BY plays_counted ON p.media_id = m.id "
        f"WHERE {_HISTORY} GROUP BY m.id",
        (json.dumps(list(media_ids)), account_id),
    )
    return [Seen(*row) for row in found]


def rated(connection: sqlite3.Connection, account_id: int) -> dict[tuple[str, int], int]:
    """How many of our own ratings there are, by type and rating rounded to 1-10."""
    found = connection.execute(
        "SELECT m.type, min(10, max(1, cast(round(r.rating) AS INTEGER))) AS rating, count(*) FROM ratings r "
        "JOIN media m ON m.id = r.media_id WHERE r.account_id = ? GROUP BY 1, 2",
        (account_id,),
    )
    return {(kind, rating): number for kind, rating, number in found}
