"""Recorder: an event in, ONE transaction, the answer only when it is on the disk."""

import math
import sqlite3
from collections.abc import Callable

import anyio
import structlog

from watchd.clock import Clock
from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.model.playback import Parsed, Play, PlaybackEvent
from watchd.model.receipts import RawEvent, Receipt, Step
from watchd.rules.ending import ends_at
from watchd.rules.household import Refused
from watchd.rules.policy import Policy
from watchd.rules.tracker import Outcome
from watchd.services import sittings
from watchd.services.arrivals import Taken, take
from watchd.services.heartbeats import Heartbeats
from watchd.services.waiting import sleep_or
from watchd.store import events, plays
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_IDLE_WAIT = 60.0


Changed = Callable[[int, tuple[Play, ...]], None]


class Recorder:
    """Takes what sources report. `changed(account_id, open plays)` and `wake()` are called after each commit that matters.

    `moved(play)` is called with each tick that is kept in memory only.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: Policy,
        metrics: Metrics,
        *,
        changed: Changed,
        moved: Callable[[Play], None],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._metrics = metrics
        self._changed = changed
        self._moved = moved
        self._wake = wake
        self._heartbeats = Heartbeats(policy)
        self._poke = anyio.Event()
        self._due = math.inf

    async def record(self, raw: RawEvent, parsed: Parsed | MalformedPayload | Refused) -> Receipt:
        """Keep what arrived and do what it means; StoreUnavailable when it could not be committed."""
        if isinstance(parsed, PlaybackEvent) and (absorbed := self._heartbeats.absorb(raw, parsed)) is not None:
            if absorbed.play is not None:
                self._moved(absorbed.play)
            return absorbed
        now = self._clock.now()
        taken = await self._database.write(lambda connection: take(connection, raw, parsed, self._policy, now))
        if taken.changed:
            self._after(raw.account_id, taken)
            if isinstance(parsed, PlaybackEvent):
                self._heartbeats.expect(raw, parsed, taken.receipt.play)
        return taken.receipt

    async def settle_due(self) -> int | None:
        """End the plays whose time has come; return when the next one is due (ms), None when no play is open."""
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> tuple[list[Outcome], int | None, dict[int, tuple[Play, ...]]]:
            done, due = sittings.settle_due(connection, now, self._policy)
            touched = {outcome.play.account_id for outcome in done}
            return done, due, {account: tuple(plays.open_plays(connection, account)) for account in touched}

        done, due, open_plays = await self._database.write(work)
        for outcome in done:
            log.info("play.ended", play=outcome.play.id, step=str(outcome.step))
            self._count(outcome.step, outcome.play)
        for account, left in open_plays.items():
            self._heartbeats.renew(account, left)
            self._changed(account, left)
        if done:
            self._wake()
        return due

    async def reanchor(self, by: int) -> None:
        """The wall clock jumped by so many ms: let the open plays jump with it."""
        log.warning("clock.jumped", milliseconds=by)

        def work(connection: sqlite3.Connection) -> list[Play]:
            plays.shift_open(connection, by)
            return plays.open_plays(connection)

        shifted = await self._database.write(work)
        self._heartbeats.forget_all()
        for account in {play.account_id for play in shifted}:
            self._changed(account, tuple(play for play in shifted if play.account_id == account))

    async def run(self) -> None:
        """Settle silent plays when they are due, and prune what is kept of raw events; never returns."""
        while True:
            self._poke, self._due = anyio.Event(), math.inf  # whatever comes from here on may end before what is found now
            wait = _IDLE_WAIT
            try:
                due = await self.settle_due()
                if due is not None:
                    self._due = due
                    wait = max(0.05, min(_IDLE_WAIT, (due - self._clock.now()) / 1000))
                while await self._database.write(events.prune):
                    pass
            except StoreUnavailable:
                log.warning("recorder.store_unavailable")
            await sleep_or(self._clock, wait, self._poke)

    def _after(self, account_id: int, taken: Taken) -> None:
        self._heartbeats.renew(account_id, taken.open_plays)
        receipt = taken.receipt
        self._count(receipt.step, receipt.play)
        for outcome in taken.ended:
            self._count(outcome.step, outcome.play)
        self._changed(account_id, taken.open_plays)
        self._wake()
        if receipt.play is not None and receipt.play.open and ends_at(receipt.play, self._policy) < self._due:
            self._poke.set()

    def _count(self, step: Step, play: Play | None) -> None:
        if step is Step.WATCHED and play is not None:
            self._metrics.plays_recorded.labels(str(play.media.type)).inc()
