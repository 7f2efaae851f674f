"""Reading the history: by user, type and item, between two moments, newest first, in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from watchd.clock import SECOND, iso, parse_iso
from watchd.standins.accounts import HistoryRow, UserState
from watchd.standins.core import Core, extended
from watchd.standins.items import Episode, Movie, Season, Show
from watchd.standins.paging import paged
from watchd.standins.replies import Refusal, reply

_KINDS = {"movies": "movie", "shows": "show", "seasons": "season", "episodes": "episode"}


@dataclass
class HistoryReads:
    core: Core
    _sorted: dict[str, tuple[object, list[HistoryRow]]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        tails = ("", "/{type:movies|shows|seasons|episodes}", "/{type:movies|shows|seasons|episodes}/{item}")
        own = [web.get(f"/sync/history{tail}", self.own, allow_head=False) for tail in tails]
        return own + [web.get(f"/users/{{user}}/history{tail}", self.of_user, allow_head=False) for tail in tails]

    async def own(self, request: web.Request) -> web.Response:
        return self._answer(request, self.core.owner(request))

    async def of_user(self, request: web.Request) -> web.Response:
        empty = self.core.switches.private_history_is_empty
        user = self.core.named(request, hidden=not empty)
        if user.private and self.core.viewer(request) is not user:
            return reply([])
        return self._answer(request, user)

    def _answer(self, request: web.Request, user: UserState) -> web.Response:
        switches = self.core.switches
        found = self._found(request, user)
        rows: Sequence[Any] = [*found, *self._odd(request, user)] if user.ghost_plays else found
        page, headers = paged(request, rows, switches.page_default, switches.page_max)
        wanted = extended(request)
        return reply([row if isinstance(row, dict) else self._written(row, wanted) for row in page], headers=headers)

    def _odd(self, request: web.Request, user: UserState) -> list[dict[str, Any]]:
        """Rows as a test wants them, at the end of the whole history."""
        part = "type" in request.match_info or "start_at" in request.query
        return [] if part else user.ghost_plays

    def _found(self, request: web.Request, user: UserState) -> list[HistoryRow]:
        """The matching rows; kept until the history changes, since the pages of one reading follow each other."""
        asked = tuple(request.query.get(name) for name in ("start_at", "end_at")), dict(request.match_info)
        key = (user.plays.version, asked, self.core.switches.minute_truncation)
        kept = self._sorted.get(user.slug)
        lag = round(self.core.switches.read_lag * SECOND)
        if kept is not None and kept[0] == key and not lag:
            return kept[1]
        matches = self._matcher(request)
        start, end = (_moment(request.query.get(name)) for name in ("start_at", "end_at"))
        rows = user.plays.as_of(self.core.now() - lag) if lag else user.history
        shown = ((self.core.shown(row.watched_at), row) for row in rows if matches(row))
        inside = [pair for pair in shown if (start is None or pair[0] >= start) and (end is None or pair[0] <= end)]
        found = [row for _, row in sorted(inside, key=lambda pair: (pair[0], pair[1].id), reverse=True)]
        self._sorted[user.slug] = key, found
        return found

    def _matcher(self, request: web.Request) -> Callable[[HistoryRow], bool]:
        kinds, ref = request.match_info.get("type"), request.match_info.get("item")
        if kinds is None:
            return lambda _: True
        movies = kinds == "movies"
        if ref is None:
            return lambda row: isinstance(row.item, Movie) == movies
        wanted = self.core.catalogue.by_ref(_KINDS[kinds], ref)
        if wanted is None:
            raise Refusal(404)
        if isinstance(wanted, Show):
            return lambda row: isinstance(row.item, Episode) and row.item.show is wanted
        if isinstance(wanted, Season):
            place = (wanted.show, wanted.number)
            return lambda row: isinstance(row.item, Episode) and (row.item.show, row.item.season) == place
        return lambda row: row.item is wanted

    def _written(self, row: HistoryRow, wanted: frozenset[str]) -> dict[str, object]:
        head = {"id": row.id, "watched_at": iso(self.core.shown(row.watched_at)), "action": row.action, "type": row.type}
        return {**head, **self.core.pair(row.item, wanted)}


def _moment(text: str | None) -> int | None:
    try:
        return None if not text else parse_iso(text)
    except ValueError as error:
        raise Refusal(400) from error
