"""The media servers that can be asked what they play, all in one form."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from watchd.clients.emby_server import EmbyServer, Flavour
from watchd.clients.plex_server import PlexServer
from watchd.clock import Clock
from watchd.errors import UpstreamRefusal
from watchd.model.media import MediaIds
from watchd.model.sessions import Sessions
from watchd.services.known_ids import KnownIds
from watchd.sources import jellyfin_sessions, plex_sessions

_NOT_FOUND = 404


class MediaServer(Protocol):
    """A server as a watcher sees it."""

    @property
    def source(self) -> str: ...

    @property
    def players(self) -> str:
        """How the keys of its players begin; empty while that is not known."""
        ...

    async def sessions(self) -> Sessions:
        """What plays there; one of UpstreamError and MalformedPayload when that could not be learned."""
        ...


class Plex:
    """Plex, which says who it is in an answer of its own."""

    source = "plex"

    def __init__(self, server: PlexServer, clock: Clock, name: str | None) -> None:
        self._server = server
        self._name = name
        self._ids = KnownIds(clock, self._fetch)
        self._id = ""
        self._sure = False

    @property
    def players(self) -> str:
        return self._id and f"{self._id}/"

    async def sessions(self) -> Sessions:
        if not self._sure:
            self._id = await self._identity()
        self._sure = False  # after a failure it may be another one that comes back
        told = await self._server.sessions()
        self._sure = True
        return await self._ids.added(plex_sessions.parse(told, self._id, self._name))

    async def _identity(self) -> str:
        try:
            return plex_sessions.server_of(await self._server.identity())
        except UpstreamRefusal as refusal:
            if refusal.status != _NOT_FOUND:
                raise
            return self._name or self.source

    async def _fetch(self, keys: Sequence[str], _user: str | None) -> Mapping[str, MediaIds]:
        return plex_sessions.ids_by_key(await self._server.metadata(keys))


class Emby:
    """Jellyfin or Emby."""

    def __init__(self, server: EmbyServer, clock: Clock, source: Flavour, name: str | None) -> None:
        self.source: str = source
        self._server = server
        self._clock = clock
        self._name = name
        self._ids = KnownIds(clock, self._fetch)
        self._who: tuple[str | None, str | None] = (None, None)
        self._sure = False

    @property
    def players(self) -> str:
        return f"{self._who[0]}/" if self._who[0] is not None else ""

    async def sessions(self) -> Sessions:
        if not self._sure:
            self._who = await self._info()
        self._sure = False
        answer = await self._server.sessions()
        self._sure = True
        server_now = None if answer.offset_ms is None else self._clock.now() + answer.offset_ms
        asked = jellyfin_sessions.Asked(self.source, self._who[0], self._name or self._who[1], server_now)
        return await self._ids.added(jellyfin_sessions.parse(answer.data, asked))

    async def _info(self) -> tuple[str | None, str | None]:
        try:
            return jellyfin_sessions.server_of(await self._server.info())
        except UpstreamRefusal as refusal:
            if refusal.status != _NOT_FOUND:  # a proxy may let through no more than is needed
                raise
            return None, None

    async def _fetch(self, keys: Sequence[str], user: str | None) -> Mapping[str, MediaIds]:
        return jellyfin_sessions.ids_by_key(await self._server.items(list(keys), user))
