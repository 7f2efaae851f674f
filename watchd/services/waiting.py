"""Waiting for a time or for news, whichever comes first."""

import anyio

from watchd.clock import Clock


async def sleep_or(clock: Clock, seconds: float, news: anyio.Event, delay: float = 0.0) -> None:
    """Sleep for `seconds`, or until `delay` seconds after `news` was set if that is sooner."""
    async with anyio.create_task_group() as tasks:

        async def heard() -> None:
            await news.wait()
            await clock.sleep(delay)
            tasks.cancel_scope.cancel()

        tasks.start_soon(heard)
        await clock.sleep(seconds)
        tasks.cancel_scope.cancel()
