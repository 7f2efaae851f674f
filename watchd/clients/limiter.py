"""At whose pace we call: a token bucket for each group of verbs, and one gate that shuts for all when we are told to wait."""

import itertools
from asyncio import Event
from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from watchd.clock import Clock
from watchd.telemetry.metrics import Metrics

_A_MOMENT = 1e-6


class Lane(IntEnum):
    """Who goes first; LATE is for late and history deliveries with their lookups."""

    LIVE_STOP = 0
    LIVE = 1
    LATE = 2
    POLL = 3
    SYNC = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls a second are allowed for long, and how many at once after a rest."""

    per_second: float
    burst: int = 1


# Trakt counts writes by the second: a hair under one keeps two that left a second apart from arriving within one.
TRAKT_RATES: Mapping[str, Rate] = {"GET": Rate(1.0, 10), "POST": Rate(0.95, 1)}
TMDB_RATES: Mapping[str, Rate] = {"GET": Rate(20.0, 20)}


@dataclass(order=True, slots=True)
class _Waiter:
    lane: int
    number: int
    first: Event = field(compare=False, default_factory=Event)


class _Bucket:
    """The tokens of one group of verbs and the queue for them."""

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._tokens = float(rate.burst)
        self._at = now
        self.queue: list[_Waiter] = []

    def wait(self, now: float) -> float:
        """Seconds until there is a token."""
        self._tokens = min(self._rate.burst, self._tokens + max(0.0, now - self._at) * self._rate.per_second)
        self._at = now
        return max(0.0, (1 - self._tokens) / self._rate.per_second)

    def take(self) -> None:
        self._tokens -= 1


class Limiter:
    """The pace of one account at one service.

    Only the first of a queue sleeps; the others wait for their turn to be first. A verb of a group without a rate waits for
    the gate alone.
    """

    def __init__(self, clock: Clock, rates: Mapping[str, Rate], *, service: str, metrics: Metrics) -> None:
        self._clock = clock
        self._service = service
        self._metrics = metrics
        self._numbers = itertools.count()
        self._opens_at = clock.monotonic()
        self._buckets = {group: _Bucket(rates.get(group, Rate(1e6, 1_000_000)), self._opens_at) for group in ("GET", "POST")}

    @property
    def closed_for(self) -> float:
        """Seconds until the gate opens; 0 while it is open."""
        return max(0.0, self._opens_at - self._clock.monotonic())

    def close_for(self, seconds: float) -> None:
        """Let nobody through for so long; a gate that is shut for longer stays so."""
        self._opens_at = max(self._opens_at, self._clock.monotonic() + seconds)

    async def acquire(self, method: str, lane: Lane) -> None:
        """Wait for the right to make one call; a caller that is cancelled meanwhile takes nothing with it."""
        group = "GET" if method in {"GET", "HEAD"} else "POST"
        bucket = self._buckets[group]
        waiter = _Waiter(lane, next(self._numbers))
        insort(bucket.queue, waiter)
        began = self._clock.monotonic()
        try:
            await self._turn(bucket, waiter)
        finally:
            bucket.queue.remove(waiter)
            if bucket.queue:
                bucket.queue[0].first.set()
            self._measure(group, self._clock.monotonic() - began)

    async def _turn(self, bucket: _Bucket, waiter: _Waiter) -> None:
        while True:
            if bucket.queue[0] is not waiter:
                waiter.first.clear()
                await waiter.first.wait()
            elif (wait := max(self.closed_for, bucket.wait(self._clock.monotonic()))) > _A_MOMENT:
                await self._clock.sleep(wait)
            else:
                bucket.take()
                return

    def _measure(self, group: str, waited: float) -> None:
        if waited > _A_MOMENT:
            self._metrics.ratelimit_waits.labels(self._service, group).inc()
            self._metrics.ratelimit_wait_seconds.labels(self._service, group).inc(waited)
