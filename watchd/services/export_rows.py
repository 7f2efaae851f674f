"""How a play is written in an export: as Trakt does it, and whole, as only we can read it."""

import json
from collections.abc import Iterable
from typing import Any

from watchd.clock import SECOND, iso
from watchd.model.media import Media, MediaIds, Movie, Show
from watchd.model.media_json import media_parts
from watchd.store.exports import Exported

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_OURS_BELOW = 9_000_000_000_000_000
_SITES = ("trakt", "slug", "imdb", "tmdb", "tvdb")
CSV_HEAD = (
    "type", "title", "year", "show", "show_year", "season", "episode", "episode_title", "watched_at", "action", "history_id",
    *(f"{lead}{site}_id" for lead in ("", "show_") for site in ("trakt", "imdb", "tmdb", "tvdb")),
)  # fmt: skip


def trakt_row(play: Exported) -> dict[str, Any]:
    """A row of the history; a play that is none of Trakt's gets a number Trakt will never give."""
    number = play.history_id if play.history_id is not None else _OURS_BELOW - play.id
    head = {"id": number, "watched_at": iso(play.watched_at // SECOND * SECOND), "action": play.action}
    return {**head, **item(play.media)}


def item(media: Media) -> dict[str, Any]:
    """A media as Trakt writes it within a row."""
    if isinstance(media, Movie):
        return {"type": "movie", "movie": {"title": media.title, "year": media.year, "ids": _ids(media.ids)}}
    episode = {"season": media.season, "number": media.number, "title": media.title, "ids": _ids(media.ids)}
    return {"type": "episode", "episode": episode, "show": shown(media.show)}


def shown(show: Show) -> dict[str, Any]:
    """A show as Trakt writes it."""
    return {"title": show.title, "year": show.year, "ids": _ids(show.ids)}


def _ids(ids: MediaIds) -> dict[str, int | str]:
    return {name: value for name, value in ids.items() if name in _SITES}


def collected_shows(episodes: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of collected episodes by their shows and seasons; one that names no show or no place in it is left out."""
    found: dict[str, dict[str, Any]] = {}
    for body in episodes:
        row = json.loads(body)
        show, episode = row.get("show"), row.get("episode")
        if not (isinstance(show, dict) and isinstance(episode, dict) and isinstance(episode.get("season"), int)):
            continue
        head = {"last_collected_at": None, "last_updated_at": None, "type": "show", "show": show, "seasons": {}}
        of = found.setdefault(encode(show.get("ids")), head)
        for name in ("collected_at", "updated_at"):
            of[f"last_{name}"] = max(of[f"last_{name}"] or "", str(row.get(name) or "")) or None
        told = {name: row.get(name) for name in ("collected_at", "metadata")}
        of["seasons"].setdefault(episode["season"], []).append({"number": episode.get("number"), **told})
    return [
        {**of, "seasons": [{"number": n, "episodes": those} for n, those in sorted(of["seasons"].items())]}
        for of in found.values()
    ]


def own_row(play: Exported) -> dict[str, Any]:
    """A play with all that is known of it."""
    told = {
        "id": play.id,
        "history_id": play.history_id,
        "watched_at": play.watched_at,
        "action": play.told_action,
        "origin": play.origin,
        "source": play.source,
        "player": play.player,
        "player_name": play.player_name,
        "started_at": play.started_at,
        "ended_at": play.ended_at,
        "updated_at": play.updated_at,
        "progress": play.progress,
        "runtime": play.runtime,
        "media": media_parts(play.media),
    }
    return {name: value for name, value in told.items() if value is not None}


def csv_row(play: Exported) -> list[str]:
    """A row of the table, under `CSV_HEAD`."""
    media = play.media
    known: dict[str, object] = {
        "type": str(media.type),
        "watched_at": iso(play.watched_at),
        "action": play.action,
        "history_id": play.history_id,
        **{f"{name}_id": value for name, value in media.ids.items()},
    }
    if isinstance(media, Movie):
        known |= {"title": media.title, "year": media.year}
    else:
        known |= {"show": media.show.title, "show_year": media.show.year, "season": media.season, "episode": media.number}
        known |= {"episode_title": media.title, **{f"show_{name}_id": value for name, value in media.show.ids.items()}}
    return [_cell(known.get(name)) for name in CSV_HEAD]


def _cell(value: object) -> str:
    """A text that a spreadsheet will not take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} and isinstance(value, str) else text
