"""Sections of Trakt's library as they are shown: paged, sorted, by type and by date."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from watchd.model.media import MediaIds, Show
from watchd.rules.derive import Aired
from watchd.store.library import sections
from watchd.store.rows import one

_FROM = (
    "FROM library l JOIN sections s ON s.account_id = l.account_id AND s.name = l.section AND s.generation = l.generation "
    "WHERE l.account_id = ?"
)
_ORDERS = {
    "rank": "l.section, l.position",
    "newest": "{dated} DESC, l.section, l.position",
    "oldest": "{dated}, l.section, l.position",
    "title": "folded(l.title), l.year, l.section, l.position",
    "year": "l.year DESC, folded(l.title), l.section, l.position",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of some sections: of some types or all, between two moments (texts as Trakt writes them) that stand at `dated`.

    Where they stand here in some rows and there in others, `dated` names both, with a `|` between them.
    """

    sections: tuple[str, ...]
    types: tuple[str, ...] = ()
    dated: str = ""
    start: str | None = None
    end: str | None = None
    sort: str = "rank"


@dataclass(frozen=True, slots=True)
class Standing:
    """How sections stand together: which generations are shown, when the oldest was read (None: one never was)."""

    generations: tuple[int, ...] = ()
    synced_at: int | None = None


def _where(choice: Choice) -> tuple[str, list[object]]:
    names = ", ".join("?" * len(choice.sections))
    where, values = f"{_FROM} AND l.section IN ({names})", [*choice.sections]
    found: list[object] = list(values)
    if choice.types:
        where += f" AND l.type IN ({', '.join('?' * len(choice.types))})"
        found += choice.types
    for sign, moment in ((">=", choice.start), ("<=", choice.end)):
        if moment is not None:
            text, paths = _dated(choice)
            where += f" AND {text} {sign} ?"
            found += (*paths, moment)
    return where, found


def _dated(choice: Choice) -> tuple[str, list[object]]:
    """The moment of a row, as SQL and its values."""
    paths: list[object] = [f"$.{name}" for name in choice.dated.split("|")]
    texts = ["json_extract(l.body, ?)"] * len(paths)
    return (texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"), paths


def standing(connection: sqlite3.Connection, account_id: int, names: Sequence[str]) -> Standing:
    """How these sections stand."""
    found = {section.name: section for section in sections(connection, account_id)}
    known = [found[name] for name in names if name in found]
    moments = [section.synced_at for section in known if section.synced_at is not None]
    whole = bool(names) and len(moments) == len(names)
    return Standing(tuple(section.generation for section in known), min(moments) if whole else None)


def synced_at(connection: sqlite3.Connection, account_id: int) -> int | None:
    """When something of Trakt's library was last read; None when nothing ever was."""
    row = one(connection, "SELECT max(synced_at) FROM sections WHERE account_id = ?", account_id)
    return None if row[0] is None else int(row[0])


def texts(connection: sqlite3.Connection, account_id: int, choice: Choice, *, offset: int = 0, limit: int = -1) -> list[str]:
    """The rows as Trakt gave them."""
    where, values = _where(choice)
    order = _ORDERS[choice.sort]
    if "{dated}" in order:
        text, paths = _dated(choice)
        order = order.replace("{dated}", text)
        values += paths
    found = connection.execute(f"SELECT l.body {where} ORDER BY {order} LIMIT ? OFFSET ?", (account_id, *values, limit, offset))
    return [body for (body,) in found]


def count(connection: sqlite3.Connection, account_id: int, choice: Choice) -> int:
    """How many rows `texts` would give without a limit."""
    where, values = _where(choice)
    return int(one(connection, f"SELECT count(*) {where}", account_id, *values)[0])


def list_id(connection: sqlite3.Connection, account_id: int, name: str) -> int | None:
    """Trakt's id of the list that has this slug, or else this id."""
    row = one(
        connection,
        f"SELECT coalesce(l.trakt_id, json_extract(l.body, '$.ids.trakt')) AS trakt {_FROM} AND l.section = 'lists' "
        "AND (json_extract(l.body, '$.ids.slug') = ? OR cast(trakt AS TEXT) = ?) "
        "ORDER BY json_extract(l.body, '$.ids.slug') = ? DESC LIMIT 1",
        account_id,
        name,
        name,
        name,
    )
    return None if row is None else row[0]


def aired(connection: sqlite3.Connection, account_id: int) -> dict[int, Aired]:
    """What Trakt says of the watched shows, by their Trakt ids."""
    found = connection.execute(
        "SELECT coalesce(l.trakt_id, json_extract(l.body, '$.show.ids.trakt')), "
        f"json_extract(l.body, '$.show.aired_episodes'), json_extract(l.body, '$.reset_at') {_FROM} "
        "AND l.section = 'watched_shows'",
        (account_id,),
    )
    return {
        trakt: Aired(episodes if isinstance(episodes, int) else None, reset_at)
        for trakt, episodes, reset_at in found
        if trakt is not None
    }


def following(connection: sqlite3.Connection, account_id: int) -> dict[int, str]:
    """What Trakt says comes next of the watched shows, by their Trakt ids: JSON of an episode, `null` where nothing does."""
    found = connection.execute(
        "SELECT coalesce(l.trakt_id, json_extract(l.body, '$.show.ids.trakt')), "
        f"coalesce(json(l.body -> '$.progress.next_episode'), 'null') {_FROM} AND l.section = 'up_next'",
        (account_id,),
    )
    return {trakt: text for trakt, text in found if trakt is not None}


def wished_shows(connection: sqlite3.Connection, account_id: int) -> list[Show]:
    """The shows on the watchlist, and those whose seasons or episodes are, so far as TMDB has an id of them."""
    ids = ", ".join(f"json_extract(l.body, '$.show.ids.{name}')" for name in ("trakt", "slug", "imdb", "tmdb", "tvdb"))
    found = connection.execute(
        f"SELECT json_extract(l.body, '$.show.title'), json_extract(l.body, '$.show.year'), {ids} {_FROM} "
        "AND l.section = 'watchlist' AND l.tmdb_id IS NOT NULL AND l.type <> 'movie'",
        (account_id,),
    )
    return [Show(title, year, MediaIds(*ids)) for title, year, *ids in found]
