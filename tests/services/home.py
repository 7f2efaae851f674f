"""A home in one process: the wired daemon, not served, with stand-ins and a clock that leaps over every wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchd.app.daemon import Daemon
from watchd.app.trakt_link import TraktLink
from watchd.app.wiring import opened
from watchd.clients.trakt_auth import DeviceCode
from watchd.clock import ManualClock
from watchd.model.playback import PlaybackEvent
from watchd.model.receipts import RawEvent, Receipt
from watchd.model.relay import Delivery
from watchd.services.login import Login
from watchd.services.lookup import Lookup
from watchd.services.relay import Relay
from watchd.settings import Listen, Settings, TmdbSettings, TraktSettings
from watchd.sources import plex, trakt
from watchd.standins.tmdb import TmdbStandIn
from watchd.standins.trakt import TraktStandIn

ME = 1


class LeapingClock(ManualClock):
    """Time that passes only when somebody sleeps or the test says so, and then at once."""

    async def sleep(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))


class PacedClock(LeapingClock):
    """For a daemon that is served: a wait takes a thousandth of its time, so that its loops leave room for others."""

    def real(self, seconds: float) -> float:
        return seconds / 1000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.002, seconds / 1000))
        self.advance(max(0.0, seconds))


@dataclass(frozen=True, slots=True)
class Home:
    """What a test holds in its hands."""

    daemon: Daemon
    clock: LeapingClock
    trakt: TraktStandIn
    tmdb: TmdbStandIn

    @property
    def link(self) -> TraktLink:
        return self.daemon.links[0]

    @property
    def relay(self) -> Relay:
        assert self.link.relay is not None
        return self.link.relay

    @property
    def login(self) -> Login:
        assert self.link.login is not None
        return self.link.login

    @property
    def lookup(self) -> Lookup:
        assert self.link.lookup is not None
        return self.link.lookup

    async def log_in(self, *, confirm: bool = False) -> DeviceCode:
        """The whole device flow, approved by the stand-in."""
        code = await self.login.begin(confirm=confirm)
        self.trakt.approve(code.user_code)
        await self.login.wait(code)
        return code

    async def event(self, event: PlaybackEvent) -> Receipt:
        raw = RawEvent(ME, event.source, self.clock.now(), "{}", str(event.action))
        return await self.daemon.recorder.record(raw, event)

    async def plex(self, payload: dict[str, Any]) -> Receipt:
        parsed = plex.parse(payload)
        return await self.daemon.recorder.record(RawEvent(ME, "plex", self.clock.now(), "{}"), parsed)

    async def scrobble(self, verb: str, body: dict[str, Any]) -> Receipt:
        parsed = trakt.parse(verb, body)
        return await self.daemon.recorder.record(RawEvent(ME, "trakt", self.clock.now(), "{}", verb), parsed)

    async def relay_all(self, steps: int = 200) -> None:
        """Deliver until nothing is due, leaping over the waits between."""
        for _ in range(steps):
            wait = await self.relay.deliver_next()
            if not await self.owed():
                return
            if wait:
                self.clock.advance(wait / 1000)
        raise AssertionError(f"still owed after {steps} steps: {await self.owed()}")

    async def owed(self) -> list[Delivery]:
        return await self.daemon.ports.owing.deliveries("open", 1000)

    async def deliveries(self) -> list[Delivery]:
        """All of them, oldest first."""
        return (await self.daemon.ports.owing.deliveries(None, 1000))[::-1]

    async def settle(self) -> None:
        """Let silent plays end, and show what there is."""
        await self.daemon.recorder.settle_due()


@asynccontextmanager
async def a_home(
    tmp_path: Path, *, logged_in: bool = True, clock: LeapingClock | None = None, **settings: Any
) -> AsyncIterator[Home]:
    """A daemon wired to fresh stand-ins; with a login unless told otherwise."""
    clock = clock or LeapingClock()
    async with TraktStandIn(clock) as trakt_there, TmdbStandIn(clock) as tmdb_there:
        chosen = Settings(
            state_dir=tmp_path / "state",
            listen=Listen("127.0.0.1", 0),
            trakt=TraktSettings.model_validate(
                {
                    "client_id": trakt_there.client_id,
                    "client_secret": trakt_there.client_secret,
                    "api_url": trakt_there.url,
                    "auth_url": trakt_there.url,
                }
            ),
            tmdb=TmdbSettings.model_validate(
                {"api_key": tmdb_there.api_key, "api_url": tmdb_there.api_url, "image_url": tmdb_there.image_url}
            ),
            **settings,
        )
        async with opened(chosen, clock) as daemon:
            home = Home(daemon, clock, trakt_there, tmdb_there)
            if logged_in:
                await home.log_in()
                clock.advance(1)
            yield home
