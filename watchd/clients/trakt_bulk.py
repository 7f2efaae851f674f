"""Many items in one call of a sync method, and which of them an answer says it does not know."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchd.clients.trakt_bodies import Body

MOST = 100
_KINDS = ("movies", "shows", "seasons", "episodes")


def together(items: Sequence[Body]) -> Body:
    """One body of many, the episodes of a show under one entry of it."""
    whole: Body = {}
    for item in items:
        for kind, entries in item.items():
            for entry in entries:
                _add(whole.setdefault(kind, []), entry)
    return whole


def _add(entries: list[Body], entry: Body) -> None:
    """Put an entry to the others; one of a show that is there already brings its episodes to that one."""
    seasons = entry.get("seasons")
    same = next((other for other in entries if seasons and _name(other) == _name(entry)), None)
    if same is None or not seasons:
        own = {"seasons": [{**season, "episodes": [*season["episodes"]]} for season in seasons]} if seasons else {}
        entries.append({**entry, **own})
        return
    for season in seasons:
        known = next((other for other in same["seasons"] if other["number"] == season["number"]), None)
        if known is None:
            same["seasons"].append({**season, "episodes": [*season["episodes"]]})
        else:
            known["episodes"] += season["episodes"]


def _name(entry: Mapping[str, Any]) -> tuple[object, object, object]:
    """By what an entry is the same as its echo; fields beside that may be written otherwise there."""
    ids = entry.get("ids")
    known = tuple(sorted((str(name), str(value)) for name, value in ids.items())) if isinstance(ids, Mapping) else ()
    return known, None if known else entry.get("title"), None if known else entry.get("year")


def added(data: object) -> int:
    """How many items an answer says were added."""
    counts = data.get("added") if isinstance(data, Mapping) else None
    return sum(value for value in counts.values() if isinstance(value, int)) if isinstance(counts, Mapping) else 0


def unknown(items: Sequence[Body], data: object) -> set[int]:
    """Which of the items an answer lists as not found, by their place."""
    lists = data.get("not_found") if isinstance(data, Mapping) else None
    told = [key for kind in _KINDS for key in _told(kind, lists.get(kind))] if isinstance(lists, Mapping) else []
    return {number for number, item in enumerate(items) for key in _leaves(item) if _listed(key, told)}


def _listed(key: tuple[object, ...], told: Sequence[tuple[object, ...]]) -> bool:
    """Whether the item is named, or the show it is of."""
    return any(key[: len(other)] == other for other in told)


def _leaves(item: Body) -> list[tuple[object, ...]]:
    return [key for kind, entries in item.items() for key in _told(kind, entries)]


def _told(kind: str, entries: object) -> list[tuple[object, ...]]:
    """The keys of the entries of one kind: (kind, name), of a show's episodes with season and number behind."""
    if not isinstance(entries, list):
        return []
    keys: list[tuple[object, ...]] = []
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        places = [
            (season.get("number"), episode.get("number"))
            for season in entry.get("seasons") or ()
            if isinstance(season, Mapping)
            for episode in season.get("episodes") or ()
            if isinstance(episode, Mapping)
        ]
        keys += [(kind, _name(entry), *place) for place in places] or [(kind, _name(entry))]
    return keys
