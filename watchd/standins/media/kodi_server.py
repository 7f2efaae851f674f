"""The stand-in for one Kodi: its JSON-RPC over HTTP, single requests and batches."""

import base64
from collections.abc import Callable
from typing import Any

from aiohttp import web

from watchd.standins.items import Episode
from watchd.standins.media.viewing import MediaStandIn, Viewing
from watchd.standins.replies import Refusal, reply
from watchd.standins.server import SEEN

_PLAYER = 1
_KNOWN = {
    "Player.GetItem": {
        "title", "showtitle", "season", "episode", "year", "tvshowid", "file", "runtime", "uniqueid", "firstaired",
        "imdbnumber",
    },
    "Player.GetProperties": {"speed", "time", "totaltime", "percentage", "live"},
    "VideoLibrary.GetTVShowDetails": {"title", "year", "uniqueid", "imdbnumber"},
}  # fmt: skip


class _RpcError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class KodiStandIn(MediaStandIn):
    """It has one screen. `older`: it knows no unique ids, and refuses to answer at all when asked for them."""

    username = "kodi"
    older = False

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/jsonrpc", self._receive_rpc)]

    def admit(self, request: web.Request) -> None:
        pair = base64.b64encode(f"{self.username}:{self.secret}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            raise Refusal(401, headers={"WWW-Authenticate": 'Basic realm="XBMC"'})

    async def _receive_rpc(self, request: web.Request) -> web.Response:
        body = request[SEEN].body
        return reply([self._answer(one) for one in body] if isinstance(body, list) else self._answer(body))

    def _answer(self, call: dict[str, Any]) -> dict[str, Any]:
        methods: dict[str, Callable[[dict[str, Any]], Any]] = {
            "Player.GetActivePlayers": self._players,
            "Player.GetItem": self._item,
            "Player.GetProperties": self._properties,
            "VideoLibrary.GetTVShowDetails": self._show,
        }
        envelope = {"id": call.get("id"), "jsonrpc": "2.0"}
        method, params = call.get("method", ""), call.get("params", {})
        try:
            self._check(method, params)
            return {**envelope, "result": methods[method](params)}
        except _RpcError as error:
            return {**envelope, "error": {"code": error.code, "message": str(error)}}

    def _check(self, method: str, params: dict[str, Any]) -> None:
        if method not in {"Player.GetActivePlayers", *_KNOWN}:
            raise _RpcError(-32601, "Method not found.")
        asked = set(params.get("properties", []))
        if asked - _KNOWN.get(method, set()) or (self.older and "uniqueid" in asked):
            raise _RpcError(-32602, "Invalid params.")

    def _players(self, _params: dict[str, Any]) -> Any:
        return [{"playerid": _PLAYER, "playertype": "internal", "type": "video"}] if self.viewings else []

    def _viewing(self, params: dict[str, Any]) -> Viewing:
        if params.get("playerid") != _PLAYER or not self.viewings:
            raise _RpcError(-32100, "Failed to execute method.")
        return self.viewings[-1]

    def _item(self, params: dict[str, Any]) -> Any:
        viewing = self._viewing(params)
        item = viewing.item
        told: dict[str, Any] = {
            "id": int(self.key(item)), "type": item.kind, "label": item.title, "title": item.title,
            "runtime": item.runtime * 60, "uniqueid": _unique(item), "imdbnumber": item.ids.get("imdb") or "",
            "file": f"smb://user:hidden@nas/{item.kind}/{self.key(item)}.mkv",
        }  # fmt: skip
        if isinstance(item, Episode):
            show = int(self.key(item.show))
            told |= {"showtitle": item.show.title, "season": item.season, "episode": item.number, "tvshowid": show}
        else:
            told |= {"year": item.year, "showtitle": "", "season": -1, "episode": -1}
        wanted = {"id", "type", "label", *params.get("properties", [])}
        return {"item": {name: value for name, value in {**told, **viewing.extra}.items() if name in wanted}}

    def _properties(self, params: dict[str, Any]) -> Any:
        viewing = self._viewing(params)
        place, length = viewing.place(self.now()), 0.0 if viewing.buffering else viewing.length
        return {
            "speed": int(viewing.playing),
            "percentage": 100 * place / length if length else 0,
            "time": _time(place if length else 0.0),
            "totaltime": _time(length),
            "live": False,
        }

    def _show(self, params: dict[str, Any]) -> Any:
        show = self.items.get(str(params.get("tvshowid")))
        if show is None:
            raise _RpcError(-32602, "Invalid params.")
        told = {"tvshowid": params["tvshowid"], "title": show.title, "year": show.year, "uniqueid": _unique(show)}
        told["imdbnumber"] = show.ids.get("imdb") or ""
        wanted = {"tvshowid", *params.get("properties", [])}
        return {"tvshowdetails": {name: value for name, value in told.items() if name in wanted}}


def _unique(item: Any) -> dict[str, str]:
    return {site: str(item.ids[site]) for site in ("imdb", "tmdb", "tvdb") if item.ids.get(site)}


def _time(seconds: float) -> dict[str, int]:
    whole = round(seconds * 1000)
    return {
        "hours": whole // 3_600_000,
        "minutes": whole // 60_000 % 60,
        "seconds": whole // 1000 % 60,
        "milliseconds": whole % 1000,
    }
