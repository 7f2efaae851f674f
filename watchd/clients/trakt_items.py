"""What Trakt says of movies, episodes and plays, read tolerantly: unknown keys, nulls and empty strings are all the same."""

import math
from dataclasses import dataclass, replace
from typing import Any

from watchd.clock import parse_iso
from watchd.model.media import Episode, Media, MediaIds, MediaType, Movie, Show


@dataclass(frozen=True, slots=True)
class TraktWatching:
    """What Trakt holds to be watched now; times in Trakt's milliseconds."""

    media: Media
    action: str
    started_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class TraktHistoryRow:
    """One play in Trakt's history; `watched_at` is whole minutes, 0 for an unknown date."""

    id: int
    watched_at: int
    action: str
    media: Media

    @property
    def type(self) -> MediaType:
        return self.media.type


@dataclass(frozen=True, slots=True)
class TraktPlayback:
    """A position Trakt keeps for going on later."""

    id: int
    progress: float
    paused_at: int
    media: Media


@dataclass(frozen=True, slots=True)
class TraktUser:
    """Whose tokens they are; `uuid` stays when the name changes."""

    slug: str
    username: str
    uuid: str | None = None
    vip: bool = False


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: Any) -> int | None:
    """A whole number that fits a column, also one written as digits in a string."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def _number(value: Any) -> float | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    whole = _whole(value)
    return None if whole is None else float(whole)


def _moment(value: Any) -> int | None:
    try:
        return parse_iso(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _id(value: Any) -> int | None:
    """Ids of 0 are old gaps, no ids."""
    return _whole(value) or None


def _seconds(minutes: Any) -> float | None:
    known = _number(minutes)
    return known * 60 if known and known > 0 else None


def ids(value: Any) -> MediaIds:
    told = _dict(value)
    return MediaIds(
        trakt=_id(told.get("trakt")),
        slug=_text(told.get("slug")),
        imdb=_text(told.get("imdb")),
        tmdb=_id(told.get("tmdb")),
        tvdb=_id(told.get("tvdb")),
    )


def ids_of(name: str | int) -> MediaIds:
    """What a name in one of Trakt's paths is: a Trakt id, an IMDb id or a slug."""
    if isinstance(name, int):
        return MediaIds(trakt=name)
    return MediaIds(imdb=name) if name.startswith("tt") and name[2:].isdigit() else MediaIds(slug=name)


def movie(value: Any) -> Movie:
    told = _dict(value)
    return Movie(_text(told.get("title")), _whole(told.get("year")), ids(told.get("ids")), _seconds(told.get("runtime")))


def show(value: Any) -> Show:
    told = _dict(value)
    return Show(_text(told.get("title")), _whole(told.get("year")), ids(told.get("ids")))


def episode(value: Any, of: Any = None) -> Episode:
    """An episode and its show; the show's runtime stands in for an unknown one."""
    told = _dict(value)
    return Episode(
        show=show(of),
        season=_whole(told.get("season")),
        number=_whole(told.get("number")),
        number_abs=_whole(told.get("number_abs")),
        title=_text(told.get("title")),
        ids=replace(ids(told.get("ids")), slug=None),
        runtime=_seconds(told.get("runtime")) or _seconds(_dict(of).get("runtime")),
    )


def media(value: Any) -> Media | None:
    """The movie or episode of a row; None for shows, people and what else there may be."""
    told = _dict(value)
    if isinstance(told.get("episode"), dict):
        return episode(told["episode"], told.get("show"))
    return movie(told["movie"]) if isinstance(told.get("movie"), dict) else None


def watching(value: Any) -> TraktWatching | None:
    told, item = _dict(value), media(value)
    started, expires = _moment(told.get("started_at")), _moment(told.get("expires_at"))
    if item is None or started is None or expires is None:
        return None
    return TraktWatching(item, _text(told.get("action")) or "scrobble", started, expires)


def history_row(value: Any) -> TraktHistoryRow | None:
    told, item = _dict(value), media(value)
    row_id, watched_at = _id(told.get("id")), _moment(told.get("watched_at"))
    if item is None or row_id is None or watched_at is None:
        return None
    return TraktHistoryRow(row_id, watched_at, _text(told.get("action")) or "watch", item)


def playback(value: Any) -> TraktPlayback | None:
    told, item = _dict(value), media(value)
    row_id, paused_at, progress = _id(told.get("id")), _moment(told.get("paused_at")), _number(told.get("progress"))
    if item is None or row_id is None or paused_at is None or progress is None:
        return None
    return TraktPlayback(row_id, progress, paused_at, item)


def user(value: Any) -> TraktUser | None:
    """The user of `/users/settings`; None when there is no slug to go by."""
    told = _dict(_dict(value).get("user"))
    names = _dict(told.get("ids"))
    slug = _text(names.get("slug"))
    if slug is None:
        return None
    return TraktUser(slug, _text(told.get("username")) or slug, _text(names.get("uuid")), told.get("vip") is True)
