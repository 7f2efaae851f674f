"""Media: what is watched, found again under whichever ids the next source knows it by."""

import sqlite3

from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.rules.media import fold_key, merged, same_item
from watchd.store.rows import Row, ids_of, ids_text, one

_COLUMNS = "id, type, title, year, episode_title, season, number, number_end, number_abs, runtime, ids, show_ids"


def media_of(row: Row) -> Media:
    """A media object from the twelve columns of `_COLUMNS`."""
    (_, kind, title, year, episode_title, season, number, number_end, number_abs, runtime, ids, show_ids) = row
    if kind == "movie":
        return Movie(title=title, year=year, ids=ids_of(str(ids)), runtime=runtime)
    show = Show(title=title, year=year, ids=ids_of(str(show_ids)))
    return Episode(
        show=show,
        season=season,
        number=number,
        number_end=number_end,
        number_abs=number_abs,
        title=episode_title,
        ids=ids_of(str(ids)),
        runtime=runtime,
    )


def get(connection: sqlite3.Connection, media_id: int) -> Media:
    """The media of a known id."""
    return media_of(one(connection, f"SELECT {_COLUMNS} FROM media WHERE id = ?", media_id))


def resolve(connection: sqlite3.Connection, account_id: int, media: Media) -> tuple[int, Media, tuple[int, ...]]:
    """The row of `media`, made or completed: (id, all that is known of it, ids of other rows that turned out to be the same).

    The caller merges the plays of those others and then calls `forget`.
    """
    found = [(row, other) for row, other in _candidates(connection, account_id, media) if same_item(other, media)]
    if not found:
        return _insert(connection, account_id, media), media, ()
    found.sort(key=lambda pair: pair[0])
    keep, before = found[0]
    others: list[int] = []
    full = before
    for other_id, other in found[1:]:
        full = merged(full, other)
        others.append(other_id)
    full = merged(full, media)
    if full != before:
        _update(connection, account_id, keep, full)
    return keep, full, tuple(others)


def known(connection: sqlite3.Connection, account_id: int, media: Media) -> int | None:
    """The row of `media`, if there is one; nothing is written."""
    return next((row for row, other in _candidates(connection, account_id, media) if same_item(other, media)), None)


def learn(connection: sqlite3.Connection, account_id: int, media_id: int, told: Media) -> tuple[int, Media, tuple[int, ...]]:
    """Add what a lookup told of a known row; the same triple as `resolve`, whose first id may be an older row's."""
    before = get(connection, media_id)
    full = merged(before, told)
    if full != before:
        _update(connection, account_id, media_id, full)
    keep, full, others = resolve(connection, account_id, full)
    return keep, full, others


def forget(connection: sqlite3.Connection, media_id: int) -> None:
    """Remove a row that was merged into another and is referred to by nothing any more."""
    connection.execute("DELETE FROM media WHERE id = ?", (media_id,))


def _candidates(connection: sqlite3.Connection, account_id: int, media: Media) -> list[tuple[int, Media]]:
    """Rows that share an id, a show id with the same numbers, or the folded title."""
    rows: dict[int, Media] = {}
    columns = ", ".join(f"m.{name}" for name in _COLUMNS.split(", "))
    by_id = (
        f"SELECT {columns} FROM media_ids i JOIN media m ON m.id = i.media_id "
        "WHERE i.account_id = ? AND i.kind = ? AND i.name = ? AND i.value = ?"
    )
    for name, value in media.ids.items():
        for row in connection.execute(by_id, (account_id, media.type, name, str(value))):
            rows[row[0]] = media_of(row)
    if isinstance(media, Episode) and media.season is not None and not rows:
        for name, value in media.show.ids.items():
            for row in connection.execute(
                by_id + " AND m.season = ? AND m.number = ?",
                (account_id, "show", name, str(value), media.season, media.number),
            ):
                rows[row[0]] = media_of(row)
    key = fold_key(media)
    if key:
        sql = f"SELECT {_COLUMNS} FROM media WHERE account_id = ? AND fold = ? AND fold <> '' AND type = ?"
        for row in connection.execute(sql, (account_id, key, media.type)):
            rows.setdefault(row[0], media_of(row))
    return list(rows.items())


def _values(media: Media) -> tuple[object, ...]:
    if isinstance(media, Movie):
        return (fold_key(media), media.title, media.year, None, None, None, None, None, media.runtime, ids_text(media.ids), "{}")
    return (
        fold_key(media),
        media.show.title,
        media.show.year,
        media.title,
        media.season,
        media.number,
        media.number_end,
        media.number_abs,
        media.runtime,
        ids_text(media.ids),
        ids_text(media.show.ids),
    )


def _insert(connection: sqlite3.Connection, account_id: int, media: Media) -> int:
    cursor = connection.execute(
        "INSERT INTO media (account_id, type, fold, title, year, episode_title, season, number, number_end, number_abs, "
        "runtime, ids, show_ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (account_id, media.type, *_values(media)),
    )
    media_id = cursor.lastrowid or 0
    _index(connection, account_id, media_id, media)
    return media_id


def _update(connection: sqlite3.Connection, account_id: int, media_id: int, media: Media) -> None:
    connection.execute(
        "UPDATE media SET fold = ?, title = ?, year = ?, episode_title = ?, season = ?, number = ?, number_end = ?, "
        "number_abs = ?, runtime = ?, ids = ?, show_ids = ? WHERE id = ?",
        (*_values(media), media_id),
    )
    _index(connection, account_id, media_id, media)


def _index(connection: sqlite3.Connection, account_id: int, media_id: int, media: Media) -> None:
    pairs: list[tuple[str, MediaIds]] = [(media.type, media.ids)]
    if isinstance(media, Episode):
        pairs.append(("show", media.show.ids))
    connection.executemany(
        "INSERT OR IGNORE INTO media_ids (account_id, kind, name, value, media_id) VALUES (?, ?, ?, ?, ?)",
        [(account_id, kind, name, str(value), media_id) for kind, ids in pairs for name, value in ids.items()],
    )

