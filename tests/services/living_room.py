"""A living room that is watched: a home, one media server on a real port, and the watcher between them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.services.home import Home, LeapingClock, a_home
from watchd.app.watching import watchers_of
from watchd.clock import Clock
from watchd.model.watching import Watching
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.watcher import Watcher
from watchd.settings import WatcherSettings
from watchd.standins.items import Watchable
from watchd.standins.media import EmbyStandIn, JellyfinStandIn, KodiStandIn, MediaStandIn, PlexStandIn

KINDS: dict[str, Callable[[Clock], MediaStandIn]] = {
    "plex": PlexStandIn,
    "jellyfin": JellyfinStandIn,
    "emby": EmbyStandIn,
    "kodi": KodiStandIn,
}
WITH_USERS = ("plex", "jellyfin", "emby")


@dataclass(slots=True)
class Room:
    """`look` asks once and lets the time pass until it would be asked again."""

    home: Home
    server: MediaStandIn
    watcher: Watcher
    session: aiohttp.ClientSession
    secret: str

    @property
    def clock(self) -> LeapingClock:
        return self.home.clock

    @property
    def episode(self) -> Watchable:
        return self.home.trakt.catalogue.episode("friends", 1, 1)

    async def look(self) -> float:
        rest = await self.watcher.look()
        self.clock.advance(rest)
        return rest

    async def look_for(self, seconds: float) -> None:
        """So many seconds of looking; what is owed is delivered as soon as it is."""
        until = self.clock.now() + seconds * 1000
        while self.clock.now() < until:
            await self.look()
            if await self.home.owed():
                await self.home.relay_all()

    def shown(self) -> Watching:
        return self.home.daemon.now.watching(1)

    def counted(self, item: Watchable) -> int:
        """How often it stands in Trakt's history."""
        return self.home.trakt.history_count(item.key[1], kind=item.kind)

    def told(self) -> list[tuple[str, float]]:
        """The calls at Trakt, and with which progress."""
        calls = self.home.trakt.calls("POST", "/scrobble/")
        return [(seen.path.rpartition("/")[2], round(seen.body["progress"])) for seen in calls]

    def another(self) -> Watcher:
        """A watcher that knows nothing yet, as after a restart of the daemon."""
        return _watcher(self.home, self.server, self.session, self.secret)


def _watcher(home: Home, server: MediaStandIn, session: aiohttp.ClientSession, secret: str) -> Watcher:
    source = next(name for name, kind in KINDS.items() if type(server) is kind)
    key: dict[str, Any] = {"username": "kodi", "password": secret} if source == "kodi" else {"token": secret}
    settings = WatcherSettings.model_validate({"source": source, "url": server.url, **key})
    daemon = home.daemon
    doorkeeper = daemon.ports.doorkeeper
    assert isinstance(doorkeeper, Doorkeeper)
    (watcher,) = watchers_of(
        [settings],
        session,
        daemon.database,
        daemon.recorder,
        doorkeeper,
        home.clock,
        daemon.now,
        daemon.metrics,
    )
    watcher.start()
    return watcher


@asynccontextmanager
async def a_room(
    tmp_path: Path, source: str, *, secret: str = MediaStandIn.secret, logged_in: bool = True, **settings: Any
) -> AsyncIterator[Room]:
    """A room with that kind of server, asked with that secret."""
    async with (
        a_home(tmp_path, logged_in=logged_in, **settings) as home,
        KINDS[source](home.clock) as server,
        aiohttp.ClientSession() as session,
    ):
        await home.link.poller.poll_once()
        yield Room(home, server, _watcher(home, server, session, secret), session, secret)
