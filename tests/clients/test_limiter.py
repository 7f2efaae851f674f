"""The pace: buckets, lanes, the gate, and callers that are cancelled while they wait."""

import asyncio
import time

import pytest

from tests.clients.upstream import settle
from watchd.clients.limiter import TRAKT_RATES, Lane, Limiter, Rate
from watchd.clock import Clock, ManualClock, SteeredClock
from watchd.telemetry.metrics import Metrics

RATES = {"GET": Rate(1.0, 3), "POST": Rate(1.0, 1)}


def a_limiter(clock: Clock, metrics: Metrics) -> Limiter:
    return Limiter(clock, RATES, service="trakt", metrics=metrics)


class Crowd:
    """Callers that wait, and the order in which they got through."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter
        self.through: list[str] = []

    async def _wait(self, name: str, method: str, lane: Lane) -> None:
        await self._limiter.acquire(method, lane)
        self.through.append(name)

    def send(self, name: str, method: str, lane: Lane) -> "asyncio.Task[None]":
        return asyncio.create_task(self._wait(name, method, lane))


async def pass_time(clock: ManualClock, seconds: float, step: float = 0.5) -> None:
    for _ in range(round(seconds / step)):
        await settle()
        clock.advance(step)
    await settle()


async def test_a_burst_passes_at_once_and_then_one_a_second(clock: ManualClock, metrics: Metrics) -> None:
    crowd = Crowd(a_limiter(clock, metrics))
    tasks = [crowd.send(str(number), "GET", Lane.POLL) for number in range(5)]
    await settle()
    assert crowd.through == ["0", "1", "2"]
    await pass_time(clock, 1)
    assert crowd.through == ["0", "1", "2", "3"]
    await pass_time(clock, 1)
    assert crowd.through == ["0", "1", "2", "3", "4"]
    await asyncio.gather(*tasks)


async def test_writes_and_reads_have_buckets_of_their_own(clock: ManualClock, metrics: Metrics) -> None:
    crowd = Crowd(a_limiter(clock, metrics))
    tasks = [crowd.send(method, method, Lane.LIVE) for method in ("POST", "DELETE", "GET")]
    await settle()
    assert crowd.through == ["POST", "GET"]
    await pass_time(clock, 1)
    assert crowd.through == ["POST", "GET", "DELETE"]
    await asyncio.gather(*tasks)


async def test_lanes_go_before_arrival_and_arrival_counts_within_a_lane(clock: ManualClock, metrics: Metrics) -> None:
    limiter = a_limiter(clock, metrics)
    await limiter.acquire("POST", Lane.SYNC)
    crowd = Crowd(limiter)
    arrivals = [("sync", Lane.SYNC), ("poll", Lane.POLL), ("late", Lane.LATE), ("late2", Lane.LATE), ("live", Lane.LIVE)]
    tasks = [crowd.send(name, "POST", lane) for name, lane in arrivals]
    await settle()
    clock.advance(0.9)
    await settle()
    tasks.append(crowd.send("stop", "POST", Lane.LIVE_STOP))
    await pass_time(clock, 7)
    assert crowd.through == ["stop", "live", "late", "late2", "poll", "sync"]
    await asyncio.gather(*tasks)


async def test_a_bulk_sync_cannot_starve_a_live_stop(clock: ManualClock, metrics: Metrics) -> None:
    crowd = Crowd(a_limiter(clock, metrics))
    tasks = [crowd.send(f"sync{number}", "POST", Lane.SYNC) for number in range(200)]
    await pass_time(clock, 3)
    tasks.append(crowd.send("stop", "POST", Lane.LIVE_STOP))
    before = len(crowd.through)
    await pass_time(clock, 1)
    assert crowd.through[before:] == ["stop"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_gate_shuts_for_all_and_opens_for_the_most_urgent_first(clock: ManualClock, metrics: Metrics) -> None:
    limiter = a_limiter(clock, metrics)
    crowd = Crowd(limiter)
    limiter.close_for(10)
    limiter.close_for(4)
    assert limiter.closed_for == 10
    tasks = [
        crowd.send("poll", "GET", Lane.POLL),
        crowd.send("late", "POST", Lane.LATE),
        crowd.send("stop", "POST", Lane.LIVE_STOP),
    ]
    await pass_time(clock, 9.5)
    assert crowd.through == []
    await pass_time(clock, 0.5)
    assert sorted(crowd.through) == ["poll", "stop"]
    assert limiter.closed_for == 0
    await pass_time(clock, 1)
    assert crowd.through[-1] == "late"
    await asyncio.gather(*tasks)


async def test_a_gate_that_shuts_while_somebody_sleeps_holds_him_too(clock: ManualClock, metrics: Metrics) -> None:
    limiter = a_limiter(clock, metrics)
    await limiter.acquire("POST", Lane.LIVE)
    crowd = Crowd(limiter)
    task = crowd.send("stop", "POST", Lane.LIVE_STOP)
    await settle()
    limiter.close_for(5)
    await pass_time(clock, 4.5)
    assert crowd.through == []
    await pass_time(clock, 0.5)
    assert crowd.through == ["stop"]
    await task


@pytest.mark.parametrize("victim", ["first", "second", "third"])
async def test_a_cancelled_caller_takes_no_turn_and_blocks_nobody(clock: ManualClock, metrics: Metrics, victim: str) -> None:
    limiter = a_limiter(clock, metrics)
    await limiter.acquire("POST", Lane.LIVE)
    crowd = Crowd(limiter)
    tasks = {name: crowd.send(name, "POST", Lane.LATE) for name in ("first", "second", "third")}
    await settle()
    clock.advance(0.5)
    await settle()
    tasks[victim].cancel()
    await pass_time(clock, 1.5)
    left = [name for name in tasks if name != victim]
    assert crowd.through == left
    await asyncio.gather(*tasks.values(), return_exceptions=True)


async def test_waiting_is_measured(clock: ManualClock, metrics: Metrics) -> None:
    limiter = a_limiter(clock, metrics)
    await limiter.acquire("POST", Lane.LIVE)
    crowd = Crowd(limiter)
    task = crowd.send("stop", "POST", Lane.LIVE)
    await pass_time(clock, 1)
    await task
    labels = {"service": "trakt", "bucket": "POST"}
    assert metrics.registry.get_sample_value("watchd_upstream_ratelimit_waits_total", labels) == 1
    assert metrics.registry.get_sample_value("watchd_upstream_ratelimit_wait_seconds_total", labels) == pytest.approx(1)


async def test_a_fast_clock_makes_the_pace_fast(metrics: Metrics) -> None:
    limiter = a_limiter(SteeredClock(1000), metrics)
    began = time.monotonic()
    for _ in range(20):
        await limiter.acquire("POST", Lane.LIVE)
    assert time.monotonic() - began < 5


async def test_trakts_rates_stay_below_its_limits(clock: ManualClock, metrics: Metrics) -> None:
    crowd = Crowd(Limiter(clock, TRAKT_RATES, service="trakt", metrics=metrics))
    tasks = [crowd.send(method, method, Lane.SYNC) for method in ("GET", "POST") for _ in range(100)]
    await pass_time(clock, 60, step=0.1)
    assert 69 <= crowd.through.count("GET") <= 71
    assert 54 <= crowd.through.count("POST") <= 60
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
