"""Ratings: one to ten, the last one counts."""

from dataclasses import dataclass

from aiohttp import web

from watchd.clock import iso, parse_iso
from watchd.standins.bulk import KINDS, Bulk
from watchd.standins.core import Core, extended
from watchd.standins.paging import paged
from watchd.standins.replies import Refusal, body_object, reply
from watchd.standins.server import SEEN


@dataclass
class Ratings:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        kinds = "{type:movies|shows|seasons|episodes|all}"
        reads = [f"/sync/ratings{tail}" for tail in ("", f"/{kinds}", f"/{kinds}/{{rating}}")]
        return [
            web.post("/sync/ratings", self.add),
            web.post("/sync/ratings/remove", self.remove),
            *[web.get(path, self.read, allow_head=False) for path in reads],
            *[web.get(path.replace("/sync", "/users/{user}"), self.read, allow_head=False) for path in reads],
        ]

    async def add(self, request: web.Request) -> web.Response:
        user, now = self.core.owner(request), self.core.now()
        bulk = Bulk.read(self.core, body_object(request[SEEN].body))
        marks = [named.fields.get("rating") for named in bulk.found]
        if not all(isinstance(mark, int) and 1 <= mark <= 10 for mark in marks):
            raise Refusal(422)
        added = dict.fromkeys(KINDS, 0)
        for named in bulk.found:
            user.ratings[named.item.key] = named.fields["rating"], _moment(named.fields.get("rated_at"), now), named.item
            user.touch(f"{named.item.kind}s.rated_at", now)
            added[f"{named.item.kind}s"] += 1
        return reply({"added": added, "not_found": bulk.not_found}, 201)

    async def remove(self, request: web.Request) -> web.Response:
        user = self.core.owner(request)
        bulk = Bulk.read(self.core, body_object(request[SEEN].body))
        deleted = dict.fromkeys(KINDS, 0)
        for named in bulk.found:
            if user.ratings.pop(named.item.key, None) is not None:
                deleted[f"{named.item.kind}s"] += 1
                user.touch(f"{named.item.kind}s.rated_at", self.core.now())
        return reply({"deleted": deleted, "not_found": bulk.not_found})

    async def read(self, request: web.Request) -> web.Response:
        user = self.core.named(request) if "user" in request.match_info else self.core.owner(request)
        switches = self.core.switches
        kind = KINDS.get(request.match_info.get("type", "all"))
        marks = request.match_info.get("rating", "").split(",")
        rows = [row for row in user.ratings.values() if kind is None or row[2].kind == kind]
        rows = [row for row in rows if marks == [""] or str(row[0]) in marks]
        page, headers = paged(request, sorted(rows, key=lambda row: -row[1]), switches.page_default, switches.page_max)
        wanted = extended(request)
        heads = [{"rated_at": iso(at), "rating": rating, "type": item.kind} for rating, at, item in page]
        bodies = [{**head, **self.core.pair(item, wanted)} for head, (_, _, item) in zip(heads, page, strict=True)]
        return reply(bodies, headers=headers)


def _moment(value: object, now: int) -> int:
    try:
        return parse_iso(value) if isinstance(value, str) else now
    except ValueError:
        return now
