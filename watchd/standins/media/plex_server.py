"""The stand-in for a Plex Media Server's own API."""

from typing import Any

from aiohttp import web

from watchd.standins.items import Episode
from watchd.standins.media.viewing import MediaStandIn, Viewing
from watchd.standins.replies import Blocked, Refusal, reply

_SITES = ("imdb", "tmdb", "tvdb")


class PlexStandIn(MediaStandIn):
    """Answers JSON to those who accept it. `guids_in_sessions`: whether sessions have the ids of their items."""

    uuid = "0d1f2e3c4b5a69788796a5b4c3d2e1f001122334"
    guids_in_sessions = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/identity", self._identity),
            web.get("/status/sessions", self._sessions),
            web.get("/library/metadata/{keys}", self._metadata),
        ]

    def admit(self, request: web.Request) -> None:
        if request.path == "/identity":
            return
        if request.headers.get("X-Plex-Token", request.query.get("X-Plex-Token")) != self.secret:
            raise Refusal(401)
        if "json" not in request.headers.get("Accept", ""):
            raise Blocked  # XML, which nobody here reads

    async def _identity(self, _request: web.Request) -> web.Response:
        return reply({"MediaContainer": {"size": 0, "claimed": True, "machineIdentifier": self.uuid, "version": "1.43.0"}})

    async def _sessions(self, _request: web.Request) -> web.Response:
        told = [self._session(number, viewing) for number, viewing in enumerate(self.viewings, 1)]
        return reply({"MediaContainer": {"size": len(told), **({"Metadata": told} if told else {})}})

    async def _metadata(self, request: web.Request) -> web.Response:
        found = [self._item(self.items[key]) for key in request.match_info["keys"].split(",") if key in self.items]
        if not found:
            raise Refusal(404)
        return reply({"MediaContainer": {"size": len(found), "Metadata": found}})

    def _item(self, item: Any) -> dict[str, Any]:
        guids = [{"id": f"{site}://{item.ids[site]}"} for site in _SITES if item.ids.get(site)]
        return {**self._bare(item), "Guid": guids}

    def _bare(self, item: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "ratingKey": self.key(item),
            "key": f"/library/metadata/{self.key(item)}",
            "guid": f"plex://{item.kind}/{item.key[1]:024x}",
            "type": item.kind,
            "title": item.title,
            "librarySectionID": "2" if item.kind != "movie" else "1",
            "librarySectionTitle": "TV Shows" if item.kind != "movie" else "Movies",
        }
        if isinstance(item, Episode):
            show = self.key(item.show)
            told |= {"grandparentTitle": item.show.title, "grandparentRatingKey": show}
            told |= {"parentIndex": item.season, "index": item.number}
        else:
            told["year"] = item.year
        return told

    def _session(self, number: int, viewing: Viewing) -> dict[str, Any]:
        place, _ = viewing.report(self.now())
        state = "buffering" if viewing.buffering else "playing" if viewing.playing else "paused"
        told = {
            **(self._item(viewing.item) if self.guids_in_sessions else self._bare(viewing.item)),
            "sessionKey": str(number),
            "viewOffset": round(place * 1000),
            "duration": round(viewing.length * 1000),
            "Player": {"machineIdentifier": viewing.device, "state": state, "title": viewing.device.title(), "local": True},
            "Session": {"id": f"session-{number}", "location": "lan"},
        }
        if viewing.user is not None:
            told["User"] = {"id": viewing.user[0], "title": viewing.user[1]}
        return {name: value for name, value in {**told, **viewing.extra}.items() if value is not None}
