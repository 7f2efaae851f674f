"""Kodi's answers to JSON-RPC questions: what plays (GetItem, GetTVShowDetails) and how far it is (GetProperties)."""

from dataclasses import replace

from watchd.model.media import Episode, Media, MediaIds, MediaType, Movie, Show
from watchd.model.playback import IgnoreReason
from watchd.sources.fields import decimal, flag, section, split_year, text, whole, wrong, year
from watchd.sources.filenames import completed, guess
from watchd.sources.ids import named_ids, show_ids_among
from watchd.sources.kinds import UNSAID, WANTED, reason_for

_SECONDS = {"hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 0.001}
_LONGEST = 1e9


def media_of(item: dict[str, object], tvshow: dict[str, object] | None = None) -> Media | None:
    """The item of a GetItem answer; `tvshow` are the `tvshowdetails` of its show. None when it says nothing of its own.

    What is not in Kodi's library has hardly more than its file's name, which then is gone by.
    """
    kind, length = kind_of(item), decimal(item.get("runtime") or item.get("duration"), "duration")
    runtime = length if length is not None and length > 0 else None
    episode = _episode(item, tvshow or {}, runtime)
    numbered = episode.season is not None and episode.number is not None
    type_ = WANTED.get(kind)
    if type_ is MediaType.EPISODE or (kind != MediaType.MOVIE and numbered and bool(episode.show.title)):
        return completed(episode, _guessed(item))
    if type_ is None and kind not in UNSAID:
        return None
    title = text(item.get("title"), "title") or text(item.get("label"), "label")
    movie = Movie(title, year(item.get("year"), "year"), episode.ids, runtime)
    if type_ is MediaType.MOVIE and (movie.ids or movie.year or whole(item.get("id"), "id")):
        return movie
    found = _guessed(item)
    if isinstance(found, Episode):
        return replace(found, ids=episode.ids, runtime=runtime)
    if movie.ids:
        return movie
    return replace(found, runtime=runtime) if found is not None else None


def unwanted(item: dict[str, object], properties: dict[str, object]) -> IgnoreReason | None:
    """Why an item is nothing of ours, whatever it may be called."""
    reason = reason_for(kind_of(item))
    if reason is not None:
        return reason
    live = flag(properties.get("live")) or _file(item).lower().startswith("pvr://")
    return IgnoreReason.LIVE_TV if live else None


def position_of(properties: dict[str, object]) -> tuple[float | None, float | None, float | None]:
    """(position, duration, progress) of a GetProperties answer, in seconds and percent.

    While the length is unknown, so is the rest: the zeros of the first moments and of an empty player are no position.
    """
    duration = seconds(section(properties.get("totaltime"), "totaltime"))
    percent = decimal(properties.get("percentage"), "percentage")
    if not duration:
        return None, None, round(min(100.0, percent), 2) if percent is not None and percent > 0 else None
    position = min(duration, seconds(section(properties.get("time"), "time"))) if properties.get("time") is not None else None
    return position, duration, round(min(100.0, max(0.0, percent)), 2) if percent is not None else None


def kind_of(item: dict[str, object]) -> str:
    """What Kodi calls the item's type, in lower case; empty when it says none."""
    return (text(item.get("type"), "type") or "").lower()


def _file(item: dict[str, object]) -> str:
    file = item.get("file")
    if file is not None and not isinstance(file, str):
        raise wrong("file")
    return file or ""


def speaks(item: dict[str, object]) -> bool:
    """Whether it says anything of what is played, beyond a number in Kodi's library."""
    return any(item.get(name) for name in ("title", "label", "file", "showtitle", "uniqueid"))


def _episode(item: dict[str, object], tvshow: dict[str, object], runtime: float | None) -> Episode:
    unique = section(item.get("uniqueid"), "uniqueid")
    title, since = split_year(text(item.get("showtitle"), "showtitle") or text(tvshow.get("title"), "tvshow.title"))
    of_show = named_ids(section(tvshow.get("uniqueid"), "tvshow.uniqueid")).merged(_legacy(tvshow))
    return Episode(
        show=Show(title, year(tvshow.get("year"), "tvshow.year") or since, of_show.merged(show_ids_among(unique))),
        season=whole(item.get("season"), "season"),
        number=whole(item.get("episode"), "episode"),
        title=text(item.get("title"), "title"),
        ids=named_ids(unique).merged(_legacy(item)),
        runtime=runtime,
    )


def _legacy(item: dict[str, object]) -> MediaIds:
    """The one id that older versions give; of which site it is, only an id of IMDb shows."""
    return named_ids({"unknown": item.get("imdbnumber")})


def _guessed(item: dict[str, object]) -> Media | None:
    names = (_file(item), text(item.get("label"), "label"), text(item.get("title"), "title"))
    return next((found for name in names if name and (found := guess(name)) is not None), None)


def seconds(time: dict[str, object]) -> float:
    """A time of Kodi's, which comes as hours, minutes, seconds and milliseconds."""
    return min(_LONGEST, max(0.0, sum((decimal(time.get(unit), unit) or 0.0) * size for unit, size in _SECONDS.items())))
