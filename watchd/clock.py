"""Time, handed to whoever needs it: wall time for what is stored, monotonic time for waits and ages.

Wall time is an `int`: milliseconds since the Unix epoch, UTC. That is what SQLite stores and what the rules compute with;
text forms are made at the edges by `iso` and read by `parse_iso`.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999


class Clock(Protocol):
    """What the daemon asks of time."""

    def now(self) -> int:
        """Wall time, in milliseconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump, from an arbitrary start."""
        ...

    def real(self, seconds: float) -> float:
        """How many seconds of the machine a span of this clock lasts, for time limits that a library keeps."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until `monotonic` has moved on by `seconds`."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()

    def real(self, seconds: float) -> float:
        return seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SteeredClock:
    """Time that runs `rate` times as fast as the machine's, for demonstrations and for tests of the whole process.

    Two processes given the same `rate` and `epoch` (machine time, in seconds, at which both clocks agreed with it) tell the
    same time, also across restarts.
    """

    def __init__(self, rate: float = 1.0, epoch: float | None = None) -> None:
        self._rate = rate
        self._machine = time.time() if epoch is None else epoch
        self._wall = self._machine
        self._changed = asyncio.Event()

    @classmethod
    def parse(cls, text: str) -> "SteeredClock":
        """Read `RATE` or `RATE@EPOCH`, as the hidden setting `WATCHD_CLOCK` writes it; ValueError when it is neither."""
        rate, _, epoch = text.partition("@")
        speed = float(rate)
        if not 0 < speed <= 100_000:
            raise ValueError("the rate of the clock must lie above 0 and at most at 100000")
        return cls(speed, float(epoch) if epoch else None)

    @property
    def rate(self) -> float:
        return self._rate

    def set_rate(self, rate: float) -> None:
        """Go on from the present moment at another speed; sleepers are woken to reckon again."""
        self._wall, self._machine = self._seconds(), time.time()
        self._rate = rate
        self._changed.set()
        self._changed = asyncio.Event()

    def _seconds(self) -> float:
        return self._wall + (time.time() - self._machine) * self._rate

    def now(self) -> int:
        return int(self._seconds() * 1000)

    def monotonic(self) -> float:
        return self._seconds()

    def real(self, seconds: float) -> float:
        return seconds / self._rate

    async def sleep(self, seconds: float) -> None:
        due = self._seconds() + seconds
        while (left := due - self._seconds()) > 0:
            try:
                async with asyncio.timeout(left / self._rate):
                    await self._changed.wait()
            except TimeoutError:
                continue
        await asyncio.sleep(0)


class ManualClock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: int = 1_790_000_000_000) -> None:
        self._now = now
        self._monotonic = 0.0
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def real(self, seconds: float) -> float:
        return seconds

    def advance(self, seconds: float) -> None:
        """Move both times on by `seconds` and wake the sleepers that are due."""
        self._now += round(seconds * 1000)
        self._monotonic += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    def jump(self, seconds: float) -> None:
        """Set the wall time alone, as a corrected system clock does."""
        self._now += round(seconds * 1000)

    async def sleep(self, seconds: float) -> None:
        due = self._monotonic + seconds
        while self._monotonic < due:
            await self._moved.wait()


def iso(at: int) -> str:
    """Trakt's form of a moment: `2026-11-20T20:57:00.000Z`. ValueError or OverflowError outside the years 1 to 9999."""
    return f"{datetime.fromtimestamp(at // SECOND, UTC).isoformat()[:19]}.{at % SECOND:03d}Z"


def parse_iso(text: str) -> int:
    """Milliseconds of an ISO 8601 moment; one without a zone is taken as UTC. ValueError when it is none `iso` could write."""
    moment = datetime.fromisoformat(text)
    since = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - _EPOCH
    at = (since.days * 86_400 + since.seconds) * SECOND + round(since.microseconds / 1000)
    if not _FIRST <= at <= _LAST:
        raise ValueError(f"the moment lies outside the years 1 to 9999: {text!r}")
    return at
