"""What is on, where one left off, and when what changed last."""

from dataclasses import dataclass

from aiohttp import web

from watchd.clock import SECOND, iso
from watchd.standins.accounts import PlaybackRow
from watchd.standins.core import Core, extended
from watchd.standins.paging import paged
from watchd.standins.replies import Refusal, reply

_ACTIVITIES = {
    "movies": ("watched", "collected", "rated", "watchlisted", "favorited", "commented", "paused", "hidden"),
    "episodes": ("watched", "collected", "rated", "watchlisted", "commented", "paused"),
    "shows": ("rated", "watchlisted", "favorited", "commented", "hidden", "dropped"),
    "seasons": ("rated", "watchlisted", "commented", "hidden"),
    "comments": ("liked", "reacted", "blocked"),
    "lists": ("liked", "reacted", "updated", "commented"),
    "watchlist": ("updated",),
    "favorites": ("updated",),
    "collaborations": ("updated",),
    "account": ("settings", "followed", "following", "pending", "requested"),
    "saved_filters": ("updated",),
    "notes": ("updated",),
}


@dataclass
class WatchingReads:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/{user}/watching", self.watching, allow_head=False),
            web.get("/sync/playback", self.playback, allow_head=False),
            web.get("/sync/playback/{type:movies|episodes}", self.playback, allow_head=False),
            web.delete("/sync/playback/{id}", self.forget),
            web.get("/sync/last_activities", self.activities, allow_head=False),
        ]

    async def watching(self, request: web.Request) -> web.Response:
        on = self.core.named(request).watching
        if on is None:
            return reply(status=204)
        body = {"expires_at": iso(on.expires_at), "started_at": iso(on.started_at), "action": on.action, "type": on.item.kind}
        return reply({**body, **self.core.pair(on.item, extended(request))})

    async def playback(self, request: web.Request) -> web.Response:
        user, switches = self.core.owner(request), self.core.switches
        lag = round(switches.read_lag * SECOND)
        rows = user.positions.as_of(self.core.now() - lag) if lag else user.playback
        kind = request.match_info.get("type")
        rows = [row for row in rows if kind is None or f"{row.item.kind}s" == kind]
        rows.sort(key=lambda row: (row.paused_at, row.id), reverse=True)
        page, headers = paged(request, rows, switches.page_default, switches.page_max)
        wanted = extended(request)
        return reply([self._written(row, wanted) for row in page], headers=headers)

    def _written(self, row: PlaybackRow, wanted: frozenset[str]) -> dict[str, object]:
        head = {"progress": row.progress, "paused_at": iso(row.paused_at), "id": row.id, "type": row.item.kind}
        return {**head, **self.core.pair(row.item, wanted)}

    async def forget(self, request: web.Request) -> web.Response:
        user, number = self.core.owner(request), request.match_info["id"]
        if not number.isdigit() or user.positions.remove(int(number), self.core.now()) is None:
            raise Refusal(404)
        return reply(status=204)

    async def activities(self, request: web.Request) -> web.Response:
        user = self.core.owner(request)
        latest = max([user.joined_at, *user.activities.values()])
        body: dict[str, object] = {"all": iso(latest)}
        for group, names in _ACTIVITIES.items():
            moments = {name: user.activities.get(f"{group}.{name}_at", user.joined_at) for name in names}
            body[group] = {f"{name}_at": iso(at) for name, at in moments.items()}
        return reply(body)
