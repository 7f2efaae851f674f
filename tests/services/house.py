"""A house whose daemon can be stopped and started again while its stand-in of Trakt and its clock go on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.home import Home, LeapingClock
from watchd.app.wiring import opened
from watchd.demo.players import trakt_item
from watchd.settings import Listen, Settings, TraktSettings
from watchd.standins.items import Watchable
from watchd.standins.tmdb import TmdbStandIn
from watchd.standins.trakt import TraktStandIn


@dataclass(frozen=True, slots=True)
class House:
    """`boot` starts a daemon on the house's state directory; the clock leaps over every wait."""

    clock: LeapingClock
    trakt: TraktStandIn
    settings: Settings

    @asynccontextmanager
    async def boot(self, *, log_in: bool = False) -> AsyncIterator[Home]:
        async with opened(self.settings, self.clock) as daemon:
            home = Home(daemon, self.clock, self.trakt, TmdbStandIn(self.clock))
            keeper = home.link.keeper
            assert keeper is not None
            await keeper.load()
            if log_in:
                await home.log_in()
                self.clock.advance(1)
            yield home

    def minutes(self, minutes: float) -> None:
        self.clock.advance(minutes * 60)

    def plays(self, item: Watchable) -> int:
        """How often it stands in the history."""
        return sum(row.item is item for row in self.trakt.user().history)


@asynccontextmanager
async def a_house(tmp_path: Path) -> AsyncIterator[House]:
    clock = LeapingClock()
    async with TraktStandIn(clock) as trakt:
        there = {
            "client_id": trakt.client_id,
            "client_secret": trakt.client_secret,
            "api_url": trakt.url,
            "auth_url": trakt.url,
        }
        settings = Settings(
            state_dir=tmp_path / "state", listen=Listen("127.0.0.1", 0), trakt=TraktSettings.model_validate(there)
        )
        yield House(clock, trakt, settings)


async def watch(house: House, home: Home, item: Watchable, *, share: float = 0.97, relay: bool = True) -> None:
    """Start an item, let its time pass, stop it at the end; relayed on the way unless told otherwise."""
    await home.scrobble("start", {**trakt_item(item), "progress": 0})
    if relay:
        await step_until(home, lambda wait: wait > 1000)
    house.minutes(item.runtime * share)
    await home.scrobble("stop", {**trakt_item(item), "progress": share * 100})


async def step_until(home: Home, rested: Any, steps: int = 60) -> None:
    """Let the relay work until it would rest for long enough."""
    for _ in range(steps):
        if rested(await home.relay.deliver_next()):
            return
    raise AssertionError("the relay never rests")


async def try_once(home: Home) -> None:
    """One attempt at what is due, with the waits that come before it."""
    for _ in range(20):
        seen = len(home.trakt.calls("POST", "/scrobble/stop")) + len(home.trakt.calls("POST", "/sync/history"))
        wait = await home.relay.deliver_next()
        if len(home.trakt.calls("POST", "/scrobble/stop")) + len(home.trakt.calls("POST", "/sync/history")) > seen:
            return
        home.clock.advance(wait / 1000)
    raise AssertionError("no attempt was made")
