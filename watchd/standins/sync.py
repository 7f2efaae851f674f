"""Writing the history: plays are added as often as they are sent, and removed by id or by item."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from watchd.clock import parse_iso
from watchd.standins.accounts import HistoryRow, UserState
from watchd.standins.bulk import Bulk, watchables
from watchd.standins.core import Core
from watchd.standins.items import Watchable
from watchd.standins.replies import Refusal, body_object, reply
from watchd.standins.server import SEEN


@dataclass
class HistoryWrites:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/sync/history", self.add), web.post("/sync/history/remove", self.remove)]

    async def add(self, request: web.Request) -> web.Response:
        user = self.core.owner(request)
        bulk, now = Bulk.read(self.core, body_object(request[SEEN].body)), self.core.now()
        added = {"movies": 0, "episodes": 0}
        for named in bulk.found:
            for item in watchables(self.core, named.item):
                at = _watched_at(named.fields.get("watched_at"), item, now)
                user.add_play(HistoryRow(self.core.next_id(), at, "watch", item), now)
                added[f"{item.kind}s"] += 1
        body = {"added": added, "updated": {"movies": 0, "episodes": 0}, "not_found": bulk.not_found}
        return reply(body, self.core.switches.history_post_status)

    async def remove(self, request: web.Request) -> web.Response:
        user = self.core.owner(request)
        body = body_object(request[SEEN].body)
        numbers = body.get("ids") or []
        if not isinstance(numbers, list):
            raise Refusal(400)
        bulk = Bulk.read(self.core, body)
        meant = {item.key for named in bulk.found for item in watchables(self.core, named.item)}
        doomed = [row.id for row in user.history if row.item.key in meant]
        known = {number for number in numbers if isinstance(number, int) and user.plays.get(number)}
        deleted = self._removed(user, {*doomed, *known})
        unknown: dict[str, Any] = {"people": [], "users": [], "ids": [number for number in numbers if number not in known]}
        return reply({"deleted": deleted, "not_found": {**bulk.not_found, **unknown}})

    def _removed(self, user: UserState, numbers: set[int]) -> dict[str, int]:
        now, deleted = self.core.now(), {"movies": 0, "episodes": 0}
        for number in numbers:
            row = user.plays.remove(number, now)
            if row is not None:
                deleted[f"{row.type}s"] += 1
                if self.core.switches.removal_touches_activities:
                    user.touch(f"{row.type}s.watched_at", now)
        return deleted


def _watched_at(value: Any, item: Watchable, now: int) -> int:
    """What was sent as `watched_at`; what is no date counts as now, as the real one has it."""
    if value == "released":
        return item.released
    if value == "unknown":
        return 0
    try:
        return parse_iso(value) if isinstance(value, str) else now
    except ValueError:
        return now
