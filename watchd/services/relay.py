"""Relay: what one account owes Trakt, one debt after the other, for as long as it takes."""

import random
import sqlite3
from collections.abc import Callable

import anyio
import structlog

from watchd.clock import HOUR, Clock
from watchd.errors import StoreUnavailable, UpstreamError
from watchd.model.relay import TRAKT, Delivery
from watchd.rules.plan import Move, Plan, backoff, is_unsent_mark, plan
from watchd.rules.verdict import Kind, Verdict, at_large, before_sending, unwell
from watchd.services.ahead import Overtaken
from watchd.services.batch import Batch
from watchd.services.courier import Courier
from watchd.services.ledger import Ledger
from watchd.services.picking import Job, lane_of, pick
from watchd.services.waiting import sleep_or
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_REST = 60_000
_SHORT = 10_000
"""The longest stop for trouble that may be that of single items only: a live stop must not wait behind them."""
_KEPT = 500
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, sqlite3.IntegrityError)


class Relay:
    """One account's way to Trakt. `deliver_next` does one step; `run` repeats it; `wake` says that something is owed."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        courier: Courier,
        ledger: Ledger,
        batch: Batch,
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
        self._batch = batch
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
        if job.probed is None and is_unsent_mark(job.delivery) and await self._deliver_marks(job.delivery):
            return 0
        step = plan(job.delivery, job.play, now, newest_sent=job.newest_sent, tried=job.tried, pause_verb=self._pause_verb)
        if step.move is Move.SUPERSEDE:
            await self._ledger.supersede(job.delivery, step.reason, now)
            self._count("superseded")
        elif step.move is Move.WAIT:
            await self._ledger.postpone(job.delivery, step.until, step.reason)
        else:
            await self._attempt(job, step)
        return 0

    async def _deliver_marks(self, first: Delivery) -> bool:
        """Send what was marked by hand together; False when `first` cannot go that way."""
        items = await self._batch.gather()
        if all(item.delivery.id != first.id for item in items):
            return False
        try:
            verdicts = await self._batch.send(items)
        except Overtaken:
            return True
        troubles = 0
        for item, verdict in zip(items, verdicts, strict=True):
            troubles += verdict.kind is Kind.LATER
            if troubles > 1:  # it was one call, and stops the others as one
                await self._ledger.settle(item.delivery, item.play, verdict, self._clock.now(), self._clock.now(), probed=None)
            else:
                await self._settle(Job(item.delivery, item.play, 0, tried=False, probed=None), verdict)
        return True

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
