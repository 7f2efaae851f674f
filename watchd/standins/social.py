"""Comments, likes, and who follows whom."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from watchd.clock import iso
from watchd.standins.accounts import UserState
from watchd.standins.core import Core, extended
from watchd.standins.paging import paged
from watchd.standins.replies import reply
from watchd.standins.shelf import Remark

_COMMENTS_A_PAGE = 10


@dataclass
class Social:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        people = [(f"/users/{{user}}/{{which:{names}}}", self.people) for names in ("followers|following|friends",)]
        table = [
            *people,
            *[(f"/users/{{user}}/comments{tail}", self.comments) for tail in ("", "/{sort}", "/{sort}/{type}")],
            ("/users/{user}/likes/{type:comments|lists}", self.likes),
        ]
        return [web.get("/users/likes/{type:comments|lists}", self.likes, allow_head=False)] + [
            web.get(path, handler, allow_head=False) for path, handler in table
        ]

    async def people(self, request: web.Request) -> web.Response:
        shelf = self.core.named(request).shelf
        which = request.match_info["which"]
        if which == "friends":
            found = {name: max(at, shelf.following[name]) for name, at in shelf.followers.items() if name in shelf.following}
        else:
            found = shelf.followers if which == "followers" else shelf.following
        key = "friends_at" if which == "friends" else "followed_at"
        return reply([{key: iso(at), "user": _named(self.core.users[name])} for name, at in found.items()])

    async def comments(self, request: web.Request) -> web.Response:
        user, wanted = self.core.named(request), extended(request)
        kind = request.match_info.get("type", "all").removesuffix("s")
        replies = request.query.get("include_replies", "false") != "false"
        found = [one for one in user.shelf.comments if kind in ("all", one.item.kind) and (replies or not one.parent)]
        page, headers = paged(request, found, _COMMENTS_A_PAGE, self.core.switches.page_max)
        return reply([self._comment(user, one, wanted) for one in page], headers=headers)

    def _comment(self, user: UserState, one: Remark, wanted: frozenset[str]) -> dict[str, Any]:
        body = {
            "id": one.id, "comment": one.text, "spoiler": False, "review": False, "parent_id": one.parent,
            "created_at": iso(one.at), "updated_at": iso(one.at), "replies": 0, "likes": 0, "language": "en",
            "user_rating": None, "user_stats": {"rating": None, "play_count": 1, "completed_count": 1}, "user": _named(user),
        }  # fmt: skip
        return {"type": one.item.kind, **self.core.pair(one.item, wanted), "comment": body}

    async def likes(self, request: web.Request) -> web.Response:
        user = self.core.named(request) if "user" in request.match_info else self.core.owner(request)
        kind = request.match_info["type"]
        switches = self.core.switches
        page, headers = paged(request, user.shelf.liked.get(kind, []), switches.page_default, switches.page_max)
        name = kind.removesuffix("s")
        return reply([{"liked_at": iso(at), "type": name, name: body} for at, body in page], headers=headers)


def _named(user: UserState) -> dict[str, Any]:
    return {
        "username": user.slug, "private": user.private, "deleted": False, "name": user.name, "vip": user.vip, "vip_ep": False,
        "director": False, "ids": {"slug": user.slug},
    }  # fmt: skip
