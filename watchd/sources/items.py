"""What Jellyfin and Emby have in common: the kinds of items, ticks, unique ids, and the item as their APIs write it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from watchd.model.media import NO_IDS, Episode, Media, MediaIds, MediaType, Movie, Show, identifiable
from watchd.model.playback import IgnoreReason
from watchd.sources.fields import decimal, flag, section, span, split_year, text, whole, year
from watchd.sources.ids import from_providers

Kind = MediaType | IgnoreReason

_TICKS = 10_000_000
_MOST_PARTS = 100
_GUID = re.compile(r"[0-9a-f]{32}")
_NOBODY = "0" * 32
_KINDS: dict[str, Kind] = {
    "movie": MediaType.MOVIE,
    "episode": MediaType.EPISODE,
    "audio": IgnoreReason.MUSIC,
    "musicvideo": IgnoreReason.MUSIC,
    "musicalbum": IgnoreReason.MUSIC,
    "musicartist": IgnoreReason.MUSIC,
    "photo": IgnoreReason.PHOTO,
    "photoalbum": IgnoreReason.PHOTO,
    "trailer": IgnoreReason.TRAILER,
    "video": IgnoreReason.NOT_VIDEO_LIBRARY,
    "tvchannel": IgnoreReason.LIVE_TV,
    "livetvchannel": IgnoreReason.LIVE_TV,
    "program": IgnoreReason.LIVE_TV,
    "tvprogram": IgnoreReason.LIVE_TV,
    "livetvprogram": IgnoreReason.LIVE_TV,
}


def kind_of(value: object, name: str) -> Kind | None:
    """What an item of a type is to us: a movie, an episode, or why it is neither; None when there is no type."""
    word = text(value, name)
    return _KINDS.get(word.casefold(), IgnoreReason.UNSUPPORTED_TYPE) if word else None


def kind_of_item(item: dict[str, object]) -> Kind | None:
    """The kind of an item as the servers' APIs write it; an extra has the type of a movie and says what it is besides."""
    kind = kind_of(item.get("Type"), "Type")
    extra = text(item.get("ExtraType"), "ExtraType") is not None and kind is not IgnoreReason.MUSIC
    return IgnoreReason.TRAILER if extra else kind


def type_of(kind: Kind | None) -> MediaType | None:
    return kind if isinstance(kind, MediaType) else None


def seconds(value: object, name: str) -> float | None:
    """Seconds of a number of ticks (100 ns each)."""
    ticks = decimal(value, name)
    return ticks / _TICKS if ticks is not None and ticks >= 0 else None


def guid(value: object, name: str) -> str | None:
    """A unique id, in one form however it is written; other ids as they are. None for the empty one."""
    told = text(value, name)
    plain = (told or "").strip("{}").replace("-", "").casefold()
    if _GUID.fullmatch(plain) is None:
        return told
    return plain if plain != _NOBODY else None


def screen(server: str | None, device: str | None) -> str:
    """What tells the screens of one source apart."""
    return f"{server or ''}/{device or ''}" if server or device else ""


def own_ids(values: Mapping[str, object], kind: MediaType) -> MediaIds:
    """The ids of a movie or an episode by its metadata providers."""
    ids = from_providers(values)
    return replace(ids, mal=None) if kind is MediaType.EPISODE else ids  # MyAnimeList has no ids of episodes: it is the show's


def parts(first: object, last: object, name: str) -> tuple[int | None, int | None]:
    """An episode's number and the last one of its file, from two fields or from a range in one (`6-7`)."""
    number, end = span(first, name)
    end = whole(last, f"{name}End") if end is None else end
    several = number is not None and end is not None and number < end < number + _MOST_PARTS
    return number, end if several else None


def runtime_of(item: dict[str, object]) -> float | None:
    """The runtime of an item in seconds; None when it says zero, as it does before it was looked into."""
    return seconds(item.get("RunTimeTicks"), "RunTimeTicks") or None


def media_of(item: dict[str, object], kind: MediaType, series: dict[str, object]) -> Media:
    """The movie or the episode of an item; `series` is the item of its show, empty where it is not sent."""
    ids = own_ids(section(item.get("ProviderIds"), "ProviderIds"), kind)
    if kind is MediaType.MOVIE:
        return _movie(item, ids)
    title = text(item.get("SeriesName"), "SeriesName") or text(series.get("Name"), "Series.Name")
    above = from_providers(section(series.get("ProviderIds"), "Series.ProviderIds"))
    began = year(series.get("ProductionYear"), "Series.ProductionYear")
    return _episode(item, title, above, began, text(item.get("Name"), "Name"), ids)


def shown_in(item: dict[str, object], kind: Kind | None, series: dict[str, object]) -> Media | None:
    """What is watched, of an item of any kind; on live TV the programme where it can be told, None for all that is not ours."""
    if kind is IgnoreReason.LIVE_TV:
        return _programme(section(item.get("CurrentProgram"), "CurrentProgram") or item)
    return media_of(item, kind, series) if isinstance(kind, MediaType) else None


def _movie(item: dict[str, object], ids: MediaIds) -> Movie:
    return Movie(text(item.get("Name"), "Name"), year(item.get("ProductionYear"), "ProductionYear"), ids, runtime_of(item))


def _episode(
    item: dict[str, object], show: str | None, above: MediaIds, began: int | None, title: str | None, ids: MediaIds
) -> Episode:
    """An episode of a show; the item's own year is the episode's and says nothing of the show."""
    number, end = parts(item.get("IndexNumber"), item.get("IndexNumberEnd"), "IndexNumber")
    name, since = split_year(show)
    season = whole(item.get("ParentIndexNumber"), "ParentIndexNumber")
    return Episode(Show(name, began or since, above), season, number, end, title=title, ids=ids, runtime=runtime_of(item))


def _programme(item: dict[str, object]) -> Media | None:
    """A programme, named by its show; its ids are left out, for they may be the show's as well as the episode's."""
    name = text(item.get("Name"), "Name")
    if flag(item.get("IsMovie")):
        return _movie(item, NO_IDS) if name else None
    show, title = text(item.get("SeriesName"), "SeriesName") or name, text(item.get("EpisodeTitle"), "EpisodeTitle")
    media = _episode(item, show, NO_IDS, None, title, NO_IDS)
    return media if identifiable(media) else None
