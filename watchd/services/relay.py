"""Relay: what one account owes Trakt, one debt after the other, for as long as it takes."""

import random
from collections.abc import Callable

import anyio
import structlog

from watchd.clock import Clock
from watchd.errors import StoreUnavailable, UpstreamError
from watchd.model.relay import TRAKT, Delivery
from watchd.rules.plan import Move, Plan, is_unsent_mark, plan
from watchd.rules.verdict import Kind, Verdict, before_sending
from watchd.services.ahead import Overtaken
from watchd.services.batch import Batch, Item
from watchd.services.courier import Courier
from watchd.services.ledger import Booking, Ledger
from watchd.services.patience import Patience
from watchd.services.picking import Job, lane_of, pick
from watchd.services.precedence import Precedence
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_REST = 60_000


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
        self._patience = Patience(jitter)
        self._precedence = Precedence(account_id, database, clock)
        self._news = anyio.Event()

    def wake(self) -> None:
        """Something is owed: look at once."""
        self._news.set()
        self._precedence.stir()

    async def run(self) -> None:
        """Deliver for ever; never returns."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._precedence.run)
            await self._deliver_for_ever()

    async def _deliver_for_ever(self) -> None:
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
            except UNFORESEEN as error:
                log.exception("relay.claim_failed", error=type(error).__name__)
                wait = _REST
            if wait:
                await sleep_or(self._clock, wait / 1000, self._news)

    async def deliver_next(self) -> int:
        """Take the most urgent due debt one step further; return how long there is nothing to do (ms, 0: go on)."""
        now = self._clock.now()
        if now < self._patience.not_before:
            return min(_REST, self._patience.not_before - now)
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
        try:
            items = await self._batch.gather()
            if all(item.delivery.id != first.id for item in items):
                return False
            await self._settle_together(items, await self._batch.send(items))
        except Overtaken:
            return True
        except UNFORESEEN as error:
            log.exception("relay.batch_quarantined", delivery=first.id, error=type(error).__name__)
            return False
        return True

    async def _settle_together(self, items: list[Item], verdicts: list[Verdict]) -> None:
        now = self._clock.now()
        bookings: list[Booking] = []
        for item, verdict in zip(items, verdicts, strict=True):
            again = verdict.kind is Kind.LATER and any(other.verdict.kind is Kind.LATER for other in bookings)
            due = now if again else self._patience.weigh(item.delivery, verdict, now)  # one call: it stops the others as one
            bookings.append(Booking(item.delivery, item.play, verdict, due))
        await self._ledger.settle_together(bookings, now)
        for booking in bookings:
            self._note(booking.delivery, booking.verdict, now)

    async def _attempt(self, job: Job, step: Plan) -> None:
        delivery = job.delivery
        lane = lane_of(delivery, self._clock.now())
        try:
            ready = await self._precedence.ask(lane, self._courier.prepared(delivery, job.play, step, lane))
            if ready is None:
                return
            verdict = ready if isinstance(ready, Verdict) else await self._courier.send(delivery, ready, step, lane)
        except Overtaken:
            return
        except UpstreamError as error:
            verdict = before_sending(delivery.verb, error)
        except UNFORESEEN as error:
            log.exception("relay.delivery_quarantined", delivery=delivery.id, error=type(error).__name__)
            verdict = _quarantined(error)
        try:
            await self._settle(job, verdict)
        except UNFORESEEN as error:
            log.exception("relay.verdict_not_booked", delivery=delivery.id, error=type(error).__name__)
            await self._settle(job, _quarantined(error))

    async def _settle(self, job: Job, verdict: Verdict) -> None:
        now = self._clock.now()
        due = self._patience.weigh(job.delivery, verdict, now)
        await self._ledger.settle(job.delivery, job.play, verdict, now, due, probed=job.probed)
        self._note(job.delivery, verdict, now)

    def _note(self, delivery: Delivery, verdict: Verdict, now: int) -> None:
        if verdict.kind is Kind.DELIVERED:
            self._metrics.delivery_seconds.labels(TRAKT).observe(max(0.0, (now - delivery.at) / 1000))
            self._acted()
        self._count(_RESULTS[verdict.kind])

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
