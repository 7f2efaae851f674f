"""Relay: what one account owes Trakt, one debt after the other, for as long as it takes."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import anyio
import structlog

from watchd.clients.limiter import Lane
from watchd.clock import HOUR, Clock
from watchd.errors import StoreUnavailable, UpstreamError
from watchd.model.playback import Play
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.rules.plan import LIVE_SPAN, Move, Plan, backoff, plan
from watchd.rules.verdict import Kind, Verdict, at_large, before_sending, unwell
from watchd.services.courier import Courier, Overtaken
from watchd.services.ledger import Ledger
from watchd.services.waiting import sleep_or
from watchd.store import accounts, deliveries, plays
from watchd.store.accounts import Account
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_REST = 60_000
_SHORT = 10_000
"""The longest stop for trouble that may be that of single items only: a live stop must not wait behind them."""
_KEPT = 500
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, sqlite3.IntegrityError)


@dataclass(frozen=True, slots=True)
class Job:
    """A due debt with what is needed to decide on it."""

    delivery: Delivery
    play: Play
    newest_sent: int
    tried: bool
    probed: Account | None


class Relay:
    """One account's way to Trakt. `deliver_next` does one step; `run` repeats it; `wake` says that something is owed."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        courier: Courier,
        ledger: Ledger,
        metrics: Metrics,
        *,
        pause_verb: str,
        acted: Callable[[], None],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._courier = courier
        self._ledger = ledger
        self._metrics = metrics
        self._pause_verb = pause_verb
        self._acted = acted
        self._jitter = jitter
        self._failures: dict[int, int] = {}
        self._ill: int | None = None
        self._outages = 0
        self._not_before = 0
        self._news = anyio.Event()

    def wake(self) -> None:
        """Something is owed: look at once."""
        self._news.set()

    async def run(self) -> None:
        """Deliver for ever; never returns."""
        while True:
            self._news = anyio.Event()
            try:
                wait = await self.deliver_next()
                if wait >= _REST:
                    await self._ledger.claim_next()
            except StoreUnavailable:
                log.warning("relay.store_unavailable")
                wait = 5_000
            except UpstreamError as error:
                log.info("relay.claim_postponed", error=str(error))
                wait = _REST
            except _UNFORESEEN as error:
                log.exception("relay.claim_failed", error=type(error).__name__)
                wait = _REST
            if wait:
                await sleep_or(self._clock, wait / 1000, self._news)

    async def deliver_next(self) -> int:
        """Take the most urgent due debt one step further; return how long there is nothing to do (ms, 0: go on)."""
        now = self._clock.now()
        if now < self._not_before:
            return min(_REST, self._not_before - now)
        job, due = await self._database.read(lambda connection: pick(connection, self._account_id, now))
        if job is None:
            return _REST if due is None else max(1, min(_REST, due - now))
        step = plan(job.delivery, job.play, now, newest_sent=job.newest_sent, tried=job.tried, pause_verb=self._pause_verb)
        if step.move is Move.SUPERSEDE:
            await self._ledger.supersede(job.delivery, step.reason, now)
            self._count("superseded")
        elif step.move is Move.WAIT:
            await self._ledger.postpone(job.delivery, step.until, step.reason)
        else:
            await self._attempt(job, step)
        return 0

    async def _attempt(self, job: Job, step: Plan) -> None:
        delivery, play = job.delivery, job.play
        lane = lane_of(delivery, self._clock.now())
        try:
            verdict = await self._courier.deliver(delivery, play, step, lane)
        except Overtaken:
            return
        except UpstreamError as error:
            verdict = before_sending(delivery.verb, error)
        except _UNFORESEEN as error:
            log.exception("relay.delivery_quarantined", delivery=delivery.id, error=type(error).__name__)
            verdict = _quarantined(error)
        try:
            await self._settle(job, verdict)
        except _UNFORESEEN as error:
            log.exception("relay.verdict_not_booked", delivery=delivery.id, error=type(error).__name__)
            await self._settle(job, _quarantined(error))

    async def _settle(self, job: Job, verdict: Verdict) -> None:
        now = self._clock.now()
        delivery = job.delivery
        log.info(
            "relay.answer", delivery=delivery.id, verb=str(delivery.verb), kind=str(verdict.kind), status=verdict.status,
            reason=verdict.reason,
        )  # fmt: skip
        due = self._later(delivery, verdict, now) if verdict.kind is Kind.LATER else now
        if verdict.kind is not Kind.LATER:
            self._failures.pop(delivery.id, None)
            self._ill, self._outages = None, 0
        if verdict.kind is Kind.HELD:
            due = now + HOUR
        await self._ledger.settle(delivery, job.play, verdict, now, due, probed=job.probed)
        if verdict.kind is Kind.DELIVERED:
            self._metrics.delivery_seconds.labels(TRAKT).observe(max(0.0, (now - delivery.at) / 1000))
            self._acted()
        self._count(_RESULTS[verdict.kind])

    def _later(self, delivery: Delivery, verdict: Verdict, now: int) -> int:
        """When to try the delivery again; trouble that is not its own alone stops the others for a while too."""
        failures = self._failures[delivery.id] = self._failures.pop(delivery.id, 0) + 1
        if len(self._failures) > _KEPT:
            del self._failures[next(iter(self._failures))]
        asked = round((verdict.retry_after or 0) * 1000)
        if at_large(verdict):
            self._outages += 1
            self._not_before = now + max(asked, backoff(self._outages, self._jitter()))
        elif unwell(verdict):
            if self._ill not in (None, delivery.id):
                self._outages += 1
                self._not_before = now + min(_SHORT, backoff(self._outages, self._jitter()))
            self._ill = delivery.id
        return now + max(asked, backoff(max(failures, delivery.attempts), self._jitter()))

    def _count(self, result: str) -> None:
        self._metrics.deliveries.labels(TRAKT, result).inc()


_RESULTS = {
    Kind.DELIVERED: "ok",
    Kind.LATER: "retry",
    Kind.WAIT: "retry",
    Kind.BY_HISTORY: "retry",
    Kind.UNIDENTIFIED: "unidentified",
    Kind.HELD: "held",
    Kind.DEAD: "dead",
}


def _quarantined(error: Exception) -> Verdict:
    """An error nobody foresaw is one delivery's end, visible and retriable by hand, and not the daemon's."""
    return Verdict(Kind.DEAD, f"internal: {type(error).__name__}", maybe_done=True)


def lane_of(delivery: Delivery, now: int) -> Lane:
    """Live stops first, then live starts and pauses, then what is late."""
    if delivery.verb is Verb.WATCHED:
        return Lane.LIVE_STOP if now - delivery.at <= LIVE_SPAN else Lane.LATE
    return Lane.LIVE


def pick(connection: sqlite3.Connection, account_id: int, now: int) -> tuple[Job | None, int | None]:
    """The most urgent due debt of an account, or when there will be one (ms).

    A held account has one debt probed an hour, whichever is the most urgent.
    """
    account = accounts.get(connection, account_id)
    held = account.held_reason is not None
    if held and account.probe_at is not None and now < account.probe_at:
        return None, account.probe_at
    found = deliveries.due(connection, account_id, now)
    if not found:
        return None, deliveries.next_due(connection, account_id)
    delivery = min(found, key=lambda item: (lane_of(item, now), item.state is DeliveryState.UNIDENTIFIED, item.at, item.id))
    play = plays.get(connection, delivery.play_id)
    if play is None:
        raise StoreUnavailable("a delivery without its play")
    siblings = deliveries.of_play(connection, play.id)
    tried = delivery.attempts > 0 or any(item.verb is Verb.CHECKIN and item.attempts > 0 for item in siblings)
    newest = deliveries.newest_sent(connection, account_id)
    return Job(delivery, play, newest, tried, account if held else None), None
