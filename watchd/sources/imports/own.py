"""Our own export: everything as it was, the numbers of the plays included."""

from collections import Counter
from typing import Any, Final

from watchd.model.imports import Chunk, ImportedPlay, ImportedRating
from watchd.model.library import LibraryRow, Section
from watchd.model.media_json import media_from
from watchd.model.playback import Origin
from watchd.model.texts import storable
from watchd.sources.fields import TEXT_LIMIT
from watchd.sources.imports.jsons import BadJson, loads, rows
from watchd.sources.imports.trakt_rows import LATEST

FORMAT: Final = "watchd-export"
VERSION: Final = 1
PLAYS: Final = "watchd-plays"
RATINGS: Final = "watchd-ratings"
LIBRARY: Final = "watchd-library-"
_ODD = "is not of the expected shape"
_WRONG = (ValueError, TypeError, KeyError, LookupError, BadJson)


def manifest(name: str, value: object) -> Chunk:
    """`watchd.json`: how the sections stood, and what was deleted; BadJson when it is of a version not known here."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BadJson("is not what watchd writes")
    if value.get("version") != VERSION:
        raise BadJson("is of a newer watchd: install that one to import it")
    try:
        sections = tuple(_section(told) for told in rows(value.get("sections", [])))
        removed = tuple(_int(one) for one in value.get("removed", []))
        slug = _text(value.get("slug"))
    except _WRONG as error:
        raise BadJson(_ODD) from error
    return Chunk(name, sections=sections, removed=removed, slug=slug[:TEXT_LIMIT] if slug else None)


def page(name: str, base: str, value: object) -> Chunk:
    """A page of plays, ratings or rows of one section."""
    skipped = Counter[str]()
    if base == PLAYS:
        return Chunk(name, plays=tuple(_each(_play, value, skipped)), skipped=skipped)
    if base == RATINGS:
        return Chunk(name, ratings=tuple(_each(_rating, value, skipped)), skipped=skipped)
    return Chunk(name, section=section_of(base), library=tuple(_each(_row, value, skipped)), skipped=skipped)


def section_of(base: str) -> str | None:
    """The section whose rows a file holds, if it is such a file."""
    return base.removeprefix(LIBRARY).replace(".", ":") if base.startswith(LIBRARY) else None


def _each(read: Any, value: object, skipped: Counter[str]) -> list[Any]:
    found = []
    for row in rows(value):
        try:
            found.append(read(row))
        except _WRONG:
            skipped[_ODD] += 1
    return found


def _play(row: dict[str, Any]) -> ImportedPlay:
    return ImportedPlay(
        media=media_from(row["media"]),
        watched_at=_moment(row["watched_at"]),
        history_id=_int_or_none(row.get("history_id")),
        action=_text(row.get("action")),
        id=_int(row["id"]),
        origin=Origin(row["origin"]),
        source=_text(row["source"]) or "import",
        player=_text(row["player"]) or "",
        player_name=_text(row.get("player_name")),
        started_at=_moment(row["started_at"]),
        ended_at=None if row.get("ended_at") is None else _moment(row["ended_at"]),
        updated_at=_moment(row["updated_at"]),
        progress=float(row.get("progress", 100.0)),
        runtime=None if row.get("runtime") is None else float(row["runtime"]),
    )


def _rating(row: dict[str, Any]) -> ImportedRating:
    return ImportedRating(
        media_from(row["media"]), float(row["rating"]), _moment(row["rated_at"]), _text(row["source"]) or "import"
    )


def _row(row: dict[str, Any]) -> LibraryRow:
    kind, body = _text(row["type"]), _text(row["body"])
    if kind is None or body is None or not isinstance(loads(body.encode()), dict):
        raise ValueError(_ODD)
    trakt, tmdb, year = (_int_or_none(row.get(name)) for name in ("trakt_id", "tmdb_id", "year"))
    return LibraryRow(kind, body, trakt, tmdb, _text(row.get("title")), year)


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError(_ODD)
    return value


def _moment(value: object) -> int:
    """Milliseconds of a moment that has a date."""
    if not 0 <= _int(value) < LATEST:
        raise ValueError(_ODD)
    return _int(value)


def _int_or_none(value: object) -> int | None:
    return None if value is None else _int(value)


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(_ODD)
    return None if value is None else storable(value)


def _section(told: dict[str, Any]) -> Section:
    name = _text(told["name"])
    if name is None:
        raise ValueError(_ODD)
    return Section(
        name,
        generation=1,
        activity=_text(told.get("activity")),
        synced_at=None if told.get("synced_at") is None else _moment(told["synced_at"]),
    )
