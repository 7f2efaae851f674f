"""What a refresh that failed means: whether its token may be spent, how long to wait, what to tell the callers."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import anyio

from watchd.clients.trakt_auth import AppRefused
from watchd.clock import Clock
from watchd.errors import UpstreamError, UpstreamRefusal, UpstreamUnreachable

FIRST_WAIT = 30.0
PATIENCE = 300.0
LONGEST_WAIT = 1800.0
GRACE = 2.0


class RefreshTrouble:
    """The failures since the last good refresh."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._last: UpstreamError | None = None
        self._until = clock.monotonic()

    def __bool__(self) -> bool:
        return self._last is not None

    @property
    def waiting(self) -> bool:
        return self._clock.monotonic() < self._until

    def note(self, error: UpstreamError) -> None:
        """Wait longer each time; at length where Trakt answered, and where only one more try is left."""
        refusal = error if isinstance(error, UpstreamRefusal) else None
        wait = min(FIRST_WAIT * 2.0 ** min(self._failures, 10), LONGEST_WAIT if refusal else PATIENCE)
        asked = refusal.retry_after + 1 if refusal and refusal.retry_after is not None else 0.0
        self._until = self._clock.monotonic() + max(wait, asked, PATIENCE if may_be_spent(error) else 0.0)
        self._failures += 1
        self._last = error

    def clear(self) -> None:
        self._failures, self._last, self._until = 0, None, self._clock.monotonic()

    def later(self) -> UpstreamError:
        """For a caller whose own call was not made; only a refused app is no matter of time."""
        if isinstance(self._last, AppRefused):
            return AppRefused(self._last)
        return UpstreamUnreachable("the access token could not be renewed yet", maybe_done=False)


def may_be_spent(error: UpstreamError) -> bool:
    """Whether the refresh token may have been used up; a complete 5xx leaves that open, other refusals deny it."""
    if isinstance(error, UpstreamRefusal):
        return error.status >= 500 or error.status == 408
    return isinstance(error, UpstreamUnreachable) and error.maybe_done


async def in_one_piece(work: Coroutine[Any, Any, None]) -> None:
    """Let a refresh in the air land for a moment when its caller is cancelled: there will be no other answer to it."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):
            await asyncio.wait({task}, timeout=GRACE)
            task.cancel()
            await asyncio.wait({task})
        raise
