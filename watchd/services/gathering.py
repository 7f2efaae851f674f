"""Gathering: events that arrive at the same moment wait for the one transaction they share."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from watchd.errors import StoreUnavailable
from watchd.services.arrivals import Arrival, Taken

_MOST = 128

Take = Callable[[Sequence[Arrival]], Awaitable[Sequence[Taken | Exception]]]
_Waiting = tuple[Arrival, "asyncio.Future[Taken]"]


class Gathering:
    """`take` commits some events; `told` is called after that with what they did, before anybody gets an answer."""

    def __init__(self, take: Take, told: Callable[[Sequence[tuple[Arrival, Taken]]], None]) -> None:
        self._take = take
        self._told = told
        self._waiting: deque[_Waiting] = deque()
        self._taker: asyncio.Task[None] | None = None

    async def join(self, arrival: Arrival) -> Taken:
        """What an event did, once that is committed; StoreUnavailable when nothing was.

        It is taken in also when the one who waits for it is cancelled.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Taken] = loop.create_future()
        self._waiting.append((arrival, answer))
        self._start()
        return await answer

    def _start(self) -> None:
        if self._taker is None and self._waiting:
            # A task that belongs to none of those who wait: whoever of them is cancelled, the others get their answer.
            self._taker = asyncio.get_running_loop().create_task(self._take_waiting())

    async def _take_waiting(self) -> None:
        try:
            while self._waiting:
                await self._let_join()
                await self._take_some([self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST))])
        finally:
            self._taker = None
            self._start()

    async def _let_join(self) -> None:
        """Wait for those who are about to join, as long as in each turn of the loop some do."""
        seen = 0
        while seen < len(self._waiting) < _MOST:
            seen = len(self._waiting)
            await asyncio.sleep(0)

    async def _take_some(self, some: Sequence[_Waiting]) -> None:
        outcomes: Sequence[Taken | Exception] = [StoreUnavailable("the events were not taken")] * len(some)
        try:
            taken = await self._take([arrival for arrival, _ in some])
            if len(taken) != len(some):  # nobody could say which outcome is whose
                raise AssertionError(f"{len(some)} events, {len(taken)} outcomes")
            outcomes = taken
        except StoreUnavailable as error:
            outcomes = [error] * len(some)
        finally:
            for (_, answer), outcome in zip(some, outcomes, strict=True):
                _answer(answer, outcome)
        done = [(arrival, taken) for (arrival, _), taken in zip(some, outcomes, strict=True) if isinstance(taken, Taken)]
        self._told(done)  # who got an answer goes on in the next turn of the loop


def _answer(waiter: "asyncio.Future[Taken]", outcome: Taken | Exception) -> None:
    if waiter.done():  # cancelled
        return
    if isinstance(outcome, Taken):
        waiter.set_result(outcome)
    else:
        waiter.set_exception(outcome)
