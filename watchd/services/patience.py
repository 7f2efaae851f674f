"""Patience: how long to wait after trouble, for the debt that had it, and for all of them where it is Trakt's own."""

import random
from collections.abc import Callable

import structlog

from watchd.clock import HOUR
from watchd.model.relay import Delivery
from watchd.rules.plan import backoff
from watchd.rules.verdict import Kind, Verdict, at_large, unwell

log = structlog.get_logger()

_SHORT = 10_000
"""The longest stop for trouble that may be that of single items only: a live stop must not wait behind them."""
_KEPT = 500


class Patience:
    """What one account has lived through with Trakt lately; nothing may go out before `not_before` (ms)."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self.not_before = 0
        self._jitter = jitter
        self._failures: dict[int, int] = {}
        self._ill: int | None = None
        self._outages = 0

    def weigh(self, delivery: Delivery, verdict: Verdict, now: int) -> int:
        """When the delivery is due again after this verdict; trouble that is not its own alone stops the others for a while."""
        log.info(
            "relay.answer", delivery=delivery.id, verb=str(delivery.verb), kind=str(verdict.kind), status=verdict.status,
            reason=verdict.reason,
        )  # fmt: skip
        if verdict.kind is Kind.LATER:
            return self._later(delivery, verdict, now)
        self._failures.pop(delivery.id, None)
        self._ill, self._outages = None, 0
        return now + HOUR if verdict.kind is Kind.HELD else now

    def _later(self, delivery: Delivery, verdict: Verdict, now: int) -> int:
        failures = self._failures[delivery.id] = self._failures.pop(delivery.id, 0) + 1
        if len(self._failures) > _KEPT:
            del self._failures[next(iter(self._failures))]
        asked = round((verdict.retry_after or 0) * 1000)
        if at_large(verdict):
            self._outages += 1
            self.not_before = now + max(asked, backoff(self._outages, self._jitter()))
        elif unwell(verdict):
            if self._ill not in (None, delivery.id):
                self._outages += 1
                self.not_before = now + min(_SHORT, backoff(self._outages, self._jitter()))
            self._ill = delivery.id
        return now + max(asked, backoff(max(failures, delivery.attempts), self._jitter()))
