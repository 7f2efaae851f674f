"""What was watched how often, and the calendar of what comes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from watchd.clock import DAY, iso
from watchd.standins.accounts import HistoryRow, UserState
from watchd.standins.core import Core, extended
from watchd.standins.items import Episode, Movie, Show
from watchd.standins.paging import paged
from watchd.standins.replies import Refusal, reply

_WITH_PROGRESS = 100


@dataclass
class Watched:
    core: Core
    _grouped: dict[str, tuple[int, dict[Any, list[HistoryRow]]]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        kinds = "{type:movies|shows}"
        table = [(f"/sync/watched/{kinds}", self.watched), (f"/users/{{user}}/watched/{kinds}", self.watched)]
        table.append(("/calendars/my/{type:shows|movies}/{start}/{days}", self.calendar))
        table.append(("/sync/progress/up_next", self.up_next))
        return [web.get(path, handler, allow_head=False) for path, handler in table]

    async def watched(self, request: web.Request) -> web.Response:
        user = self.core.named(request) if "user" in request.match_info else self.core.owner(request)
        shows, wanted = request.match_info["type"] == "shows", extended(request)
        found = [(item, rows) for item, rows in self._by_item(user).items() if isinstance(item, Show) == shows]
        found.sort(key=lambda pair: max(row.watched_at for row in pair[1]), reverse=True)
        progress = shows and "progress" in wanted
        most = _WITH_PROGRESS if progress else self.core.switches.page_max
        page, headers = paged(request, found, min(most, self.core.switches.page_default), most)
        specials = request.query.get("specials") == "true"
        return reply([self._written(item, rows, wanted, specials=specials) for item, rows in page], headers=headers)

    def _by_item(self, user: UserState) -> dict[Movie | Show, list[HistoryRow]]:
        kept = self._grouped.get(user.slug)
        if kept is None or kept[0] != user.plays.version:
            found = defaultdict[Any, list[HistoryRow]](list)
            for row in user.history:
                found[row.item.show if isinstance(row.item, Episode) else row.item].append(row)
            kept = self._grouped[user.slug] = user.plays.version, found
        return kept[1]

    def _written(self, item: Movie | Show, rows: list[HistoryRow], wanted: frozenset[str], *, specials: bool) -> dict[str, Any]:
        last = iso(self.core.shown(max(row.watched_at for row in rows)))
        body: dict[str, Any] = {"plays": len(rows), "last_watched_at": last, "last_updated_at": last}
        if isinstance(item, Show):
            body["reset_at"] = None
        body[item.kind] = self.core.written(item, wanted)
        if isinstance(item, Show) and "progress" in wanted:
            body["seasons"] = self._seasons(rows, specials=specials)
        return body

    def _seasons(self, rows: list[HistoryRow], *, specials: bool) -> list[dict[str, Any]]:
        seen = defaultdict[int, defaultdict[int, list[int]]](lambda: defaultdict(list))
        for row in rows:
            if isinstance(row.item, Episode) and (specials or row.item.season > 0):
                seen[row.item.season][row.item.number].append(self.core.shown(row.watched_at))
        return [
            {
                "number": season,
                "episodes": [
                    {"number": number, "plays": len(moments), "last_watched_at": iso(max(moments))}
                    for number, moments in sorted(episodes.items())
                ],
            }
            for season, episodes in sorted(seen.items())
        ]

    async def up_next(self, request: web.Request) -> web.Response:
        """What comes next of each show that is not watched to its end: what aired next after the last that was watched."""
        user, wanted = self.core.owner(request), extended(request)
        shows = [(item, rows) for item, rows in self._by_item(user).items() if isinstance(item, Show)]
        shows.sort(key=lambda pair: max(row.watched_at for row in pair[1]), reverse=True)
        found = [row for show, rows in shows if (row := self._next(show, rows, wanted)) is not None]
        page, headers = paged(request, found, self.core.switches.page_default, self.core.switches.page_max)
        return reply(page, headers=headers)

    def _next(self, show: Show, rows: list[HistoryRow], wanted: frozenset[str]) -> dict[str, Any] | None:
        now = self.core.now()
        aired = [one for one in self.core.catalogue.episodes(show) if one.season > 0 and one.released <= now]
        seen = {row.item.key for row in rows}
        watched = [number for number, one in enumerate(aired) if one.key in seen]
        following = next((one for one in aired[watched[-1] + 1 :] if one.key not in seen), None) if watched else None
        if following is None:
            return None
        progress = {
            "aired": len(aired),
            "completed": len(watched),
            "last_watched_at": iso(self.core.shown(max(row.watched_at for row in rows))),
            "reset_at": None,
            "next_episode": self.core.written(following, wanted),
            "last_episode": self.core.written(aired[watched[-1]], wanted),
            "stats": {"play_count": len(rows)},
        }
        return {"show": self.core.written(show, wanted), "progress": progress}

    async def calendar(self, request: web.Request) -> web.Response:
        user, wanted = self.core.owner(request), extended(request)
        try:
            start = datetime.strptime(request.match_info["start"], "%Y-%m-%d").replace(tzinfo=UTC)
            begin, days = round(start.timestamp() * 1000), int(request.match_info["days"])
        except ValueError as error:
            raise Refusal(400) from error
        if request.match_info["type"] == "movies":
            return reply(self._released(user, begin, begin + min(days, 33) * DAY, wanted))
        shows = [item for item in self._by_item(user) if isinstance(item, Show)]
        coming = [
            episode
            for show in shows
            for episode in self.core.catalogue.episodes(show)
            if begin <= episode.released < begin + min(days, 33) * DAY
        ]
        coming.sort(key=lambda episode: episode.released)
        return reply([{"first_aired": iso(one.released), **self.core.pair(one, wanted)} for one in coming])

    def _released(self, user: UserState, begin: int, end: int, wanted: frozenset[str]) -> list[dict[str, Any]]:
        """The movies of the watchlist that come out in these days."""
        wished = [entry.item for entry in user.shelf.watchlist if isinstance(entry.item, Movie)]
        coming = sorted((one for one in wished if begin <= one.released < end), key=lambda one: one.released)
        return [{"released": iso(one.released)[:10], "movie": self.core.written(one, wanted)} for one in coming]
