"""A plain table of what was watched: one row a viewing, its columns under any of the usual headings."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from watchd.clock import DAY, parse_iso
from watchd.errors import MalformedPayload
from watchd.model.imports import Chunk, ImportedPlay
from watchd.model.media import Episode, Media, MediaIds, Movie, Show, identifiable
from watchd.sources.fields import text, whole, year
from watchd.sources.ids import read_ids
from watchd.sources.imports.archive import NotAnImport
from watchd.sources.imports.trakt_rows import NAMELESS, ODD, UNDATED, moment

AT_ONCE = 1_000
_MARKS = ",;\t|"
_NOISE = re.compile(r"[^a-z0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "media_type", "mediatype", "title_type", "kind"),
    "title": ("title", "name", "movie_title", "movie", "movie_name", "original_title"),
    "show": ("show", "show_title", "show_name", "series", "series_title", "series_name", "tv_show", "tvshow", "tv_show_name"),
    "episode_title": ("episode_title", "episode_name"),
    "year": ("year", "release_year", "movie_year"),
    "show_year": ("show_year", "series_year"),
    "season": ("season", "season_number", "episode_season", "s_no"),
    "number": ("episode", "episode_number", "number", "ep_no"),
    "watched_at": (
        "watched_at", "watchedat", "watched_date", "watcheddate", "date_watched", "last_watched_at", "watched_on", "watched",
        "viewed_at", "view_date", "watch_date", "date_time", "datetime", "timestamp", "date",
    ),
    "action": ("action",),
    "history_id": ("history_id", "trakt_history_id"),
    "watched": ("is_watched",),
}  # fmt: skip
_SITES = ("trakt", "imdb", "tmdb", "tvdb")
_LEADS = {
    "": ("", "movie_", "movie_ids_", "ids_"),
    "show": ("show_", "series_", "show_ids_"),
    "episode": ("episode_", "episode_ids_"),
}
_SHOWS = ("episode", "episodes", "tvepisode", "show", "shows", "tv", "series", "tvseries")

Columns = Mapping[str, int]


def chunks(path: Path, name: str) -> Iterator[Chunk]:
    """The rows of the table, some at a time; NotAnImport when it has no headings to go by."""
    with path.open("r", encoding=_encoding(path), errors="replace", newline="") as file:
        head = file.readline()
        if not head.strip() or len(head) > 65_536:
            raise NotAnImport("the file is neither an export nor a table with headings")
        mark = max(_MARKS, key=head.count)
        columns = _columns(next(csv.reader(io.StringIO(head), delimiter=mark), []))
        if "watched_at" not in columns or not _can_name(columns):
            raise NotAnImport("the table needs headings: watched_at, and a title or ids (imdb_id, tmdb_id, …)")
        reader = csv.reader(file, delimiter=mark)
        try:
            while rows := list(islice(reader, AT_ONCE)):
                yield _chunk(name, columns, rows)
        except csv.Error as error:
            yield Chunk(name, skipped={"cannot be read": 1}, note=f"reading ended before the end of the file: {error}")


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(65_536)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start > len(start) - 4 else "cp1252"
    return "utf-8-sig"


def _columns(head: list[str]) -> Columns:
    """Where each thing stands, by our name for it; of several headings for one thing the likeliest."""
    headings = {
        _NOISE.sub("_", heading.strip().lower()).strip("_"): place for place, heading in reversed(list(enumerate(head)))
    }
    found = {}
    for name, spellings in _NAMES.items():
        known = [spelling for spelling in spellings if spelling in headings]
        if known:
            found[name] = headings[known[0]]
    for lead, spellings in _LEADS.items():
        for site in _SITES:
            known = [word for start in spellings for end in ("", "_id", "id") if (word := f"{start}{site}{end}") in headings]
            if known:
                found[f"{lead}.{site}"] = headings[known[0]]
    return found


def _can_name(columns: Columns) -> bool:
    return any(name in columns for name in ("title", "show")) or any("." in name for name in columns)


def _chunk(name: str, columns: Columns, rows: list[list[str]]) -> Chunk:
    skipped = Counter[str]()
    plays = []
    for row in rows:
        if not any(row):
            continue
        told = {what: _cell(row[place]) for what, place in columns.items() if place < len(row)}
        try:
            made = _play(told, has_shows=any(what.startswith("show.") for what in columns))
        except MalformedPayload:
            made = ODD
        if isinstance(made, str):
            skipped[made] += 1
        else:
            plays.append(made)
    return Chunk(name, plays=tuple(plays), skipped=skipped)


def _cell(cell: str) -> str:
    """A cell without the quote that keeps spreadsheets from taking it for a formula."""
    cell = cell.strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell


def _play(told: Mapping[str, str], *, has_shows: bool) -> ImportedPlay | str:
    if told.get("watched", "1").lower() in {"0", "false", "no"}:
        return "was not watched"
    media = _media(told, has_shows=has_shows)
    if not identifiable(media):
        return NAMELESS
    watched_at = _moment(told.get("watched_at", ""))
    if watched_at is None:
        return UNDATED
    action = told.get("action", "").lower()
    known = told.get("history_id", "")
    return ImportedPlay(
        media,
        watched_at,
        history_id=int(known) if known.isascii() and known.isdigit() and 0 < len(known) < 19 else None,
        action=action if action in {"scrobble", "checkin", "watch"} else None,
    )


def _media(told: Mapping[str, str], *, has_shows: bool) -> Media:
    season, number = whole(told.get("season"), "season"), whole(told.get("number"), "number")
    kind = _NOISE.sub("", told.get("type", "").lower())
    title, named = text(told.get("title"), "title"), text(told.get("show"), "show")
    own = _ids(told, "")
    if not (kind in _SHOWS or named or number is not None or _ids(told, "show")):
        return Movie(title, year(told.get("year"), "year"), own)
    numbered = season is not None and number is not None
    # Beside the numbers of an episode an id is that of the show, unless shows have columns of their own.
    of_show = _ids(told, "show").merged(own if numbered and not has_shows else MediaIds())
    of_episode = _ids(told, "episode").merged(MediaIds() if numbered and not has_shows else own)
    since = year(told.get("show_year") or told.get("year"), "year")
    return Episode(
        show=Show(named or title, since, of_show),
        season=season,
        number=number,
        title=text(told.get("episode_title"), "title") or (title if named else None),
        ids=MediaIds(trakt=of_episode.trakt, imdb=of_episode.imdb, tmdb=of_episode.tmdb, tvdb=of_episode.tvdb),
    )


def _ids(told: Mapping[str, str], lead: str) -> MediaIds:
    return read_ids({site: value for site in _SITES if (value := told.get(f"{lead}.{site}"))})


def _moment(value: str) -> int | None:
    """A day alone is taken at its noon, so that it is that day nearly everywhere."""
    if _DAY.fullmatch(value):
        try:
            return parse_iso(value) + DAY // 2
        except ValueError:
            return None
    return moment(value)
