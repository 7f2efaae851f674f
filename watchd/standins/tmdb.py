"""The stand-in for TMDB: details, pictures and lookups, with keys checked and languages honoured as TMDB does."""

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from watchd.clock import Clock
from watchd.standins.catalogue import Catalogue
from watchd.standins.items import Item, Season, Show
from watchd.standins.replies import Refusal, reply
from watchd.standins.server import StandIn
from watchd.standins.tmdb_details import details, of_season, of_show, path_of, seasons_row
from watchd.standins.tmdb_images import SIZES, Images, best, drawn, images, narrowed
from watchd.standins.world import the_world

_NOT_FOUND = {"success": False, "status_code": 34, "status_message": "The resource you requested could not be found."}
_BAD_KEY = {"success": False, "status_code": 7, "status_message": "Invalid API key: You must be granted a valid key."}
_INVALID = {"success": False, "status_code": 5, "status_message": "Invalid parameters: Your request parameters are incorrect."}
_V3_KEY = re.compile("[0-9a-f]{32}")
_EPISODE = "/3/tv/{id}/season/{season}/episode/{number}"
_ROWS = ("movie_results", "person_results", "tv_results", "tv_episode_results", "tv_season_results")


class TmdbStandIn(StandIn):
    """API and pictures on one port. `api_key` goes in the query, `bearer` in the header.

    A key of v3 (32 hexadecimal digits) is refused in the header, as TMDB does; one of another shape passes for both.
    """

    def __init__(
        self, clock: Clock, *, api_key: str = "standin-tmdb-key", bearer: str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdGFuZC1pbiJ9.",
        catalogue: Catalogue | None = None,
    ) -> None:  # fmt: skip
        super().__init__(clock)
        self.api_key = api_key
        self.bearer = bearer
        self.catalogue = catalogue or the_world()
        self._tokens = {bearer} if _V3_KEY.fullmatch(api_key) else {bearer, api_key}
        self._bare: set[str] = set()
        self._files: dict[str, dict[str, Any]] = {}

    @property
    def api_url(self) -> str:
        return f"{self.url}/3"

    @property
    def image_url(self) -> str:
        return f"{self.url}/t/p"

    def hide_images(self, path: str) -> None:
        """Let the item at this path (`/tv/1396/season/1/episode/1`) have no pictures."""
        self._bare.add(path)

    def images(self, item: Item) -> Images:
        """The pictures of an item, all of them, best first."""
        found = images(item)
        if path_of(item) in self._bare:
            return {kind: [] for kind in found}
        self._files |= {one["file_path"]: one for of_kind in found.values() for one in of_kind}
        return found

    def routes(self) -> list[web.RouteDef]:
        items = ("/3/movie/{id}", "/3/tv/{id}", "/3/tv/{id}/season/{season}", _EPISODE)
        return [
            web.get("/3/configuration", self._configuration, allow_head=False),
            web.get("/3/find/{id}", self._find, allow_head=False),
            web.get("/t/p/{size}/{file}", self._picture),
            *[web.get(path, self._details, allow_head=False) for path in items],
            *[web.get(f"{path}/images", self._images, allow_head=False) for path in items],
            web.get("/3/{rest:.*}", self._unknown, allow_head=False),
        ]

    def admit(self, request: web.Request) -> None:
        if request.path.startswith("/t/p/"):
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        by_header = scheme.lower() == "bearer" and token in self._tokens
        if not by_header and request.query.get("api_key") != self.api_key:
            raise Refusal(401, _BAD_KEY)

    def remember(self) -> Callable[[], None]:
        return lambda: None

    async def _unknown(self, _request: web.Request) -> web.Response:
        raise Refusal(404, _NOT_FOUND)

    async def _configuration(self, _request: web.Request) -> web.Response:
        secure = f"{self.image_url}/"
        return reply({"change_keys": ["images", "title"], "images": {"base_url": secure, "secure_base_url": secure, **SIZES}})

    async def _images(self, request: web.Request) -> web.Response:
        item = self._item(request)
        return reply({"id": item.ids["tmdb"], **narrowed(self.images(item), request.query)})

    async def _details(self, request: web.Request) -> web.Response:
        item = self._item(request)
        body = details(item, self.images(item), request.query.get("language", "en-US"))
        parts = request.query.get("append_to_response", "").split(",")
        if len(parts) > 20:
            raise Refusal(422, _INVALID)
        if isinstance(item, Show):
            body |= of_show(self.catalogue.episodes(item), self.clock.now())
            body["seasons"] = [
                seasons_row(one, self.catalogue.episodes(item, one.number), self.images(one))
                for one in self.catalogue.seasons(item)
            ]
        if isinstance(item, Season):
            episodes = self.catalogue.episodes(item.show, item.number)
            body |= of_season(episodes, [best(self.images(one)["stills"]) for one in episodes])
        if "images" in parts:
            body["images"] = narrowed(self.images(item), request.query)
        return reply(body)

    async def _find(self, request: web.Request) -> web.Response:
        """What this id of elsewhere stands for; empty lists when nothing."""
        source = request.query.get("external_source", "").removesuffix("_id")
        if source not in {"imdb", "tvdb", "wikidata", "freebase", "facebook", "instagram", "twitter", "tiktok", "youtube"}:
            raise Refusal(422, _INVALID)
        body: dict[str, list[dict[str, Any]]] = {name: [] for name in _ROWS}
        for kind, name in (("movie", "movie_results"), ("show", "tv_results"), ("episode", "tv_episode_results")):
            item = self.catalogue.by_id(kind, source, request.match_info["id"])
            if item is not None and item.ids.get("tmdb"):
                media = {"movie": "movie", "show": "tv", "episode": "tv_episode"}[kind]
                body[name].append({**details(item, self.images(item), "en-US"), "media_type": media})
        return reply(body)

    async def _picture(self, request: web.Request) -> web.Response:
        size, path = request.match_info["size"], f"/{request.match_info['file']}"
        if path not in self._files:
            self._index()
        if path not in self._files or not any(size in sizes for sizes in SIZES.values()):
            raise Refusal(404)
        content, kind = drawn(path, self._files[path]["width"], self._files[path]["height"])
        return web.Response(body=content, content_type=kind)

    def _index(self) -> None:
        seasons = [season for show in self.catalogue.shows for season in self.catalogue.seasons(show)]
        items: list[Item] = [*self.catalogue.movies, *self.catalogue.shows, *seasons, *self.catalogue.all_episodes()]
        for item in items:
            self.images(item)

    def _item(self, request: web.Request) -> Item:
        """What the path means; 404 when there is no such thing."""
        found = request.match_info
        item: Item | None = self.catalogue.by_id("show" if request.path.startswith("/3/tv/") else "movie", "tmdb", found["id"])
        if isinstance(item, Show) and "number" in found:
            item = self.catalogue.place(item, found["season"], found["number"])
        elif isinstance(item, Show) and "season" in found:
            item = next((one for one in self.catalogue.seasons(item) if str(one.number) == found["season"]), None)
        if item is None:
            raise Refusal(404, _NOT_FOUND)
        return item
