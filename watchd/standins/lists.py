"""The watchlist, lists and their items, favorites, the collection, and what is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from watchd.clock import iso
from watchd.standins.accounts import UserState
from watchd.standins.core import Core, extended
from watchd.standins.paging import paged
from watchd.standins.replies import Refusal, reply
from watchd.standins.shelf import Entry, UserList

_KINDS = {"movies": "movie", "shows": "show", "seasons": "season", "episodes": "episode"}


@dataclass
class Lists:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        tails = ("", "/{type}", "/{type}/{sort}", "/{type}/{sort}/{how}")
        table = [
            *[(f"/sync/watchlist{tail}", self.watchlist) for tail in tails],
            *[(f"/users/{{user}}/watchlist{tail}", self.watchlist) for tail in tails],
            *[(f"/sync/favorites{tail}", self.favorites) for tail in tails],
            *[(f"/users/{{user}}/favorites{tail}", self.favorites) for tail in tails],
            ("/sync/collection/{type}", self.collection),
            ("/users/{user}/collection/{type}", self.collection),
            ("/users/{user}/lists", self.lists),
            ("/users/{user}/lists/{list}", self.one),
            *[(f"/users/{{user}}/lists/{{list}}/items{tail}", self.items) for tail in tails],
            ("/users/hidden/{section}", self.hidden),
        ]
        return [web.get(path, handler, allow_head=False) for path, handler in table]

    def _of(self, request: web.Request) -> UserState:
        return self.core.named(request) if "user" in request.match_info else self.core.owner(request)

    async def watchlist(self, request: web.Request) -> web.Response:
        shelf = self._of(request).shelf
        return self._ranked(request, shelf.watchlist, shelf.ghosts.get("watchlist", []))

    async def favorites(self, request: web.Request) -> web.Response:
        return self._ranked(request, self._of(request).shelf.favorites, [])

    def _ranked(self, request: web.Request, entries: Sequence[Entry], ghosts: Sequence[dict[str, Any]]) -> web.Response:
        wanted, switches = extended(request), self.core.switches
        chosen = _chosen(request, entries)
        rows: list[Any] = [*enumerate(chosen, start=1), *ghosts]
        page, headers = paged(request, rows, switches.page_default, switches.page_max)
        bodies = [row if isinstance(row, dict) else self._written(row[0], row[1], wanted) for row in page]
        sort = {"X-Sort-By": "rank", "X-Sort-How": "asc", "X-Applied-Sort-By": "rank", "X-Applied-Sort-How": "asc"}
        return reply(bodies, headers={**headers, **sort})

    def _written(self, rank: int, entry: Entry, wanted: frozenset[str]) -> dict[str, Any]:
        head = {"rank": rank, "id": entry.id, "listed_at": iso(entry.at), "notes": entry.notes, "type": entry.item.kind}
        return {**head, **self.core.pair(entry.item, wanted), "my_rating": None}

    async def collection(self, request: web.Request) -> web.Response:
        wanted, switches = extended(request), self.core.switches
        found = _chosen(request, self._of(request).shelf.collection)
        page, headers = paged(request, found, switches.page_default, switches.page_max)
        bodies = [
            {"collected_at": iso(entry.at), "updated_at": iso(entry.at), **self.core.pair(entry.item, wanted)} for entry in page
        ]
        return reply(bodies, headers=headers)

    async def lists(self, request: web.Request) -> web.Response:
        user, switches = self._of(request), self.core.switches
        own = self.core.viewer(request) is user
        found = [one for one in user.shelf.lists.values() if own or one.privacy == "public"]
        page, headers = paged(request, found, switches.page_default, switches.page_max)
        return reply([self._list(user, one) for one in page], headers=headers)

    async def one(self, request: web.Request) -> web.Response:
        return reply(self._list(self._of(request), self._meant(request)))

    async def items(self, request: web.Request) -> web.Response:
        return self._ranked(request, self._meant(request).rows, [])

    def _meant(self, request: web.Request) -> UserList:
        user, ref = self._of(request), request.match_info["list"]
        found = next((one for one in user.shelf.lists.values() if ref in (str(one.id), one.slug)), None)
        if found is None:
            raise Refusal(404)
        if found.privacy != "public" and self.core.viewer(request) is not user:
            raise Refusal(403)
        return found

    def _list(self, user: UserState, one: UserList) -> dict[str, Any]:
        return {
            "name": one.name, "description": None, "privacy": one.privacy, "type": "personal", "display_numbers": False,
            "share_link": f"https://app.trakt.tv/users/{user.slug}/lists/{one.slug}", "allow_comments": True,
            "sort_by": "rank", "sort_how": "asc", "created_at": iso(one.at), "updated_at": iso(one.updated_at),
            "item_count": len(one.rows), "comment_count": 0, "likes": 0, "ids": {"trakt": one.id, "slug": one.slug},
            "user": {"username": user.slug, "private": user.private, "name": user.name, "ids": {"slug": user.slug}},
        }  # fmt: skip

    async def hidden(self, request: web.Request) -> web.Response:
        switches = self.core.switches
        found = self.core.owner(request).shelf.hidden.get(request.match_info["section"], [])
        page, headers = paged(request, found, switches.page_default, switches.page_max)
        bodies = [{"hidden_at": iso(one.at), "type": one.item.kind, **self.core.pair(one.item)} for one in page]
        return reply(bodies, headers=headers)


def _chosen(request: web.Request, entries: Sequence[Entry]) -> list[Entry]:
    told = request.match_info.get("type", "all")
    kinds = {_KINDS.get(name, name) for name in told.split(",")} - {"all", "media"}
    return [entry for entry in entries if not kinds or entry.item.kind in kinds]
