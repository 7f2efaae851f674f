"""Trakt v1's `user/watched`: the last plays in the shape of its first API; what is not known is an empty text or 0."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchd.clock import SECOND, parse_iso
from watchd.model.media import Episode, Media, Movie, Show
from watchd.model.personal import Viewing
from watchd.rules.countries import country
from watchd.rules.media import fold
from watchd.rules.shapes import Json

LAST = 100
_SITE = "http://trakt.tv"
_ACTIONS = {"scrobble": "scrobble", "checkin": "checkin"}


@dataclass(frozen=True, slots=True)
class Pictured:
    """Addresses of pictures: of the movie or show, and of what is seen on the screen; empty where there are none."""

    poster: str = ""
    fanart: str = ""
    screen: str = ""


def legacy_item(viewing: Viewing, told: Mapping[str, Any], pictured: Pictured) -> Json:
    """`movie`, or `show` and `episode`; no id of the play, for v1 had none. `told` is the show as Trakt tells of it."""
    media = viewing.media
    head: Json = {
        "type": str(media.type),
        "action": _ACTIONS.get(viewing.action, "seen"),
        "watched": viewing.watched_at // SECOND,
    }
    if isinstance(media, Movie):
        return head | {"movie": _movie(media, pictured)}
    return head | {"show": _show(media, told, pictured), "episode": _episode(media, pictured)}


def _movie(media: Movie, pictured: Pictured) -> Json:
    return {
        "title": media.title or "",
        "year": media.year or 0,
        "released": 0,
        "url": f"{_SITE}/movie/{media.ids.slug or _slug(media.title, media.year)}",
        "trailer": "",
        "runtime": _minutes(media),
        "tagline": "",
        "overview": "",
        "certification": "",
        "imdb_id": media.ids.imdb or "",
        "tmdb_id": _digits(media.ids.tmdb),
        "images": {"poster": pictured.poster, "fanart": pictured.fanart},
        "genres": [],
    }


def _show(media: Episode, told: Mapping[str, Any], pictured: Pictured) -> Json:
    show, airs, length = media.show, told.get("airs"), told.get("runtime")
    when = airs if isinstance(airs, dict) else {}
    return {
        "title": show.title or "",
        "year": show.year or 0,
        "url": _show_url(show),
        "first_aired": _seconds(told.get("first_aired")),
        "country": country(_text(told.get("country"))),
        "overview": _text(told.get("overview")),
        "runtime": length if isinstance(length, int) and length > 0 else _minutes(media),
        "network": _text(told.get("network")),
        "air_day": _text(when.get("day")),
        "air_time": _half_day(_text(when.get("time"))),
        "certification": _text(told.get("certification")),
        "imdb_id": show.ids.imdb or "",
        "tvdb_id": _digits(show.ids.tvdb),
        "tvrage_id": "",
        "images": {"poster": pictured.poster, "fanart": pictured.fanart, "banner": ""},
        "genres": _genres(told.get("genres")),
    }


def _episode(media: Episode, pictured: Pictured) -> Json:
    season, number = media.season or 0, media.number or 0
    return {
        "season": season,
        "number": number,
        "title": media.title or "",
        "overview": "",
        "first_aired": 0,
        "url": f"{_show_url(media.show)}/season/{season}/episode/{number}",
        "images": {"screen": pictured.screen},
    }


def _show_url(show: Show) -> str:
    return f"{_SITE}/show/{show.ids.slug or _slug(show.title, None)}"


def _slug(title: str | None, year: int | None) -> str:
    words = fold(title).replace(" ", "-")
    return f"{words}-{year}" if year else words


def _minutes(media: Media) -> int:
    return round((media.runtime or 0) / 60)


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: object) -> int:
    """Of a moment as Trakt writes it; 0 for none."""
    try:
        return parse_iso(_text(value)) // SECOND
    except ValueError:
        return 0


def _half_day(time: str) -> str:
    """`22:00` as `10:00pm`; empty for what is no time of the day."""
    hour, _, minute = time.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == len("00") and int(hour) < 24 and int(minute) < 60):
        return ""
    return f"{int(hour) % 12 or 12}:{minute}{'am' if int(hour) < 12 else 'pm'}"


def _genres(slugs: object) -> list[str]:
    """`science-fiction` as `Science Fiction`."""
    known = slugs if isinstance(slugs, list) else []
    return [" ".join(word.capitalize() for word in slug.split("-")) for slug in known if isinstance(slug, str) and slug]
