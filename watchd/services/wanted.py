"""A small set of things to fetch in the background, each at most once in a while."""

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

import anyio

from watchd.clock import Clock

K = TypeVar("K", bound=Hashable)

_MOST = 500


class Wanted(Generic[K]):
    """First in, first out; what was handed out is not taken again for `again` milliseconds."""

    def __init__(self, clock: Clock, again: int) -> None:
        self._clock = clock
        self._again = again
        self._queue: deque[K] = deque()
        self._asked: dict[K, int] = {}
        self._news = anyio.Event()

    def add(self, key: K) -> None:
        now = self._clock.now()
        asked = self._asked.get(key)
        if (asked is not None and now - asked < self._again) or len(self._queue) >= _MOST:
            return
        self._asked.pop(key, None)
        if len(self._asked) >= 2 * _MOST:
            del self._asked[next(iter(self._asked))]  # the one asked longest ago
        self._asked[key] = now
        self._queue.append(key)
        self._news.set()

    async def next(self) -> K:
        """The next wanted thing, waiting for one if there is none."""
        while not self._queue:
            self._news = anyio.Event()
            await self._news.wait()
        return self._queue.popleft()
