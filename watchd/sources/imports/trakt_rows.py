"""The rows of Trakt's data export: of the history as plays, of the rest as rows of the library."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from watchd.clock import parse_iso
from watchd.errors import MalformedPayload
from watchd.model.imports import ImportedPlay
from watchd.model.library import LibraryRow
from watchd.model.media import Episode, Media, Movie, Show, identifiable
from watchd.sources.fields import section, text, whole, year
from watchd.sources.ids import number_id, read_ids

_ACTIONS = ("scrobble", "checkin", "watch")
_HIGHEST = 2**63
LATEST = 253_402_300_799_000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

NAMELESS = "names nothing that could be found again"
UNDATED = "has no date"
ODD = "is not of the expected shape"
UNKNOWN_TYPE = "is neither a movie nor an episode"


def play(row: dict[str, Any]) -> ImportedPlay | str:
    """A row of the history; the reason when it is none."""
    try:
        media = media_of(row)
    except MalformedPayload:
        return ODD
    if media is None:
        return UNKNOWN_TYPE
    if not identifiable(media):
        return NAMELESS
    watched_at = moment(row.get("watched_at"))
    if watched_at is None:
        return UNDATED
    action = row.get("action")
    return ImportedPlay(
        media=media,
        watched_at=watched_at,
        history_id=_history_id(row.get("id")),
        action=action if action in _ACTIONS else None,
        source="trakt",
    )


def media_of(row: dict[str, Any]) -> Media | None:
    """The movie or episode of a row; None for what is neither. MalformedPayload when it is not of the expected shape."""
    if isinstance(row.get("movie"), dict) and not isinstance(row.get("episode"), dict):
        of = section(row["movie"], "movie")
        ids = read_ids(section(of.get("ids"), "ids"))
        return Movie(text(of.get("title"), "title"), year(of.get("year"), "year"), ids, _length(of.get("runtime")))
    if not isinstance(row.get("episode"), dict):
        return None
    episode, show = section(row["episode"], "episode"), section(row.get("show"), "show")
    return Episode(
        show=Show(text(show.get("title"), "title"), year(show.get("year"), "year"), read_ids(section(show.get("ids"), "ids"))),
        season=whole(episode.get("season"), "season"),
        number=whole(episode.get("number"), "number"),
        number_abs=whole(episode.get("number_abs"), "number_abs"),
        title=text(episode.get("title"), "title"),
        ids=read_ids({name: value for name, value in section(episode.get("ids"), "ids").items() if name != "slug"}),
        runtime=_length(episode.get("runtime")),
    )


def moment(value: object) -> int | None:
    """Milliseconds of a moment as Trakt writes it; 0 is its word for an unknown one."""
    if value == "unknown":
        return 0
    try:
        at = parse_iso(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return max(0, at) if at is not None and at < LATEST else None


def _history_id(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _HIGHEST else None


def _length(minutes: object) -> float | None:
    known = whole(minutes, "runtime")
    return known * 60.0 if known else None


def library_rows(
    section_name: str, rows: Iterable[dict[str, Any]], skipped: Counter[str], kind: str | None = None
) -> tuple[LibraryRow, ...]:
    """Rows of the library as they came, going by `kind` if it is given; those without an item are counted in `skipped`."""
    kept = []
    for row in rows:
        made = library_row(section_name, row)
        if made is not None and kind is not None:
            made = replace(made, type=kind)
        if made is None:
            skipped[ODD] += 1
        else:
            kept.append(made)
    return tuple(kept)


def library_row(section_name: str, row: dict[str, Any]) -> LibraryRow | None:
    """One row of a section; None when it does not hold what such a row holds."""
    if not row:
        return None
    if section_name in {"profile", "stats"}:
        return LibraryRow(section_name, _encode(row))
    if section_name == "lists":
        ids = row.get("ids")
        name = row.get("name")
        trakt = number_id(ids.get("trakt")) if isinstance(ids, dict) else None
        return LibraryRow("list", _encode(row), trakt, title=name if isinstance(name, str) else None) if trakt else None
    kind = row.get("type")
    if section_name == "notes" and isinstance(row.get("note"), dict) and not isinstance(row.get(str(kind)), dict):
        return LibraryRow("note", _encode(row))  # on something that is neither a title nor a person
    if not isinstance(kind, str) or not isinstance(row.get(kind), dict):
        return None
    item = row[kind]
    named = row["show"] if kind in {"season", "episode"} and isinstance(row.get("show"), dict) else item
    ids = item["ids"] if isinstance(item.get("ids"), dict) else {}
    title, made = named.get("title") or named.get("name"), named.get("year")
    return LibraryRow(
        type=kind,
        body=_encode(row),
        trakt_id=number_id(ids.get("trakt")),
        tmdb_id=number_id(ids.get("tmdb")),
        title=title if isinstance(title, str) else None,
        year=made if isinstance(made, int) and 0 < made < 10_000 else None,
    )
