"""The search index: titles, by what they are recognised, and what they stand for."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from watchd.model.media import Media
from watchd.rules.searching import folded, tokens
from watchd.rules.titles import Title, kind_of, names, objects, title_in
from watchd.store import medias
from watchd.store.rows import dumps, one

_KINDS = ("episode", "movie", "show")
_ACCOUNT, _KIND = 45, 43

# The higher an id the earlier the index offers it: shows and movies before episodes, of each the newest first.


def span(account_id: int, kind: str | None = None) -> tuple[int, int]:
    """The lowest and highest id that titles of an account can have, of one kind or of all."""
    first = account_id << _ACCOUNT
    if kind is None:
        return first, first + (1 << _ACCOUNT) - 1
    first += (_KINDS.index(kind) + 1) << _KIND
    return first, first + (1 << _KIND) - 1


def account_and_kind(title_id: int) -> tuple[int, str]:
    """Whose title it is, and what."""
    account_id = title_id >> _ACCOUNT
    return account_id, _KINDS[((title_id - (account_id << _ACCOUNT)) >> _KIND) - 1]


@dataclass(frozen=True, slots=True)
class Watched:
    """A media row with its watched plays; no play: it is nothing of the history any more, or is gone."""

    account_id: int | None
    media: Media | None
    plays: int
    last_at: int | None


def news(connection: sqlite3.Connection, limit: int) -> list[int]:
    """Media rows the index has not looked at since they changed."""
    return [found for (found,) in connection.execute("SELECT media_id FROM title_news ORDER BY media_id LIMIT ?", (limit,))]


def heard(connection: sqlite3.Connection, media_id: int) -> None:
    connection.execute("DELETE FROM title_news WHERE media_id = ?", (media_id,))


def watched(connection: sqlite3.Connection, media_id: int) -> Watched:
    """How a media row stands in the history."""
    row = one(connection, "SELECT account_id FROM media WHERE id = ?", media_id)
    if row is None:
        return Watched(None, None, 0, None)
    plays, last_at = one(
        connection,
        "SELECT count(*), max(watched_at) FROM plays WHERE media_id = ? AND watched_at IS NOT NULL AND gone_at IS NULL",
        media_id,
    )
    return Watched(row[0], medias.get(connection, media_id), plays, last_at)


def candidates(connection: sqlite3.Connection, account_id: int, title: Title) -> list[tuple[int, Title]]:
    """The titles that share an id, a name or a place with this one, oldest first."""
    kind, called = kind_of(title), names(title)
    if not called:
        return []
    found = connection.execute(
        f"SELECT DISTINCT t.id, t.body FROM (VALUES {', '.join(['(?, ?)'] * len(called))}) AS wanted CROSS JOIN title_names n "
        "ON n.account_id = ? AND n.kind = ? AND n.name = wanted.column1 AND n.value = wanted.column2 "
        "CROSS JOIN titles t ON t.id = n.title_id ORDER BY t.id",
        (*(part for pair in called for part in pair), account_id, kind),
    )
    return [(title_id, known) for title_id, body in found if (known := title_in(json.loads(body), kind)) is not None]


def add(connection: sqlite3.Connection, account_id: int, title: Title) -> int:
    """A new title, not to be found before `put`."""
    first, last = span(account_id, kind_of(title))
    (newest,) = one(connection, "SELECT max(id) FROM titles WHERE id BETWEEN ? AND ?", first, last)
    title_id = first if newest is None else newest + 1
    connection.execute("INSERT INTO titles (id, account_id, folded, body) VALUES (?, ?, '', '{}')", (title_id, account_id))
    return title_id


def tell(connection: sqlite3.Connection, title_id: int, title: Title) -> None:
    """What is known of a title; it is recognised by all of it from now on."""
    account_id, kind = account_and_kind(title_id)
    connection.execute("UPDATE titles SET body = ? WHERE id = ?", (dumps(objects(title)), title_id))
    connection.executemany(
        "INSERT OR IGNORE INTO title_names (account_id, kind, name, value, title_id) VALUES (?, ?, ?, ?, ?)",
        [(account_id, kind, name, value, title_id) for name, value in names(title)],
    )


def move(connection: sqlite3.Connection, title_id: int, to: int) -> None:
    """Let what one title stands for be another's."""
    connection.execute("UPDATE title_plays SET title_id = ? WHERE title_id = ?", (to, title_id))
    connection.execute("UPDATE title_rows SET title_id = ? WHERE title_id = ?", (to, title_id))


def told(connection: sqlite3.Connection, title_id: int) -> Title | None:
    """What is known of a title."""
    row = one(connection, "SELECT body FROM titles WHERE id = ?", title_id)
    return None if row is None else title_in(json.loads(row[0]), account_and_kind(title_id)[1])


def forget_names(connection: sqlite3.Connection, title_id: int) -> None:
    connection.execute("DELETE FROM title_names WHERE title_id = ?", (title_id,))


def put(connection: sqlite3.Connection, title_id: int, title: Title, plays: int, last_at: int | None, body: str) -> None:
    """The title as it is served, found by its pieces from now on."""
    before, now = one(connection, "SELECT folded FROM titles WHERE id = ?", title_id)[0], folded(title.title)
    connection.execute(
        "UPDATE titles SET folded = ?, plays = ?, last_at = ?, body = ? WHERE id = ?", (now, plays, last_at, body, title_id)
    )
    if before != now:
        _unpiece(connection, title_id, before)
        connection.execute("INSERT INTO title_pieces (rowid, pieces) VALUES (?, ?)", (title_id, tokens(now)))


def drop(connection: sqlite3.Connection, title_id: int) -> None:
    """Nothing stands for this title any more."""
    row = one(connection, "SELECT folded FROM titles WHERE id = ?", title_id)
    if row is not None:
        _unpiece(connection, title_id, row[0])
        forget_names(connection, title_id)
        connection.execute("DELETE FROM titles WHERE id = ?", (title_id,))


def _unpiece(connection: sqlite3.Connection, title_id: int, before: str) -> None:
    if before:
        connection.execute(
            "INSERT INTO title_pieces (title_pieces, rowid, pieces) VALUES ('delete', ?, ?)", (title_id, tokens(before))
        )


def set_played(connection: sqlite3.Connection, media_id: int, kind: str, title_id: int, of: Watched) -> int | None:
    """A media row stands for this title; return the one it stood for until now, if that is another."""
    row = one(connection, "SELECT title_id FROM title_plays WHERE media_id = ? AND kind = ?", media_id, kind)
    connection.execute(
        "INSERT OR REPLACE INTO title_plays VALUES (?, ?, ?, ?, ?, ?)",
        (media_id, kind, of.account_id, title_id, of.plays, of.last_at),
    )
    return row[0] if row and row[0] != title_id else None


def unplay(connection: sqlite3.Connection, media_id: int, but: Iterable[str] = ()) -> list[int]:
    """A media row stands for nothing, except in these kinds; return the titles that lost it."""
    found = connection.execute("SELECT kind, title_id FROM title_plays WHERE media_id = ?", (media_id,)).fetchall()
    lost = [(kind, title_id) for kind, title_id in found if kind not in set(but)]
    for kind, _ in lost:
        connection.execute("DELETE FROM title_plays WHERE media_id = ? AND kind = ?", (media_id, kind))
    return [title_id for _, title_id in lost]


def figures(connection: sqlite3.Connection, title_id: int) -> tuple[int, int | None]:
    """How often a title was watched and when last."""
    plays, last_at = one(connection, "SELECT sum(plays), max(last_at) FROM title_plays WHERE title_id = ?", title_id)
    return plays or 0, last_at


def media_of(connection: sqlite3.Connection, title_id: int) -> list[Media]:
    """The watched media that stand for a title."""
    found = connection.execute("SELECT media_id FROM title_plays WHERE title_id = ? ORDER BY media_id", (title_id,)).fetchall()
    there = (one(connection, "SELECT 1 FROM media WHERE id = ?", media_id) for (media_id,) in found)
    return [medias.get(connection, media_id) for ((media_id,), known) in zip(found, there, strict=True) if known]
