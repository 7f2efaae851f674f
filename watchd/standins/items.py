"""What can be watched, as Trakt knows it, and how it is written in answers."""

from dataclasses import dataclass
from typing import Any, Literal

from watchd.clock import iso

Ids = dict[str, Any]
Flavour = Literal["old", "new"]


@dataclass(frozen=True, eq=False)
class Movie:
    """A movie; `runtime` in minutes, `released` in milliseconds."""

    kind = "movie"

    title: str
    year: int | None
    ids: Ids
    runtime: int
    released: int
    overview: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return "movie", self.ids["trakt"]


@dataclass(frozen=True, eq=False)
class Show:
    kind = "show"

    title: str
    year: int | None
    ids: Ids
    runtime: int
    released: int
    overview: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return "show", self.ids["trakt"]


@dataclass(frozen=True, eq=False)
class Season:
    kind = "season"

    show: Show
    number: int
    ids: Ids

    @property
    def key(self) -> tuple[str, int]:
        return "season", self.ids["trakt"]


@dataclass(frozen=True, eq=False)
class Episode:
    kind = "episode"

    show: Show
    season: int
    number: int
    title: str
    ids: Ids
    runtime: int
    released: int
    number_abs: int | None = None
    overview: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return "episode", self.ids["trakt"]


Watchable = Movie | Episode
Item = Movie | Show | Season | Episode


def _ids(item: Item, flavour: Flavour) -> Ids:
    ids = dict(item.ids)
    if flavour == "old":
        return ids if isinstance(item, Movie) else {**ids, "tvrage": None}
    if not isinstance(item, Season):
        ids["plex"] = {"guid": f"{item.ids['trakt']:024x}"}
        if not isinstance(item, Episode):
            ids["plex"]["slug"] = item.ids["slug"]
    return ids


def _images(item: Item) -> dict[str, list[str]]:
    base = f"media.trakt.tv/images/{item.kind}s/{item.ids['trakt']:09d}"
    kinds = {
        "movie": ("fanart", "poster", "logo", "clearart", "banner", "thumb"),
        "show": ("fanart", "poster", "logo", "clearart", "banner", "thumb"),
        "season": ("poster", "thumb"),
        "episode": ("screenshot",),
    }[item.kind]
    return {kind: [f"{base}/{kind}s/medium/{item.ids['trakt']:010x}.jpg.webp"] for kind in kinds}


_COMMON_FULL = {"rating": 8.1, "votes": 1200, "comment_count": 12, "updated_at": "2026-07-01T08:00:00.000Z"}


def _full(item: Item) -> dict[str, Any]:
    first = {} if isinstance(item, Season) else {"overview": item.overview, "runtime": item.runtime}
    common: dict[str, Any] = {**_COMMON_FULL, **first, "available_translations": ["de", "en", "fr"], "original_title": None}
    if isinstance(item, Movie):
        day = iso(item.released)[:10]
        return {
            **common, "tagline": "", "released": day, "country": "us", "trailer": None, "homepage": None, "status": "released",
            "language": "en", "languages": ["en"], "genres": ["action", "science-fiction"], "certification": "PG-13",
            "after_credits": False, "during_credits": False,
        }  # fmt: skip
    if isinstance(item, Show):
        return {
            **common, "tagline": "", "first_aired": iso(item.released), "network": "AMC", "country": "us", "status": "ended",
            "airs": {"day": "Sunday", "time": "22:00", "timezone": "America/New_York"}, "certification": "TV-MA",
            "language": "en", "languages": ["en"], "genres": ["drama"], "trailer": None, "homepage": None,
        }  # fmt: skip
    if isinstance(item, Episode):
        aired = {"first_aired": iso(item.released), "episode_type": "standard", "number_abs": item.number_abs}
        return {**common, **aired}
    return {**common, "title": f"Season {item.number}" if item.number else "Specials", "overview": None}


def written(item: Item, extended: frozenset[str], flavour: Flavour, aired: int | None = None) -> dict[str, Any]:
    """The item as it stands in an answer: minimal, or with what `extended` asks for."""
    ids = _ids(item, flavour)
    body: dict[str, Any]
    if isinstance(item, Season):
        body = {"number": item.number, "ids": ids}
    elif isinstance(item, Episode):
        body = {"season": item.season, "number": item.number, "title": item.title, "ids": ids}
    else:
        body = {"title": item.title, "year": item.year, "ids": ids}
    if aired is not None and (flavour == "new" or "full" in extended):
        body["aired_episodes"] = aired
    if "full" in extended:
        body |= _full(item)
    if "images" in extended:
        body["images"] = _images(item)
    return body
