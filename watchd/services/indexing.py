"""Indexing: what of a household's watching and of Trakt's rows becomes a title one can find. Runs in a transaction."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from watchd.clock import iso
from watchd.rules.titles import Title, joined, kind_of, objects, same, title_in, titles_of
from watchd.store import title_rows, titles
from watchd.store.rows import dumps

_ROWS = {"movie": "movie", "show": "show", "season": "show", "episode": "episode"}
Touched = dict[int, bool]
"""Titles whose rows must be written anew; True: something it knew may be wrong now."""


def take_media(connection: sqlite3.Connection, media_ids: Iterable[int]) -> None:
    """Take in how these media stand in the history."""
    touched: Touched = {}
    for media_id in media_ids:
        titles.heard(connection, media_id)
        of = titles.watched(connection, media_id)
        found = titles_of(of.media) if of.media is not None and of.plays else []
        _lose(touched, titles.unplay(connection, media_id, but=map(kind_of, found)))
        for title in found:
            title_id = _place(connection, of.account_id or 0, title, touched)
            _lose(touched, [titles.set_played(connection, media_id, kind_of(title), title_id, of)])
    _renew(connection, touched)


def items_of(rows: Iterable[tuple[int, str, str]]) -> Iterator[tuple[str, str]]:
    """What rows (position, type, body) of a section stand for: (reference, item)."""
    for position, kind, body in rows:
        row = json.loads(body)
        title = title_in(row, _ROWS[kind]) if kind in _ROWS and isinstance(row, dict) else None
        if title is not None:
            own = next((f"{name}={value}" for name, value in title.ids.items()), f"at={position}")
            facts = {name: row[name] for name in ("listed_at", "rank") if row.get(name) is not None}
            yield f"{kind}:{own}", dumps({**objects(title), "kind": kind_of(title), **facts})


def take_rows(connection: sqlite3.Connection, account_id: int, section: str, rows: Iterable[tuple[str, str | None]]) -> None:
    """Take in rows (reference, item) of a section; without an item the row is gone."""
    touched: Touched = {}
    for ref, item in rows:
        if item is None:
            _lose(touched, [title_rows.remove(connection, account_id, section, ref)])
            continue
        facts = json.loads(item)
        title = title_in(facts, facts["kind"])
        if title is not None:
            title_id = _place(connection, account_id, title, touched)
            _lose(touched, [title_rows.put(connection, account_id, section, ref, title_id, item)])
    _renew(connection, touched)


def _lose(touched: Touched, lost: Iterable[int | None]) -> None:
    touched.update({title_id: True for title_id in lost if title_id is not None})


def _place(connection: sqlite3.Connection, account_id: int, title: Title, touched: Touched) -> int:
    """The title this one is, found or made; others that turn out to be the same go up in it."""
    found = [(title_id, known) for title_id, known in titles.candidates(connection, account_id, title) if same(known, title)]
    if not found:
        title_id = titles.add(connection, account_id, title)
        titles.tell(connection, title_id, title)
    else:
        (title_id, known), *others = found
        full = joined(title, known)
        for other, told in others:
            full = joined(full, told)
            titles.move(connection, other, title_id)
            touched[other] = True
        if full != known:
            titles.tell(connection, title_id, full)
    touched.setdefault(title_id, False)
    return title_id


def _renew(connection: sqlite3.Connection, touched: Touched) -> None:
    """Write the rows of the touched titles; those that nothing stands for any more go."""
    for title_id, doubtful in touched.items():
        if doubtful:
            _tell_again(connection, title_id)
        plays, last_at = titles.figures(connection, title_id)
        rows = title_rows.of_title(connection, title_id)
        title = titles.told(connection, title_id)
        if title is None or not (plays or rows):
            titles.drop(connection, title_id)
        else:
            titles.put(connection, title_id, title, plays, last_at, _body(title, plays, last_at, rows))


def _tell_again(connection: sqlite3.Connection, title_id: int) -> None:
    """Gather what is known of a title anew from what stands for it."""
    _, kind = titles.account_and_kind(title_id)
    known = [title for _, item in title_rows.of_title(connection, title_id) if (title := title_in(item, kind)) is not None]
    for media in titles.media_of(connection, title_id):
        known += [title for title in titles_of(media) if kind_of(title) == kind]
    if known:
        full = known[0]
        for other in known[1:]:
            full = joined(full, other)
        titles.forget_names(connection, title_id)
        titles.tell(connection, title_id, full)


def _body(title: Title, plays: int, last_at: int | None, rows: list[tuple[str, dict[str, object]]]) -> str:
    """A title's row as it is served."""
    listed = next((item for section, item in rows if section == title_rows.WATCHLIST), None)
    lists = sorted({int(name) for section, _ in rows if (name := section.removeprefix(title_rows.LIST)).isdecimal()})
    sources = ["watched", "history"] if plays else []
    sources += ["watchlist"] if listed is not None else []
    sources += ["lists"] if any(section.startswith(title_rows.LIST) for section, _ in rows) else []
    row: dict[str, object] = {"type": kind_of(title), **objects(title), "source": sources[0], "sources": sources}
    if plays:
        row |= {"plays": plays, "last_watched_at": None if last_at is None else iso(last_at)}
    for name in ("rank", "listed_at"):
        told = (listed or (rows[0][1] if rows else {})).get(name)
        if told is not None:
            row[name] = told
    return dumps(row | {"lists": lists} if lists else row)
