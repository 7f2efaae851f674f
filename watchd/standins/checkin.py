"""Checkins: on for the item's runtime, then a play."""

from dataclasses import dataclass

from aiohttp import web

from watchd.clock import SECOND, iso
from watchd.standins.accounts import WatchingNow
from watchd.standins.core import Core
from watchd.standins.naming import watchable
from watchd.standins.replies import Refusal, body_object, reply
from watchd.standins.scrobble import sharing
from watchd.standins.server import SEEN


@dataclass
class Checkins:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/checkin", self.begin), web.delete("/checkin", self.cancel)]

    async def begin(self, request: web.Request) -> web.Response:
        user = self.core.owner(request)
        item = watchable(self.core, body_object(request[SEEN].body))
        if user.watching is not None:
            raise Refusal(409, {"expires_at": iso(user.watching.expires_at)})
        now = self.core.now()
        expires, play = now + round(self.core.runtime(item) * SECOND), self.core.next_id()
        user.watching = WatchingNow(item, "checkin", now, expires, play)
        user.drop_position(item, now)
        body = {"id": play, "watched_at": iso(expires), "sharing": sharing(self.core), **self.core.pair(item)}
        return reply(body, self.core.switches.checkin_status)

    async def cancel(self, request: web.Request) -> web.Response:
        """End a checkin; 204 also when there is none, and a scrobble goes on."""
        user = self.core.owner(request)
        if user.watching is not None and user.watching.action == "checkin":
            user.watching = None
        return reply(status=204)
