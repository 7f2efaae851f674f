"""Media: what is watched, found again under whichever ids the next source knows it by."""

import sqlite3

from watchd.model.media import Episode, Media, Movie, Show
from watchd.rules.media import fold, merged, same_item
from watchd.store import writer
from watchd.store.rows import Row, ids_of, ids_text, one

_COLUMNS = "id, type, title, year, episode_title, season, number, number_abs, runtime, ids, show_ids"


def media_of(row: Row) -> Media:
    """A media object from the eleven columns of `_COLUMNS`."""
    (_, kind, title, year, episode_title, season, number, number_abs, runtime, ids, show_ids) = row
    if kind == "movie":
        return Movie(title=title, year=year, ids=ids_of(str(ids)), runtime=runtime)
    show = Show(title=title, year=year, ids=ids_of(str(show_ids)))
    return Episode(
        show=show,
        season=season,
        number=number,
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

    The caller merges the plays of those others and then calls `forget`. Rows that only share a vague title with `media`
    are not made one when they contradict each other.
    """
    lately = writer.row(connection, account_id, media)
    if lately is not None:
        return *lately, ()
    keep, full, others = _resolve(connection, account_id, media)
    # With nothing to be found by that the row does not have too, no later row can be nearer: it would have been this one.
    if not others and set(_handles(media)) <= set(_handles(full)):
        writer.keep_row(connection, account_id, media, keep, full)
    return keep, full, others


def _resolve(connection: sqlite3.Connection, account_id: int, media: Media) -> tuple[int, Media, tuple[int, ...]]:
    found = _matching(connection, account_id, media)
    if not found:
        return _insert(connection, account_id, media), media, ()
    nearest, *rest = found
    full, same = merged(found[nearest], media), [nearest]
    for row in rest:
        if same_item(full, found[row]):
            full = merged(full, found[row])
            same.append(row)
    keep, *others = sorted(same)
    if full == found[keep]:
        return keep, full, tuple(others)
    _update(connection, account_id, keep, full)
    first, full, more = _resolve(connection, account_id, full)  # what is known now may lead to yet other rows
    return first, full, tuple(sorted({keep, *others, *more} - {first}))


def known(connection: sqlite3.Connection, account_id: int, media: Media) -> int | None:
    """The row of `media`, if there is one; nothing is written."""
    return next(iter(_matching(connection, account_id, media)), None)


def learn(connection: sqlite3.Connection, account_id: int, media_id: int, told: Media) -> tuple[int, Media, tuple[int, ...]]:
    """Add what a lookup told of a known row; the same triple as `resolve`, whose first id may be an older row's."""
    row = one(connection, f"SELECT {_COLUMNS} FROM media WHERE id = ?", media_id)
    if row is None:  # merged into another row meanwhile: what was told leads there
        return resolve(connection, account_id, told)
    before = media_of(row)
    full = merged(before, told)
    if full != before:
        _update(connection, account_id, media_id, full)
    return resolve(connection, account_id, full)


def forget(connection: sqlite3.Connection, media_id: int) -> None:
    """Remove a row that was merged into another and is referred to by nothing any more."""
    connection.execute("DELETE FROM media WHERE id = ?", (media_id,))
    writer.media_changed(connection)


def _matching(connection: sqlite3.Connection, account_id: int, media: Media) -> dict[int, Media]:
    """The rows that are the same item: those that share an id first, then those of a shared show, then those by title."""
    handles = _handles(media)
    if not handles:
        return {}
    columns = ", ".join(f"m.{name}" for name in _COLUMNS.split(", "))
    rows = connection.execute(
        f"SELECT DISTINCT {columns} FROM (VALUES {', '.join(['(?, ?, ?, ?)'] * len(handles))}) AS wanted "
        "CROSS JOIN handles h ON h.account_id = ? AND h.kind = wanted.column1 AND h.name = wanted.column2 "
        "AND h.value = wanted.column3 AND h.place = wanted.column4 CROSS JOIN media m ON m.id = h.media_id ORDER BY m.id",
        (*(part for handle in handles for part in handle), account_id),
    )
    found = [(row[0], other) for row in rows if same_item(other := media_of(row), media)]
    return dict(sorted(found, key=lambda pair: _distance(pair[1], media)))


def _distance(one: Media, other: Media) -> int:
    if one.ids.shares(other.ids):
        return 0
    if isinstance(one, Episode) and isinstance(other, Episode) and one.show.ids.shares(other.show.ids):
        return 1
    return 2


def _handles(media: Media) -> list[tuple[str, str, str, str]]:
    """By what an item is found again: (kind, name, value, place); the place is that of an episode in its show."""
    own = [(str(media.type), name, str(value), "") for name, value in media.ids.items()]
    if isinstance(media, Movie):
        return [*own, ("movie", "title", title, "")] if (title := fold(media.title)) else own
    places = []
    if media.season is not None and media.number is not None:
        places.append(f"{media.season}|{media.number}")
    if media.number_abs is not None:
        places.append(f"abs|{media.number_abs}")
    shows = [(name, str(value)) for name, value in media.show.ids.items()]
    if title := fold(media.show.title):
        shows.append(("title", title))
    return [*own, *(("show", name, value, place) for name, value in shows for place in places)]


def _values(media: Media) -> tuple[object, ...]:
    ids = ids_text(media.ids)
    if isinstance(media, Movie):
        return (media.title, media.year, None, None, None, None, media.runtime, ids, "{}")
    return (
        media.show.title,
        media.show.year,
        media.title,
        media.season,
        media.number,
        media.number_abs,
        media.runtime,
        ids,
        ids_text(media.show.ids),
    )


def _insert(connection: sqlite3.Connection, account_id: int, media: Media) -> int:
    cursor = connection.execute(
        "INSERT INTO media (account_id, type, title, year, episode_title, season, number, number_abs, "
        "runtime, ids, show_ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (account_id, media.type, *_values(media)),
    )
    media_id = cursor.lastrowid or 0
    _index(connection, account_id, media_id, media)
    return media_id


def _update(connection: sqlite3.Connection, account_id: int, media_id: int, media: Media) -> None:
    connection.execute(
        "UPDATE media SET title = ?, year = ?, episode_title = ?, season = ?, number = ?, "
        "number_abs = ?, runtime = ?, ids = ?, show_ids = ? WHERE id = ?",
        (*_values(media), media_id),
    )
    writer.media_changed(connection)
    _index(connection, account_id, media_id, media)


def _index(connection: sqlite3.Connection, account_id: int, media_id: int, media: Media) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO handles (account_id, kind, name, value, place, media_id) VALUES (?, ?, ?, ?, ?, ?)",
        [(account_id, *handle, media_id) for handle in _handles(media)],
    )
