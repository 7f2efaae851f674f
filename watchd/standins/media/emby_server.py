"""The stand-ins for Jellyfin and Emby, which share an API and differ in keys, ids and what they tell of time."""

from typing import Any

from aiohttp import web

from watchd.clock import MINUTE, iso
from watchd.standins.items import Episode
from watchd.standins.media.viewing import MediaStandIn, Viewing
from watchd.standins.replies import Refusal, reply

_TICKS = 10_000_000
_REAPED = 5 * MINUTE


class JellyfinStandIn(MediaStandIn):
    """Reckons positions on by itself between two reports of a player, and ends plays whose player says nothing for 5 min."""

    server_id = "64fd0000000000000000000000000001"
    product = "Jellyfin Server"
    tells_check_ins = True

    def routes(self) -> list[web.RouteDef]:
        paths = {"/System/Info/Public": self._info, "/Sessions": self._sessions, "/Items": self._items}
        return [web.get(prefix + path, handler) for prefix in ("", "/emby") for path, handler in paths.items()]

    def admit(self, request: web.Request) -> None:
        if not request.path.endswith("/System/Info/Public") and not self._knows(request):
            raise Refusal(401)

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f'MediaBrowser Token="{self.secret}"'

    def key(self, item: Any) -> str:
        key = f"{int(super().key(item)):032x}"
        self.items[key] = item
        return key

    async def _info(self, _request: web.Request) -> web.Response:
        return reply({"Id": self.server_id, "ServerName": "attic", "Version": "10.11.8", "ProductName": self.product})

    async def _sessions(self, _request: web.Request) -> web.Response:
        now = self.now()
        self.viewings = [viewing for viewing in self.viewings if now - viewing.report(now)[1] < _REAPED or not viewing.playing]
        idle = {"Id": "idle", "DeviceId": "browser", "ServerId": self.server_id, "UserName": "watcher", "PlayState": {}}
        return reply([idle | self._nothing(), *(self._session(viewing) for viewing in self.viewings)])

    async def _items(self, request: web.Request) -> web.Response:
        keys = request.query.get("ids", "").split(",")
        found = [self._item(self.items[key]) for key in keys if key in self.items]
        if "ProviderIds" not in request.query.get("fields", ""):
            found = [{**item, "ProviderIds": {}} for item in found]
        return reply({"Items": found, "TotalRecordCount": len(found)})

    def _nothing(self) -> dict[str, Any]:
        return {}

    def _item(self, item: Any) -> dict[str, Any]:
        ids = {site.capitalize(): str(item.ids[site]) for site in ("imdb", "tmdb", "tvdb") if item.ids.get(site)}
        told = {"Id": self.key(item), "Name": item.title, "Type": "Series" if item.kind == "show" else item.kind.capitalize()}
        told |= {"ServerId": self.server_id, "ProviderIds": ids, "RunTimeTicks": item.runtime * 60 * _TICKS}
        if isinstance(item, Episode):
            told |= {"SeriesName": item.show.title, "SeriesId": self.key(item.show)}
            told |= {"ParentIndexNumber": item.season, "IndexNumber": item.number}
        elif item.year is not None:
            told["ProductionYear"] = item.year
        return told

    def _session(self, viewing: Viewing) -> dict[str, Any]:
        now = self.now()
        told = {
            "Id": f"session-{viewing.device}",
            "DeviceId": viewing.device,
            "DeviceName": viewing.device.title(),
            "Client": "Web",
            "ServerId": self.server_id,
            "PlayState": {
                "PositionTicks": round(viewing.place(now) * _TICKS),
                "IsPaused": not viewing.playing,
                "CanSeek": True,
            },
            "NowPlayingItem": self._item(viewing.item),
        }
        if self.tells_check_ins:
            told["LastPlaybackCheckIn"] = iso(viewing.report(now)[1]).replace("Z", "0000Z")
        if viewing.user is not None:
            told |= {"UserId": f"{int(viewing.user[0]):032x}", "UserName": viewing.user[1]}
        return {name: value for name, value in {**told, **viewing.extra}.items() if value is not None}


class EmbyStandIn(JellyfinStandIn):
    """Numbers for ids, an empty item where nothing plays, and no word of when a player last reported."""

    product = "Emby Server"
    tells_check_ins = False

    def key(self, item: Any) -> str:
        return MediaStandIn.key(self, item)

    def _knows(self, request: web.Request) -> bool:
        return self.secret in (request.headers.get("X-Emby-Token"), request.query.get("api_key"))

    def _nothing(self) -> dict[str, Any]:
        return {"NowPlayingItem": {}}
