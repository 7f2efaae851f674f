"""Which item a request means, by all the ways in which Trakt lets one be named."""

from typing import Any

from watchd.standins.core import Core
from watchd.standins.items import Episode, Item, Movie, Show, Watchable
from watchd.standins.replies import Refusal

_ID_ORDER: tuple[str, ...] = ("trakt", "slug", "tvdb", "imdb", "tmdb")


def one(core: Core, kind: str, entry: Any) -> Item | None:
    """The item of this kind that the entry names by ids, or by title and year."""
    if not isinstance(entry, dict):
        return None
    ids = entry.get("ids")
    if isinstance(ids, dict):
        names = _ID_ORDER
        if kind == "episode" and core.switches.strict_episode_ids:
            names = ("trakt", "tvdb")
        found = (core.catalogue.by_id(kind, name, ids[name]) for name in names if ids.get(name))
        item = next((item for item in found if item is not None), None)
        if item is not None:
            return item
    return core.catalogue.by_title(kind, entry.get("title"), entry.get("year")) if kind in {"movie", "show"} else None


def watchable(core: Core, body: dict[str, Any]) -> Watchable:
    """The movie or episode of a scrobble or checkin; 404 when nothing matches."""
    item = one(core, "movie", body["movie"]) if "movie" in body else _episode(core, body.get("show"), body.get("episode"))
    if not isinstance(item, Movie | Episode):
        raise Refusal(404)
    return item


def _episode(core: Core, show_entry: Any, entry: Any) -> Item | None:
    if not isinstance(entry, dict):
        return None
    by_own_ids = one(core, "episode", entry)
    show = one(core, "show", show_entry)
    if by_own_ids is not None or not isinstance(show, Show):
        return by_own_ids
    if entry.get("season") is not None and entry.get("number") is not None:
        return core.catalogue.place(show, entry["season"], entry["number"])
    if entry.get("number_abs") is not None:
        return core.catalogue.absolute(show, entry["number_abs"])
    return None
