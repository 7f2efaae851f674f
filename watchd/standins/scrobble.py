"""Start, pause and stop: the 80 % rule, the conflict after a scrobble, the refusals below 1 %."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from watchd.clock import SECOND, iso
from watchd.standins.accounts import PlaybackRow, UserState
from watchd.standins.core import Core
from watchd.standins.items import Watchable
from watchd.standins.naming import watchable
from watchd.standins.replies import Refusal, body_object, reply
from watchd.standins.server import SEEN

WATCHED_FROM = 80.0


@dataclass
class Scrobbling:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/scrobble/start", self.start),
            web.post("/scrobble/pause", self.pause),
            web.post("/scrobble/stop", self.stop),
        ]

    async def start(self, request: web.Request) -> web.Response:
        user, item, progress = self._read(request)
        self.core.start(user, item, progress)
        return self._answer(0, "start", progress, item)

    async def pause(self, request: web.Request) -> web.Response:
        user, item, progress = self._read(request)
        if progress < 1 or progress >= WATCHED_FROM:
            raise Refusal(422)
        self._save(user, item, progress)
        if self.core.switches.pause_clears_watching:
            self.core.end(user, item)
        return self._answer(0, "pause", progress, item)

    async def stop(self, request: web.Request) -> web.Response:
        user, item, progress = self._read(request)
        if progress < 1:
            raise Refusal(422)
        if progress < WATCHED_FROM:
            self._save(user, item, progress)
            self.core.end(user, item)
            return self._answer(0, "pause", progress, item)
        self._refuse_second(user, item)
        return self._answer(self.core.scrobble(user, item).id, "scrobble", progress, item)

    def _refuse_second(self, user: UserState, item: Watchable) -> None:
        last = user.scrobbled.get(item.key)
        if last is None or user.plays.get(last.id) is None:
            return
        window = self.core.switches.conflict_window
        expires = last.watched_at + round((self.core.runtime(item) if window is None else window) * SECOND)
        if self.core.now() < expires:
            if self.core.switches.conflict_clears_watching:
                self.core.end(user, item)
            raise Refusal(409, {"watched_at": iso(self.core.shown(last.watched_at)), "expires_at": iso(expires)})

    def _save(self, user: UserState, item: Watchable, progress: float) -> None:
        user.save_position(PlaybackRow(self.core.next_id(), progress, self.core.now(), item))

    def _read(self, request: web.Request) -> tuple[UserState, Watchable, float]:
        user = self.core.owner(request)
        body = body_object(request[SEEN].body)
        return user, watchable(self.core, body), _progress(body.get("progress"))

    def _answer(self, play: int, action: str, progress: float, item: Watchable) -> web.Response:
        body = {"id": play, "action": action, "progress": progress, "sharing": sharing(self.core), **self.core.pair(item)}
        return reply(body, 201)


def sharing(core: Core) -> dict[str, bool]:
    networks = ("facebook", "twitter", "tumblr") if core.switches.flavour == "old" else ("twitter", "mastodon", "tumblr")
    return dict.fromkeys(networks, False)


def _progress(value: Any) -> float:
    """A number from 0 to 100, also as text; without one a start is at 0 and a stop counts as nothing."""
    try:
        progress = float(0 if value is None else value)
    except (TypeError, ValueError) as error:
        raise Refusal(422) from error
    if not 0 <= progress <= 100:
        raise Refusal(422)
    return progress
