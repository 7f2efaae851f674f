"""`Watching` + artwork → the card as it is served: the seed dashboard's keys, and ours beside them."""

import math

from watchd.clock import iso
from watchd.model.media import Episode, Media, MediaIds
from watchd.model.watching import Artwork, Watching, WatchState
from watchd.rules.now import percentage

STEP = 2
_SHOWN = (WatchState.WATCHING, WatchState.PAUSED)
Json = dict[str, object]


def card(watching: Watching, artwork: Artwork, now: int, *, live: bool) -> Json:
    """The document of `GET /api/watching`.

    Seed keys: `isWatching` and `content`; keys without a value are left out there, as the seed does. Ours: `state`, `source`,
    `player`, `started_at` (of the sitting) and `stale_since`, always present. The percentage moves in steps of 2 so that the
    body, and with it the ETag, rests; `live` reckons it anew to a tenth.
    """
    document: Json = {"isWatching": watching.state in _SHOWN}
    if watching.media is not None:
        document["content"] = _content(watching, watching.media, artwork, now, live)
    document |= {
        "state": str(watching.state),
        "source": watching.source,
        "player": watching.player,
        "started_at": _moment(watching.started_at),
        "stale_since": _moment(watching.stale_since),
    }
    return document


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)


def _content(watching: Watching, media: Media, artwork: Artwork, now: int, live: bool) -> Json:
    about = media.show if isinstance(media, Episode) else media
    content: Json = {"type": str(media.type), "title": about.title}
    subtitle = subtitle_of(media)
    if subtitle:
        content["subtitle"] = subtitle
    images = {
        "backdrop": artwork.backdrop,
        "backdrop_medium": artwork.backdrop_medium,
        "backdrop_small": artwork.backdrop_small,
        "poster": artwork.poster,
    }
    content |= {
        "year": about.year,
        "progress": _progress(watching, now, live),
        "images": {name: url for name, url in images.items() if url},
        "ids": _ids(about.ids),
    }
    return content


def subtitle_of(media: Media) -> str | None:
    """`S3E10 - Chapter 36`, without zeros in front; None for a movie."""
    if not isinstance(media, Episode):
        return None
    if media.season is not None and media.number is not None:
        code = f"S{media.season}E{media.number}"
    else:
        code = f"#{media.number_abs}" if media.number_abs is not None else ""
    return " - ".join(part for part in (code, media.title) if part) or None


def _ids(ids: MediaIds) -> Json:
    return {"trakt": ids.trakt, "tmdb": ids.tmdb, "imdb": ids.imdb}


def _progress(watching: Watching, now: int, live: bool) -> Json:
    """The expected end, the start that belongs to it (so that a bar between the two is right), and the percentage."""
    shown: Json = {"started_at": None, "expires_at": _moment(watching.expires_at)}
    if watching.expires_at is not None and watching.runtime:
        shown["started_at"] = iso(watching.expires_at - round(watching.runtime * 1000))
    percent = percentage(watching, now)
    if percent is not None:
        shown["percentage"] = round(percent, 1) if live else stepped(percent)
    return shown


def stepped(percent: float) -> int:
    """The percentage in steps of 2, rounded down."""
    return int(percent // STEP) * STEP


def changes_at(watching: Watching, now: int) -> float:
    """When the card's body moves by itself next (ms): at the next step of the percentage, never for a frozen one."""
    percent = percentage(watching, now)
    if watching.state is not WatchState.WATCHING or percent is None or not watching.runtime:
        return math.inf
    step = stepped(percent) + STEP
    return now + max(1.0, (step - percent) * watching.runtime * 10.0) if step < 100 else math.inf
