"""A media as plain JSON values, for what is kept or exported whole: everything known of it comes back as it was."""

from collections.abc import Mapping
from typing import Any

from watchd.model.media import Episode, Media, MediaIds, Movie, Show

_NUMBERS = ("trakt", "tmdb", "tvdb", "anidb", "mal")
_TEXTS = ("slug", "imdb")


def media_parts(media: Media) -> dict[str, object]:
    """The parts of a media; what is not known is left out."""
    told: dict[str, object] = {"type": str(media.type), "title": media.title, "runtime": media.runtime}
    if isinstance(media, Movie):
        told |= {"year": media.year}
    else:
        show = {"title": media.show.title, "year": media.show.year, "ids": dict(media.show.ids.items())}
        numbers = {"season": media.season, "number": media.number, "number_abs": media.number_abs}
        told |= numbers | {"show": {name: value for name, value in show.items() if value is not None}}
    return {name: value for name, value in told.items() if value is not None} | {"ids": dict(media.ids.items())}


def media_from(told: Mapping[str, Any]) -> Media:
    """The media of its parts; ValueError when they are not of one."""
    title, runtime = _told(told, "title", str), _told(told, "runtime", float, int)
    if told.get("type") == "movie":
        return Movie(title, _told(told, "year", int), _ids(told.get("ids")), runtime)
    if told.get("type") != "episode":
        raise ValueError("neither a movie nor an episode")
    show = _mapping(told.get("show"))
    return Episode(
        show=Show(_told(show, "title", str), _told(show, "year", int), _ids(show.get("ids"))),
        season=_told(told, "season", int),
        number=_told(told, "number", int),
        number_abs=_told(told, "number_abs", int),
        title=title,
        ids=_ids(told.get("ids")),
        runtime=runtime,
    )


def _ids(value: object) -> MediaIds:
    told = _mapping(value)
    numbers = {name: _told(told, name, int) for name in _NUMBERS}
    return MediaIds(**numbers, **{name: _told(told, name, str) for name in _TEXTS})


def _told(told: Mapping[str, Any], name: str, *kinds: type) -> Any:
    value = told.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, kinds) or (isinstance(value, int) and abs(value) >= 2**63):
        raise ValueError(f"{name} is not of its type")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if value is None or isinstance(value, dict):
        return value or {}
    raise ValueError("a part is not of its type")
