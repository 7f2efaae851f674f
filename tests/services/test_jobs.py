"""Jobs: begun at once, asked for later, and one that fails stops no other."""

import asyncio

import anyio
import pytest

from tests.store.given import turns
from watchd.errors import WatchdError
from watchd.services.jobs import Jobs, TooManyJobs


async def good() -> object:
    return {"rows": 1}


async def bad() -> object:
    raise WatchdError("not today")


async def broken() -> object:
    raise KeyError("secret")


async def test_a_job_is_done_in_the_background_and_its_result_waits() -> None:
    jobs = Jobs()
    numbers = [jobs.start(work) for work in (good, bad, broken)]
    assert jobs.status(numbers[0]) == {"job": numbers[0], "state": "waiting", "result": None, "reason": None}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(jobs.run)
        await turns(20)
        numbers.append(jobs.start(good))
        await turns(20)
        tasks.cancel_scope.cancel()
    told = [jobs.status(number) for number in numbers]
    assert [one and (one["state"], one["result"], one["reason"]) for one in told] == [
        ("done", {"rows": 1}, None),
        ("failed", None, "not today"),
        ("failed", None, "internal: KeyError"),
        ("done", {"rows": 1}, None),
    ]
    assert jobs.status(99) is None


def test_the_numbers_of_one_daemon_are_not_those_of_the_next() -> None:
    first, second = Jobs(), Jobs()
    numbers = {first.start(good) for _ in range(5)} | {second.start(good) for _ in range(5)}
    assert len(numbers) == 10
    assert all(0 < number < 2**53 for number in numbers)


async def test_there_is_an_end_to_what_is_begun_and_to_what_is_remembered() -> None:
    jobs, go = Jobs(), asyncio.Event()

    async def waiting() -> object:
        return await go.wait()

    first = jobs.start(waiting)
    for _ in range(15):
        jobs.start(waiting)
    with pytest.raises(TooManyJobs):
        jobs.start(waiting)
    go.set()
    last = 0
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(jobs.run)
        await turns(20)
        for _ in range(100):
            last = jobs.start(good)
            await turns(3)
        tasks.cancel_scope.cancel()
    assert jobs.status(first) is None
    assert jobs.status(last) is not None
