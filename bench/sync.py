"""How many requests it takes to read Trakt's library, again when nothing changed, and again after one play."""

import asyncio
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bench.load import WrongAnswer
from bench.measure import Measured
from bench.rig import Rig
from bench.seed import log_in
from watchd.app.daemon import Daemon
from watchd.app.wiring import opened
from watchd.clients.trakt_calls import PAGE
from watchd.clients.trakt_sections import LISTS, ONE
from watchd.clock import ManualClock
from watchd.settings import Settings, TraktSettings
from watchd.standins import TraktStandIn
from watchd.standins.much import fill_library
from watchd.store import history, state_dir
from watchd.store.history import Span
from watchd.store.migrate import bring_up, migrations

_A_SHOW = 67  # plays of each show, so that 100,000 plays are of 1,500 shows
_AN_ITEM = 25  # and their lists have 4,000 items
_LATER = 300.0


@dataclass(frozen=True, slots=True)
class _Taken:
    """Requests of each sync, the fewest that can bring everything, and how long the first one worked, in seconds."""

    first: int
    least: int
    nothing: int
    one: int
    seconds: float


class _Leaping(ManualClock):
    """Our waits for the rate limit take no time."""

    async def sleep(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))


def first(rig: Rig) -> Measured:
    """Of a first sync, against the fewest that can bring all of it."""
    taken = _taken(rig)
    note = f"{rig.effort.synced} plays; {taken.seconds:.0f} s of processor time, the stand-in's share among it"
    return Measured(taken.first, taken.least, (taken.first / taken.least,), note)


def nothing(rig: Rig) -> Measured:
    """When nothing changed."""
    return _alone(_taken(rig).nothing)


def one_play(rig: Rig) -> Measured:
    """When something was watched elsewhere."""
    return _alone(_taken(rig).one)


def _alone(requests: int) -> Measured:
    return Measured(requests, 1, (requests,))


@lru_cache(maxsize=1)
def _taken(rig: Rig) -> _Taken:
    return asyncio.run(_synced(rig.folder / "synced", rig.effort.synced))


async def _synced(state: Path, count: int) -> _Taken:
    clock, shows, items = _Leaping(), -(-count // _A_SHOW), count // _AN_ITEM
    bring_up(state_dir.prepare(state), migrations())
    async with TraktStandIn(clock) as trakt:
        fill_library(trakt, plays=count, shows=shows, items=items)
        least = _least(trakt, count, shows)
        log_in(state, trakt.issue_tokens(), clock.now())
        async with opened(_settings(state, trakt), clock) as daemon:
            await daemon.links[0].load()
            began = time.process_time()
            whole = await _requests(daemon, trakt, count)
            seconds = time.process_time() - began
            clock.advance(_LATER)
            quiet = await _requests(daemon, trakt, count)
            clock.advance(_LATER)
            trakt.add_play("watcher", trakt.catalogue.movie("heat-1995"), clock.now())
            one = await _requests(daemon, trakt, count + 1)
    return _Taken(whole, least, quiet, one, seconds)


async def _requests(daemon: Daemon, trakt: TraktStandIn, expected: int) -> int:
    """Sync, and see that it brought everything; the requests that took."""
    before, sync = len(trakt.requests), daemon.links[0].sync
    await sync.sync()
    facts = sync.facts()
    kept = await daemon.database.read(lambda connection: history.count(connection, 1, Span()))
    if kept != expected or facts["failed"] or facts["mismatch"] or facts["reason"] is not None:
        raise WrongAnswer(f"of {expected} plays {kept} came: {facts}")
    return len(trakt.requests) - before


def _least(trakt: TraktStandIn, count: int, shows: int) -> int:
    """Every address once, and the further pages of what is long."""
    user = trakt.user()
    shelf, lists = user.shelf, [len(found.rows) for found in user.shelf.lists.values()]
    long = [count, shows, len(shelf.watchlist), len(shelf.collection), len(shelf.comments), len(user.ratings), *lists]
    addresses = 2 + len(ONE) + sum(map(len, LISTS.values())) + len(lists)
    return addresses + sum(-(-rows // PAGE) - 1 for rows in long if rows)


def _settings(state: Path, trakt: TraktStandIn) -> Settings:
    app = {"client_id": trakt.client_id, "client_secret": trakt.client_secret}
    told = TraktSettings.model_validate(app | {"api_url": trakt.url, "auth_url": trakt.url})
    return Settings(state_dir=state, trakt=told)
