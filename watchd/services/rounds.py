"""Rounds: a step done again and again for as long as something is owed, with rests that grow while Trakt takes nothing."""

from collections.abc import Awaitable, Callable

import anyio
import structlog

from watchd.clock import HOUR, SECOND, Clock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError
from watchd.model.relay import Verb
from watchd.rules.plan import backoff
from watchd.rules.verdict import Kind, Verdict, of_error
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or

log = structlog.get_logger()

REST = 60 * SECOND
_STORE = 5 * SECOND


class Rounds:
    """Of one errand, which `name` tells from others in the logs. `wake` says that something is owed."""

    def __init__(self, name: str, clock: Clock, jitter: Callable[[], float]) -> None:
        self._log = log.bind(errand=name)
        self._clock = clock
        self._jitter = jitter
        self._failures = 0
        self._not_before = 0
        self._news = anyio.Event()

    def wake(self) -> None:
        self._news.set()

    async def run(self, step: Callable[[], Awaitable[int]]) -> None:
        """Do the step for ever; it returns how long there is nothing to do (ms, 0: go on). Never returns."""
        while True:
            self._news = anyio.Event()
            try:
                wait = await step()
            except StoreUnavailable:
                self._log.warning("errand.store_unavailable")
                wait = _STORE
            except UNFORESEEN as error:
                self._log.exception("errand.step_failed", error=type(error).__name__)
                wait = REST
            if wait:
                await sleep_or(self._clock, wait / 1000, self._news)

    def rest(self) -> int:
        """How long nothing may be asked of Trakt after trouble (ms)."""
        return max(0, min(REST, self._not_before - self._clock.now()))

    def until(self, due_at: int | None) -> int:
        """How long to rest when nothing is due before that (ms)."""
        return REST if due_at is None else max(1, min(REST, due_at - self._clock.now()))

    def went_well(self) -> None:
        self._failures = 0

    def refused(self, error: UpstreamError) -> Verdict | None:
        """What trouble means for what was to be done; None when it is for nothing but another try after `rest`."""
        verdict = of_error(Verb.WATCHED, error)
        self._log.info("errand.refused", kind=str(verdict.kind), status=verdict.status, reason=verdict.reason)
        if verdict.kind not in (Kind.LATER, Kind.HELD):
            return verdict
        self._failures += 1
        wait = backoff(self._failures, self._jitter())
        if verdict.kind is Kind.HELD and not isinstance(error, LoginRequired):
            wait = HOUR
        self._not_before = self._clock.now() + max(wait, round((verdict.retry_after or 0) * 1000))
        return None
