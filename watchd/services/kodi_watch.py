"""Kodi as a server to be watched: up to three questions make out what its one player shows."""

from watchd.clients.kodi_server import FAILED, INVALID_PARAMS, KodiServer, Question, RpcError
from watchd.clock import Clock
from watchd.errors import MalformedPayload, UpstreamError
from watchd.model.sessions import Sessions
from watchd.sources import kodi_sessions
from watchd.sources.fields import section

_ITEM = ("title", "showtitle", "season", "episode", "year", "tvshowid", "file", "runtime", "imdbnumber")
_PROPERTIES = ("speed", "time", "totaltime", "percentage", "live")
_SHOW = ("title", "year", "imdbnumber")
_NEWER = ("uniqueid",)
_AGAIN = 60.0
_GOOD_FOR = 3600.0  # a library that is built anew gives its numbers to other shows
_MOST = 500

Details = dict[str, object]


class Kodi:
    """One Kodi, which has no id of its own: `name` stands for it."""

    source = kodi_sessions.SOURCE

    def __init__(self, server: KodiServer, clock: Clock, name: str) -> None:
        self.players = f"{name}/"
        self._server = server
        self._clock = clock
        self._name = name
        self._newer: tuple[str, ...] = _NEWER
        self._shows: dict[int, tuple[Details, float]] = {}

    async def sessions(self) -> Sessions:
        (players,) = await self._server.ask(Question("Player.GetActivePlayers", {}))
        player = kodi_sessions.active_player(players)
        if player is None:
            return Sessions()
        try:
            item, properties = await self._player(player)
        except RpcError as error:
            if error.code != FAILED:  # it ended between two questions
                raise
            return Sessions()
        details = kodi_sessions.item_of(item)
        show = kodi_sessions.show_of(details)
        return Sessions.of([kodi_sessions.parse(details, properties, await self._show(show), self._name)])

    async def _player(self, player: int) -> list[object]:
        """What plays and how far it is; an older Kodi refuses to answer at all when asked for what it does not know."""
        at = {"playerid": player}
        properties = Question("Player.GetProperties", {**at, "properties": list(_PROPERTIES)})
        try:
            return await self._server.ask(Question("Player.GetItem", {**at, "properties": [*_ITEM, *self._newer]}), properties)
        except RpcError as error:
            if error.code != INVALID_PARAMS or not self._newer:
                raise
            answers = await self._server.ask(Question("Player.GetItem", {**at, "properties": list(_ITEM)}), properties)
            self._newer = ()
            return answers

    async def _show(self, number: int | None) -> Details:
        """What the library knows of a show; what it knew while it does not tell, and asked again soon."""
        if number is None:
            return {}
        now = self._clock.monotonic()
        details, until = self._shows.get(number, ({}, now))
        if now < until:
            return details
        if len(self._shows) >= _MOST:
            self._shows.clear()
        question = Question("VideoLibrary.GetTVShowDetails", {"tvshowid": number, "properties": [*_SHOW, *self._newer]})
        try:
            (answer,) = await self._server.ask(question)
            details, until = section(section(answer, "result").get("tvshowdetails"), "tvshowdetails"), now + _GOOD_FOR
        except (UpstreamError, MalformedPayload):
            until = now + _AGAIN
        self._shows[number] = details, until
        return details
