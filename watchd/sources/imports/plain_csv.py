"""A plain table of what was watched or rated: one row each, its columns under any of the usual headings."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from watchd.errors import MalformedPayload
from watchd.model.imports import Chunk, ImportedPlay, ImportedRating
from watchd.model.media import Episode, Media, MediaIds, Movie, Show, identifiable
from watchd.sources.fields import decimal, text, whole, year
from watchd.sources.ids import read_ids
from watchd.sources.imports.archive import NotAnImport
from watchd.sources.imports.columns import NOISE, SITES, Columns, can_name, columns_of
from watchd.sources.imports.moments import day_alone, moment_of
from watchd.sources.imports.trakt_rows import NAMELESS, ODD, UNDATED

AT_ONCE = 1_000
UNREADABLE = "cannot be read"
WHOLE_SHOW = "names a whole show, and no episode of it"
_NAMED = 20
_MARKS = ",;\t|"
_EPISODES = ("episode", "episodes", "tvepisode")
_MOVIES = ("movie", "movies", "film", "tvmovie", "short", "video")
_SHOWS = ("show", "shows", "tv", "series", "tvseries", "tvminiseries", "miniseries")


class _Reader(Protocol):
    """A reader of the csv module; `line_num` counts the lines it has taken."""

    @property
    def line_num(self) -> int: ...

    def __next__(self) -> list[str]: ...


@dataclass(slots=True)
class _Wrong:
    """Which lines were of no use; the first of them are named."""

    lines: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, reason: str) -> None:
        if len(self.lines) < _NAMED:
            self.lines.append(f"{line} ({reason})")
        else:
            self.more += 1

    def told(self) -> str | None:
        if not self.lines:
            return None
        return f"not taken: line {', '.join(self.lines)}" + (f", and {self.more} more" if self.more else "")


def chunks(path: Path, name: str) -> Iterator[Chunk]:
    """The rows of the table, some at a time; NotAnImport when it has no headings to go by."""
    with path.open("r", encoding=_encoding(path), errors="replace", newline="") as file:
        head = file.readline()
        if not head.strip() or len(head) > 65_536:
            raise NotAnImport("the file is neither an export nor a table with headings")
        mark = max(_MARKS, key=head.count)
        columns = columns_of(next(csv.reader(io.StringIO(head), delimiter=mark), []))
        if not ({"watched_at"} <= columns.keys() or {"rating", "rated_at"} <= columns.keys()) or not can_name(columns):
            raise NotAnImport("the table needs headings: watched_at, and a title or ids (imdb_id, tmdb_id, …)")
        if "diary" in columns and "watchlist" in name.lower():
            raise NotAnImport("this is a watchlist: what stands in it was not watched")
        wrong = _Wrong()
        rows = _rows(csv.reader(file, delimiter=mark))
        while chunk := _chunk(name, columns, rows, wrong):
            yield chunk


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


def _rows(reader: _Reader) -> Iterator[tuple[int, list[str] | None]]:
    """Each row with the line it begins on; None for one that cannot be read."""
    while True:
        line = reader.line_num + 2  # the headings were the first, and it counts those behind it
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None


def _chunk(name: str, columns: Columns, rows: Iterator[tuple[int, list[str] | None]], wrong: _Wrong) -> Chunk | None:
    """The next rows; None when there are none left."""
    skipped = Counter[str]()
    plays, ratings = list[ImportedPlay](), list[ImportedRating]()
    count = 0
    for line, row in rows:
        count += 1
        if row is None or any(row):
            found = UNREADABLE if row is None else _read(row, columns)
            if isinstance(found, str):
                skipped[found] += 1
                wrong.add(line, found)
            else:
                plays += [one for one in found if isinstance(one, ImportedPlay)]
                ratings += [one for one in found if isinstance(one, ImportedRating)]
        if count == AT_ONCE:
            break
    if not count:
        return None
    return Chunk(name, plays=tuple(plays), ratings=tuple(ratings), skipped=skipped, note=wrong.told())


def _read(row: list[str], columns: Columns) -> list[ImportedPlay | ImportedRating] | str:
    """What a row tells: a viewing, a rating or both; the reason when it is neither."""
    told = {what: _cell(row[place]) for what, place in columns.items() if place < len(row)}
    try:
        media = _media(told, has_shows=any(what.startswith("show.") for what in columns))
        if isinstance(media, str):
            return media
        if not identifiable(media):
            return NAMELESS
        play = None if _not_watched(told) else _play(told, media)
        found = [one for one in (play, _rating(told, media)) if one is not None]
    except MalformedPayload:
        return ODD
    return found or ("was not watched" if _not_watched(told) else UNDATED)


def _cell(cell: str) -> str:
    """A cell without the quote that keeps spreadsheets from taking it for a formula."""
    cell = cell.strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell


def _not_watched(told: Mapping[str, str]) -> bool:
    return told.get("watched", "1").lower() in {"0", "false", "no"}


def _play(told: Mapping[str, str], media: Media) -> ImportedPlay | None:
    watched_at = moment_of(told.get("watched_at", ""))
    if watched_at is None:
        return None
    action = told.get("action", "").lower()
    known = told.get("history_id", "")
    return ImportedPlay(
        media,
        watched_at,
        history_id=int(known) if known.isascii() and known.isdigit() and 0 < len(known) < 19 else None,
        action=action if action in {"scrobble", "checkin", "watch"} else None,
        day_alone=day_alone(told["watched_at"]),
    )


def _rating(told: Mapping[str, str], media: Media) -> ImportedRating | None:
    """A rating with its moment; where only halves up to five are given, it is doubled."""
    rating = decimal(told.get("rating"), "rating")
    rated_at = moment_of(told.get("rated_at") or told.get("watched_at", ""))
    if rating is None or rated_at is None or not 0 < (full := rating * 2 if "diary" in told else rating) <= 10:
        return None
    return ImportedRating(media, full, rated_at, "import")


def _media(told: Mapping[str, str], *, has_shows: bool) -> Media | str:
    season, number = whole(told.get("season"), "season"), whole(told.get("number"), "number")
    kind = NOISE.sub("", told.get("type", "").lower())
    title, named = text(told.get("title"), "title"), text(told.get("show"), "show")
    own = _ids(told, "")
    of_series = named or number is not None or _ids(told, "show") or (season is not None and kind not in _MOVIES)
    if not (kind in (*_EPISODES, *_SHOWS) or of_series):
        return Movie(title, year(told.get("year"), "year"), own)
    numbered = season is not None and number is not None
    whole_season = season is not None and number is None and kind not in _EPISODES and not (has_shows and own)
    if ((kind in _SHOWS and not numbered) or whole_season) and not _ids(told, "episode"):
        return WHOLE_SHOW
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
    return read_ids({site: value for site in SITES if (value := told.get(f"{lead}.{site}"))})
