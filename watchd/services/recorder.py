"""Recorder: an event in, ONE transaction, the answer only when it is on the disk."""

import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

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
from watchd.services.arrivals import Arrival, Taken, take_all
from watchd.services.gathering import Gathering
from watchd.services.heartbeats import Heartbeats
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import events, plays
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_IDLE_WAIT = 60.0
_PRUNED_AT_ONCE = 100

Changed = Callable[[int, tuple[Play, ...]], None]


class Recorder:
    """Takes what sources report.

    `changed(account_id, open plays)` and `wake()` are called after each commit that matters, once for all the events it had.
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
        self._gathering = Gathering(self._take, self._taken)
        self._poke = anyio.Event()
        self._due = math.inf

    async def record(self, raw: RawEvent, parsed: Parsed | MalformedPayload | Refused) -> Receipt:
        """Keep what arrived and do what it means; StoreUnavailable when it could not be committed."""
        if isinstance(parsed, PlaybackEvent) and (absorbed := self._heartbeats.absorb(raw, parsed)) is not None:
            if absorbed.play is not None:
                self._moved(absorbed.play)
            return absorbed
        return (await self._gathering.join(Arrival(raw, parsed))).receipt

    async def _take(self, arrivals: Sequence[Arrival]) -> Sequence[Taken | Exception]:
        now = self._clock.now()
        return await self._database.write(lambda connection: take_all(connection, arrivals, self._policy, now))

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
        self._tell(open_plays)
        return due

    async def reanchor(self, by: int) -> None:
        """The wall clock jumped by so many ms: let the open plays jump with it."""
        log.warning("clock.jumped", milliseconds=by)

        def work(connection: sqlite3.Connection) -> list[Play]:
            plays.shift_open(connection, by)
            return plays.open_plays(connection)

        shifted = await self._database.write(work)
        self._heartbeats.forget_all()
        touched = {play.account_id for play in shifted}
        self._tell({account: tuple(play for play in shifted if play.account_id == account) for account in touched})

    async def run(self) -> None:
        """Settle silent plays when they are due, and prune what is kept of raw events; never returns."""
        while True:
            self._due = math.inf  # what is told from here on may end before what is found now
            try:
                due = await self.settle_due()
                self._due = min(self._due, math.inf if due is None else due)
                while await self._database.write(lambda connection: events.prune(connection, at_most=_PRUNED_AT_ONCE)):
                    pass
            except StoreUnavailable:
                log.warning("recorder.store_unavailable")
            self._poke = anyio.Event()
            wait = max(0.05, min(_IDLE_WAIT, (self._due - self._clock.now()) / 1000))
            await sleep_or(self._clock, wait, self._poke)

    def _taken(self, some: Sequence[tuple[Arrival, Taken]]) -> None:
        """These events are committed: memory follows."""
        open_plays: dict[int, tuple[Play, ...]] = {}
        for arrival, taken in some:
            if taken.changed:
                with self._quarantine(arrival.raw.account_id):
                    self._note(arrival, taken)
                open_plays[arrival.raw.account_id] = taken.open_plays
        self._tell(open_plays)

    def _note(self, arrival: Arrival, taken: Taken) -> None:
        """Count what an event did, expect ticks like it, and wait for the end of its play if that is the next one."""
        play = taken.receipt.play
        self._count(taken.receipt.step, play)
        for outcome in taken.ended:
            self._count(outcome.step, outcome.play)
        if isinstance(arrival.parsed, PlaybackEvent):
            self._heartbeats.expect(arrival.raw, arrival.parsed, play)
        if play is not None and play.open and (end := ends_at(play, self._policy)) < self._due:
            self._due = end
            self._poke.set()

    def _tell(self, open_plays: Mapping[int, tuple[Play, ...]]) -> None:
        """These accounts have changed, and this is what is open now."""
        for account_id, left in open_plays.items():
            with self._quarantine(account_id):
                self._heartbeats.renew(account_id, left)
                self._changed(account_id, left)
        if open_plays:
            self._wake()

    @contextmanager
    def _quarantine(self, account_id: int) -> Iterator[None]:
        """What is committed is so whatever memory makes of it: the others are told all the same."""
        try:
            yield
        except UNFORESEEN as error:
            log.exception("recorder.not_followed", account=account_id, error=type(error).__name__)
            self._metrics.internal_errors.labels("recorder").inc()

    def _count(self, step: Step, play: Play | None) -> None:
        if step is Step.WATCHED and play is not None:
            self._metrics.plays_recorded.labels(str(play.media.type)).inc()
