"""Trakt v1's `user/watched`: the last plays in the shape of its first API; what is not known is an empty text or 0."""

from watchd.model.media import Episode, Media, Movie, Show
from watchd.model.personal import Viewing
from watchd.rules.media import fold
from watchd.rules.shapes import Json

LAST = 100
_SITE = "http://trakt.tv"
_ACTIONS = {"scrobble": "scrobble", "checkin": "checkin"}


def legacy_item(viewing: Viewing) -> Json:
    """`movie`, or `show` and `episode`; no id of the play, for v1 had none."""
    media = viewing.media
    told: Json = {
        "type": str(media.type),
        "action": _ACTIONS.get(viewing.action, "seen"),
        "watched": viewing.watched_at // 1000,
    }
    if isinstance(media, Movie):
        return told | {"movie": _movie(media)}
    return told | {"show": _show(media), "episode": _episode(media)}


def _movie(media: Movie) -> Json:
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
        "images": {"poster": "", "fanart": ""},
        "genres": [],
    }


def _show(media: Episode) -> Json:
    show = media.show
    return {
        "title": show.title or "",
        "year": show.year or 0,
        "url": _show_url(show),
        "first_aired": 0,
        "country": "",
        "overview": "",
        "runtime": _minutes(media),
        "network": "",
        "air_day": "",
        "air_time": "",
        "certification": "",
        "imdb_id": show.ids.imdb or "",
        "tvdb_id": _digits(show.ids.tvdb),
        "tvrage_id": "",
        "images": {"poster": "", "fanart": "", "banner": ""},
        "genres": [],
    }


def _episode(media: Episode) -> Json:
    season, number = media.season or 0, media.number or 0
    return {
        "season": season,
        "number": number,
        "title": media.title or "",
        "overview": "",
        "first_aired": 0,
        "url": f"{_show_url(media.show)}/season/{season}/episode/{number}",
        "images": {"screen": ""},
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
