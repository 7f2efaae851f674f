"""Trakt's library as it is read for keeping: where each section is found, page by page, and what its rows are known by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watchd.clients import trakt_items as items
from watchd.clients.limiter import Lane, Limiter
from watchd.clients.rest import Answer, RestClient
from watchd.clients.trakt_calls import PAGE, TraktCalls, odd, part, rows_of
from watchd.clients.trakt_tokens import TokenKeeper
from watchd.errors import UpstreamRefusal
from watchd.model.library import LibraryRow


@dataclass(frozen=True, slots=True)
class Source:
    """One list of a section: `paged` where pages are to be expected even without headers; `kind` names its rows."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    paged: bool = True
    kind: str | None = None
    own: bool = False
    """Only for whoever is logged in."""
    favour: bool = False
    """Trakt need not give it to every app: where it will not, there is nothing in it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came; `count` and `items` are what its headers say of the whole list."""

    rows: list[Any]
    count: int | None = None
    items: int | None = None


_THINGS = ("episode", "movie", "season", "show", "person", "list", "user", "comment")
_HIDDEN = ("calendar", "progress_watched", "dropped")
_LIKES = {"extended": "comments"}
_NOT_FOR_US = frozenset({403, 404, 405, 426})

ONE: Mapping[str, Source] = {
    "profile": Source("/users/{user}", {"extended": "full,vip"}, kind="profile"),
    "settings": Source("/users/settings", kind="settings", own=True),
    "stats": Source("/users/{user}/stats", kind="stats"),
}
"""Sections that are one object."""

LISTS: Mapping[str, tuple[Source, ...]] = {
    "watchlist": (Source("/users/{user}/watchlist"),),
    "lists": (Source("/users/{user}/lists", kind="list", paged=False),),
    "comments": (Source("/users/{user}/comments/all/all", {"include_replies": "true"}),),
    "ratings": (Source("/users/{user}/ratings"),),
    "collection_movies": (Source("/users/{user}/collection/movies", kind="movie"),),
    "collection_episodes": (Source("/users/{user}/collection/episodes", kind="episode"),),
    "favorites": (Source("/users/{user}/favorites/movies/rank"), Source("/users/{user}/favorites/shows/rank")),
    "playback": (Source("/sync/playback", own=True),),
    "followers": (Source("/users/{user}/followers", kind="user", paged=False),),
    "following": (Source("/users/{user}/following", kind="user", paged=False),),
    "friends": (Source("/users/{user}/friends", kind="user", paged=False),),
    "likes_comments": (Source("/users/{user}/likes/comments", _LIKES),),
    "likes_lists": (Source("/users/{user}/likes/lists"),),
    "hidden": tuple(Source(f"/users/hidden/{name}", kind=name, own=True) for name in _HIDDEN),
    "watched_shows": (Source("/users/{user}/watched/shows", {"extended": "full"}, kind="show"),),
    "up_next": (Source("/sync/progress/up_next", kind="show", own=True, favour=True),),
    "calendar": (
        Source("/calendars/my/shows/{start}/{days}", kind="episode", paged=False, own=True),
        Source("/calendars/my/movies/{start}/{days}", kind="movie", paged=False, own=True, favour=True),
    ),
}
"""Sections that are lists. A row's type is its own, else the `kind`; what is hidden goes by where it is hidden."""

LIST_ITEMS = Source("/users/{user}/lists/{list}/items")
HISTORY = Source("/users/{user}/history")


class TraktSections:
    """Reads for the sync: in its lane, and never faster than the limiter lets it."""

    def __init__(self, rest: RestClient, client_id: str, tokens: TokenKeeper | None, limiter: Limiter) -> None:
        self._calls = TraktCalls(rest, client_id, tokens, limiter)

    @property
    def offset_ms(self) -> int:
        """Trakt's time less ours, by its last answer."""
        return self._calls.offset_ms or 0

    async def activities(self) -> dict[str, Any]:
        """When what changed last."""
        data = (await self._calls.get("/sync/last_activities", "/sync/last_activities", Lane.SYNC)).data
        if not isinstance(data, dict):
            raise odd()
        return data

    async def one(self, source: Source, names: Mapping[str, str]) -> dict[str, Any]:
        """A section that is one object."""
        data = (await self._calls.get(_filled(source.path, names), source.path, Lane.SYNC, source.params)).data
        if not isinstance(data, dict):
            raise odd()
        return data

    async def page(
        self, source: Source, names: Mapping[str, str], number: int, params: Mapping[str, str] | None = None
    ) -> Page:
        """One page of a list; how large it is and how many there are is for Trakt to say."""
        asked = {**source.params, **(params or {}), "page": str(number), "limit": str(PAGE)}
        try:
            answer = await self._calls.get(_filled(source.path, names), source.path, Lane.SYNC, asked)
        except UpstreamRefusal as refusal:
            if source.favour and refusal.status in _NOT_FOR_US and not refusal.is_html:
                return Page([])
            raise
        return Page(rows_of(answer.data), _told(answer, "Page-Count"), _told(answer, "Item-Count"))


def _told(answer: Answer, what: str) -> int | None:
    text = answer.headers.get(f"X-Pagination-{what}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _filled(path: str, names: Mapping[str, str]) -> str:
    return path.format_map({name: part(value) for name, value in names.items()})


def library_row(row: Any, kind: str | None) -> LibraryRow | None:
    """A row to be kept as it came; None for one that names nothing at all.

    Seasons and episodes go by their show's title, year and TMDB id, as pictures and people do, and by their own Trakt id.
    """
    if not isinstance(row, dict):
        return None
    told = row.get("type") if isinstance(row.get("type"), str) else None
    item = _item(row, told or kind)
    if item is None:
        return None
    show = row.get("show")
    of = show if isinstance(show, dict) and item is not show else item
    known, shown = items.ids(item.get("ids")), items.ids(of.get("ids"))
    title = next((text for name in ("title", "name", "username") if isinstance(text := of.get(name), str)), None)
    year = of.get("year")
    return LibraryRow(
        type=kind if kind is not None and row.get("hidden_at") else told or kind or "unknown",
        body=as_text(row),
        trakt_id=known.trakt,
        tmdb_id=shown.tmdb,
        title=title,
        year=year if isinstance(year, int) and abs(year) < 100_000 else None,
    )


def _item(row: dict[str, Any], kind: str | None) -> dict[str, Any] | None:
    """What the row is about: the object its type names, or the row itself; None when that has neither id nor title."""
    names = (kind, *(() if isinstance(row.get("ids"), dict) else _THINGS))
    item = next((value for name in names if name and isinstance(value := row.get(name), dict)), row)
    ids = item.get("ids")
    named = isinstance(ids, dict) and any(value not in (None, "", {}) for value in ids.values())
    if named or any(item.get(name) not in (None, "") for name in ("title", "name", "username", "id")):
        return item
    return None


def as_text(row: Any) -> str:
    """Compact JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
