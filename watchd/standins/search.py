"""Search by id and by words, and the pages of movies, shows, seasons and episodes."""

from dataclasses import dataclass

from aiohttp import web

from watchd.standins.core import Core, extended
from watchd.standins.items import Item, Movie, Show
from watchd.standins.paging import paged
from watchd.standins.replies import Refusal, reply

_KINDS = ("movie", "show", "episode", "person", "list")
_BY_ID = ("movie", "show", "episode")


@dataclass
class Search:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        episode = "/shows/{id}/seasons/{season}/episodes/{number}"
        return [
            web.get("/search/{name:trakt|imdb|tmdb|tvdb}/{id}", self.by_id, allow_head=False),
            web.get("/search/{types}", self.by_words, allow_head=False),
            web.get("/movies/{id}", self.movie, allow_head=False),
            web.get("/shows/{id}", self.show, allow_head=False),
            web.get("/shows/{id}/seasons", self.seasons, allow_head=False),
            web.get("/shows/{id}/seasons/{season}", self.season, allow_head=False),
            web.get(episode, self.episode, allow_head=False),
        ]

    async def by_id(self, request: web.Request) -> web.Response:
        """Nothing found is an empty list; ids are not unique across types, so there may be several."""
        asked = request.query.get("type", ",".join(_BY_ID)).split(",")
        found = (self.core.catalogue.by_id(kind, request.match_info["name"], request.match_info["id"]) for kind in asked)
        return self._rows(request, [(1000.0, item) for item in found if item is not None])

    async def by_words(self, request: web.Request) -> web.Response:
        types = request.match_info["types"].split(",")
        words = request.query.get("query", "").replace("\\", "").casefold().split()
        if not set(types) <= set(_KINDS):
            raise Refusal(404)
        if not words:
            raise Refusal(400)
        books = self.core.catalogue
        pool: list[Item] = []
        for kind, items in (("movie", books.movies), ("show", books.shows), ("episode", books.all_episodes())):
            pool += items if kind in types else []
        scored = [(_score(item, words), item) for item in pool]
        hits = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
        years = request.query.get("years")
        return self._rows(request, [pair for pair in hits if not years or _in_years(pair[1], years)])

    def _rows(self, request: web.Request, hits: list[tuple[float, Item]]) -> web.Response:
        page, headers = paged(request, hits, self.core.switches.search_page_default, self.core.switches.page_max)
        wanted = extended(request)
        rows = [{"type": item.kind, "score": score, **self.core.pair(item, wanted)} for score, item in page]
        return reply(rows, headers=headers)

    async def movie(self, request: web.Request) -> web.Response:
        item = self.core.catalogue.by_ref("movie", request.match_info["id"])
        if item is None:
            raise Refusal(404)
        return reply(self.core.written(item, extended(request)))

    async def show(self, request: web.Request) -> web.Response:
        return reply(self.core.written(self._show(request), extended(request)))

    async def seasons(self, request: web.Request) -> web.Response:
        show, wanted = self._show(request), extended(request)
        rows = []
        for season in self.core.catalogue.seasons(show):
            row = self.core.written(season, wanted)
            if "episodes" in wanted:
                row["episodes"] = [self.core.written(one, wanted) for one in self.core.catalogue.episodes(show, season.number)]
            rows.append(row)
        return reply(rows)

    async def season(self, request: web.Request) -> web.Response:
        number = request.match_info["season"]
        episodes = self.core.catalogue.episodes(self._show(request), int(number)) if number.isdigit() else []
        if not episodes:
            raise Refusal(404)
        return reply([self.core.written(one, extended(request)) for one in episodes])

    async def episode(self, request: web.Request) -> web.Response:
        found = self.core.catalogue.place(self._show(request), request.match_info["season"], request.match_info["number"])
        if found is None:
            raise Refusal(404)
        return reply(self.core.written(found, extended(request)))

    def _show(self, request: web.Request) -> Show:
        item = self.core.catalogue.by_ref("show", request.match_info["id"])
        if not isinstance(item, Show):
            raise Refusal(404)
        return item


def _score(item: Item, words: list[str]) -> float:
    """Above 0 when every word stands in the title; more for a shorter title, most for the same."""
    title = getattr(item, "title", "").casefold()
    if not all(word in title for word in words):
        return 0.0
    return round(100.0 * len(" ".join(words)) / max(len(title), 1) + 10.04, 2)


def _in_years(item: Item, years: str) -> bool:
    first, _, last = years.partition("-")
    year = item.year if isinstance(item, Movie | Show) else None
    return year is not None and first.isdigit() and int(first) <= year <= int(last if last.isdigit() else first)
