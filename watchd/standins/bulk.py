"""The bulk bodies of the sync methods: which items they name, with which fields, and which are unknown."""

from dataclasses import dataclass, field
from typing import Any

from watchd.standins.core import Core
from watchd.standins.items import Episode, Item, Movie, Season, Show, Watchable
from watchd.standins.naming import one
from watchd.standins.replies import Refusal

KINDS = {"movies": "movie", "shows": "show", "seasons": "season", "episodes": "episode"}
_STRUCTURE = {"ids", "title", "year", "number", "seasons", "episodes"}


@dataclass(frozen=True, slots=True)
class Named:
    """An item of a bulk body; `fields` are those beside its ids, and what an outer level says where it is silent."""

    item: Item
    fields: dict[str, Any]


@dataclass
class Bulk:
    """A bulk body, taken apart; `not_found` echoes what is unknown, as answers do."""

    core: Core
    found: list[Named] = field(default_factory=list)
    not_found: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in KINDS})

    @classmethod
    def read(cls, core: Core, body: dict[str, Any]) -> "Bulk":
        bulk = cls(core)
        for name, kind in KINDS.items():
            for entry in _entries(body, name):
                item = one(core, kind, entry)
                if item is None:
                    bulk.not_found[name].append(entry)
                elif isinstance(item, Show) and "seasons" in entry:
                    bulk._read_seasons(item, entry)
                else:
                    bulk.found.append(Named(item, _fields(entry)))
        return bulk

    def _read_seasons(self, show: Show, entry: dict[str, Any]) -> None:
        fields = _fields(entry)
        by_number: dict[Any, Season] = {season.number: season for season in self.core.catalogue.seasons(show)}
        missing = []
        for season_entry in _entries(entry, "seasons"):
            season = by_number.get(season_entry.get("number"))
            if season is None:
                missing.append(season_entry)
            elif "episodes" not in season_entry:
                self.found.append(Named(season, fields | _fields(season_entry)))
            elif unknown := self._read_episodes(season, season_entry, fields):
                missing.append({"number": season.number, "episodes": unknown})
        if missing:
            named = {name: entry[name] for name in ("title", "year", "ids") if name in entry}
            self.not_found["shows"].append({**named, "seasons": missing})

    def _read_episodes(self, season: Season, entry: dict[str, Any], fields: dict[str, Any]) -> list[dict[str, Any]]:
        unknown = []
        for one_entry in _entries(entry, "episodes"):
            episode = self.core.catalogue.place(season.show, season.number, one_entry.get("number"))
            if episode is None:
                unknown.append(one_entry)
            else:
                self.found.append(Named(episode, fields | _fields(entry) | _fields(one_entry)))
        return unknown


def watchables(core: Core, item: Item) -> list[Watchable]:
    """What is meant when a play of the item is meant: of a show or season, all its episodes."""
    if isinstance(item, Movie | Episode):
        return [item]
    if isinstance(item, Season):
        return list(core.catalogue.episodes(item.show, item.number))
    return list(core.catalogue.episodes(item))


def _entries(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = body.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refusal(400)
    return entries


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in _STRUCTURE}
