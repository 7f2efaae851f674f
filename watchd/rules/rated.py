"""Ratings at Trakt beside those given here that it cannot tell of: each item once, with the later of its ratings."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from watchd.rules.media import fold
from watchd.rules.personal import OLDEST, TITLE, YEAR

Name = tuple[object, ...]
_SITES = ("trakt", "imdb", "tmdb", "tvdb")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Rated:
    """A row as a JSON text, with what it is chosen and sorted by; `at` is a moment as Trakt writes it."""

    text: str
    kind: str
    at: str
    title: str
    year: int


def together(theirs: Iterable[str], ours: Iterable[Mapping[str, Any]]) -> list[Rated]:
    """Trakt's rows in their order, where ours is later with ours in its place, and then the others of ours."""
    found: list[Rated] = []
    places: dict[Name, int] = {}
    for text in theirs:
        row = json.loads(text)
        for name in _names(row):
            places.setdefault(name, len(found))
        for name in _titles(row):
            places.setdefault(name, len(found))
        found.append(_rated(text, row))
    for row in ours:
        mine = _rated(_encode(row), row)
        names = list(_names(row)) or list(_titles(row))
        place = next((places[name] for name in names if name in places), None)
        if place is None:
            places |= dict.fromkeys(names, len(found))
            found.append(mine)
        elif mine.at >= found[place].at:
            found[place] = mine
    return found


def ordered(rows: Iterable[Rated], sort: str | None) -> list[Rated]:
    """The rows sorted; by rank is the newest first, as Trakt has them."""
    newest = sorted(rows, key=lambda row: row.at, reverse=sort != OLDEST)
    if sort == TITLE:
        return sorted(newest, key=lambda row: (fold(row.title), row.year))
    if sort == YEAR:
        return sorted(newest, key=lambda row: (-row.year, fold(row.title)))
    return newest


def _rated(text: str, row: Mapping[str, Any]) -> Rated:
    kind = str(row.get("type"))
    named = _object(row, "show") if kind in {"season", "episode"} else _object(row, kind)
    title, year = named.get("title"), named.get("year")
    at = row.get("rated_at")
    return Rated(
        text,
        kind,
        at if isinstance(at, str) else "",
        title if isinstance(title, str) else "",
        year if isinstance(year, int) else 0,
    )


def _names(row: Mapping[str, Any]) -> Iterator[Name]:
    """What may tell an item: its own ids, and of an episode its place in a show that has one."""
    kind = str(row.get("type"))
    of = _object(row, kind)
    yield from ((kind, *one) for one in _ids(of))
    if kind == "episode" and of.get("season") is not None and of.get("number") is not None:
        yield from ((kind, *one, of["season"], of["number"]) for one in _ids(_object(row, "show")))


def _titles(row: Mapping[str, Any]) -> Iterator[Name]:
    """What tells an item that has no id."""
    kind = str(row.get("type"))
    of = _object(row, kind)
    named = _object(row, "show") if kind == "episode" else of
    place = (of.get("season"), of.get("number")) if kind == "episode" else ()
    title = fold(named.get("title")) if isinstance(named.get("title"), str) else ""
    if title and None not in place:
        yield (kind, "title", title, named.get("year"), *place)


def _ids(of: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ids = _object(of, "ids")
    return ((site, str(ids[site])) for site in _SITES if ids.get(site))


def _object(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}
