"""Recorder: an event in, ONE transaction, the answer only when it is on the disk."""

import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

import anyio
import structlog

from watchd.clock import SECOND, Clock
from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.model.playback import Action, Fate, Parsed, Play, PlaybackEvent, PlayState, RawEvent, Receipt, Step
from watchd.rules import tracker
from watchd.rules.ending import ends_at
from watchd.rules.policy import Policy
from watchd.rules.progress import expected_end, position, stated
from watchd.rules.repeats import media_key, repeat_of
from watchd.rules.rewatch import half_runtime
from watchd.services import sittings
from watchd.store import events, plays
from watchd.store.database import Database
from watchd.store.trouble import of_the_machine
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

TICK_SPAN = 30 * SECOND
_IDLE_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a transaction did: the receipt, and the account's open plays as they are after it."""

    receipt: Receipt
    open_plays: tuple[Play, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class _Tick:
    account_id: int
    play: Play
    written_at: int


Changed = Callable[[int, tuple[Play, ...]], None]


class Recorder:
    """Takes what sources report. `changed(account_id, open plays)` and `wake()` are called after each commit that matters."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: Policy,
        metrics: Metrics,
        *,
        changed: Changed,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._metrics = metrics
        self._changed = changed
        self._wake = wake
        self._ticks: dict[tuple[int, str, str, str], _Tick] = {}
        self._poke = anyio.Event()
        self._due = math.inf

    async def record(self, raw: RawEvent, parsed: Parsed | MalformedPayload) -> Receipt:
        """Keep what arrived and do what it means; StoreUnavailable when it could not be committed."""
        if isinstance(parsed, PlaybackEvent) and parsed.action is Action.PROGRESS:
            ticked = self._tick(raw, parsed)
            if ticked is not None:
                return ticked
        now = self._clock.now()
        taken = await self._database.write(lambda connection: take(connection, raw, parsed, self._policy, now))
        if taken.changed:
            self._after(raw.account_id, taken)
            if isinstance(parsed, PlaybackEvent):
                self._remember(raw, parsed, taken.receipt)
        return taken.receipt

    async def settle_due(self) -> int | None:
        """End the plays whose time has come; return when the next one is due (ms), None when no play is open."""
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> tuple[list[int], int | None, dict[int, tuple[Play, ...]]]:
            done, due = sittings.settle_due(connection, now, self._policy)
            touched = sorted({outcome.play.account_id for outcome in done})
            for outcome in done:
                log.info("play.ended", play=outcome.play.id, step=str(outcome.step))
            return touched, due, {account: tuple(plays.open_plays(connection, account)) for account in touched}

        touched, due, open_plays = await self._database.write(work)
        for account in touched:
            self._forget_ticks(account)
            self._changed(account, open_plays[account])
        if touched:
            self._wake()
        return due

    async def reanchor(self, by: int) -> None:
        """The wall clock jumped by so many ms: let the open plays jump with it."""
        log.warning("clock.jumped", milliseconds=by)
        await self._database.write(lambda connection: plays.shift_open(connection, by))
        self._ticks.clear()

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
            await self._wait(wait)

    async def _wait(self, seconds: float) -> None:
        """Sleep, or less when a play that ends earlier came meanwhile."""
        async with anyio.create_task_group() as tasks:

            async def poked() -> None:
                await self._poke.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(poked)
            await self._clock.sleep(seconds)
            tasks.cancel_scope.cancel()

    def _after(self, account_id: int, taken: Taken) -> None:
        self._forget_ticks(account_id)
        receipt = taken.receipt
        if receipt.step is Step.WATCHED and receipt.play is not None:
            self._metrics.plays_recorded.labels(str(receipt.play.media.type)).inc()
        self._changed(account_id, taken.open_plays)
        self._wake()
        if receipt.play is not None and receipt.play.open and ends_at(receipt.play, self._policy) < self._due:
            self._poke.set()

    def _forget_ticks(self, account_id: int) -> None:
        if self._ticks:
            self._ticks = {key: tick for key, tick in self._ticks.items() if tick.account_id != account_id}

    def _remember(self, raw: RawEvent, event: PlaybackEvent, receipt: Receipt) -> None:
        play = receipt.play
        if event.action in (Action.START, Action.PROGRESS) and play is not None and play.state is PlayState.PLAYING:
            self._ticks[_tick_key(raw, event)] = _Tick(raw.account_id, play, raw.received_at)

    def _tick(self, raw: RawEvent, event: PlaybackEvent) -> Receipt | None:
        """A heartbeat that changes no state moves memory alone, and is written again after 30 s; None: write this one."""
        key = _tick_key(raw, event)
        tick = self._ticks.get(key)
        if tick is None or raw.received_at - tick.written_at >= TICK_SPAN:
            return None
        told = stated(event, tick.play)
        reckoned = position(tick.play, raw.received_at)
        if told is None or reckoned is None or abs(told - reckoned) >= self._policy.seek_points:
            return None
        if told >= self._policy.threshold > (tick.play.reported or 0.0):
            return None
        moved = replace(tick.play, progress=told, progress_at=raw.received_at, updated_at=raw.received_at)
        self._ticks[key] = replace(tick, play=moved)
        return Receipt(0, Fate.ACCEPTED, step=Step.NONE, play=moved)


def _tick_key(raw: RawEvent, event: PlaybackEvent) -> tuple[int, str, str, str]:
    return raw.account_id, event.source, f"{event.player}|{event.session or ''}", media_key(event.media)


def take(connection: sqlite3.Connection, raw: RawEvent, parsed: Parsed | MalformedPayload, policy: Policy, now: int) -> Taken:
    """The transaction of one arrival: its rules in a savepoint, and the raw event with its fate, whatever they say."""
    if isinstance(parsed, MalformedPayload):
        return Taken(_trace(connection, raw, Fate.MALFORMED, parsed.reason))
    if not isinstance(parsed, PlaybackEvent):
        return Taken(_trace(connection, raw, Fate.IGNORED, str(parsed.reason)))
    if parsed.action not in tracker.FOLLOWED and parsed.action is not Action.UNCHECKIN:
        return Taken(_trace(connection, raw, Fate.IGNORED, f"{parsed.action} is not acted on"))
    repeat = repeat_of(parsed)
    earlier = events.earlier(connection, raw, repeat, policy.repeat_window)
    if earlier is not None:
        event_id = events.insert(connection, raw, Fate.DUPLICATE, "sent before", repeat)
        play = plays.get(connection, earlier) if earlier else None
        return Taken(_replayed(event_id, play, parsed))
    at = sittings.event_time(parsed, raw.received_at)
    connection.execute("SAVEPOINT rules")
    try:
        outcome = sittings.apply(connection, raw.account_id, parsed, at, policy)
    except Exception as error:  # one poison event must not stop intake: it is kept, counted and visible
        if not connection.in_transaction or of_the_machine(error):
            raise
        connection.execute("ROLLBACK TO rules")
        connection.execute("RELEASE rules")
        event_id = events.insert(connection, raw, Fate.INTERNAL, type(error).__name__, repeat)
        log.exception("recorder.event_quarantined", event_id=event_id, source=raw.source, error=type(error).__name__)
        return Taken(Receipt(event_id, Fate.INTERNAL, "kept, but not understood"))
    connection.execute("RELEASE rules")
    kept = outcome.play if outcome.play.id else None
    event_id = events.insert(connection, raw, Fate.ACCEPTED, None, repeat, step=outcome.step, play_id=kept.id if kept else None)
    sittings.settle_due(connection, now, policy) if at < now - policy.end_slack else None
    receipt = Receipt(event_id, Fate.ACCEPTED, step=outcome.step, play=kept, until=outcome.until)
    return Taken(receipt, tuple(plays.open_plays(connection, raw.account_id)), changed=True)


def _trace(connection: sqlite3.Connection, raw: RawEvent, fate: Fate, reason: str) -> Receipt:
    return Receipt(events.insert(connection, raw, fate, reason, None), fate, reason)


def _replayed(event_id: int, play: Play | None, event: PlaybackEvent) -> Receipt:
    """The receipt of a repeat, as Trakt would answer it: a stop of what has counted conflicts, and so does a second checkin."""
    if event.action is Action.CHECKIN and play is not None and play.open:
        return Receipt(event_id, Fate.DUPLICATE, "sent before", Step.BUSY, play, expected_end(play))
    done = play is not None and play.watched_at is not None and event.action in (Action.STOP, Action.WATCHED)
    step = Step.SWALLOWED if done else Step.NONE
    until = play.watched_at + half_runtime(play) if done and play is not None and play.watched_at is not None else None
    return Receipt(event_id, Fate.DUPLICATE, "sent before", step, play, until)
