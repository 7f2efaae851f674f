"""Works that wait for the writer: the urgent ones together, the patient ones one by one when no urgent one waits."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
Waiting = tuple[Work[Any], "asyncio.Future[Any]"]

_BATCH = 128
_PASSED = 8
_TURNS = 6


class Lanes:
    """In each lane first come, first served. After some shared transactions a patient work has its turn whoever waits."""

    def __init__(self) -> None:
        self._urgent: deque[Waiting] = deque()
        self._patient: deque[Waiting] = deque()
        self._passed = 0

    def __bool__(self) -> bool:
        return bool(self._urgent or self._patient)

    def put(self, waiting: Waiting, *, patient: bool) -> None:
        (self._patient if patient else self._urgent).append(waiting)

    async def gather(self) -> None:
        """Let those join who are about to: one fsync for all, and no quarrel for the GIL with the thread that works.

        A patient work lets a request that has just arrived come as far as its write.
        """
        for _ in range(_TURNS):
            if self._urgent:
                break
            await asyncio.sleep(0)
        seen = 0
        while seen < len(self._urgent) < _BATCH:
            seen = len(self._urgent)
            await asyncio.sleep(0)

    def take(self) -> list[Waiting]:
        """What shares the next transaction."""
        if self._patient and (not self._urgent or self._passed >= _PASSED):
            self._passed = 0
            return [self._patient.popleft()]
        self._passed = self._passed + 1 if self._patient else 0
        return [self._urgent.popleft() for _ in range(min(len(self._urgent), _BATCH))]
