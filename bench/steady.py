"""A steady load: players that report at fixed moments, however long the report before took, until they are told to stop."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.load import Caller, Check

_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """One report: when it was due (`time.perf_counter`), and how many seconds after that it was answered."""

    at: float
    took: float


class _Player(Caller):
    """What cannot be sent in time, for the report before is not answered yet, counts from when it was due."""

    def __init__(self, script: Iterator[bytes], check: Check, done: "asyncio.Future[None]", first: float, every: float) -> None:
        self.times: list[float] = []
        self.dues: list[float] = []
        super().__init__(script, check, self.times, done)
        self._due, self._every = first, every

    def send(self) -> None:
        asyncio.get_running_loop().call_at(self._due, self._send_due)

    def _send_due(self) -> None:
        if self.done.done():
            return
        super().send()
        self.began = self._due
        self.dues.append(self._due)
        self._due += self._every

    def told(self) -> list[Told]:
        return [Told(at, took) for at, took in zip(self.dues, self.times, strict=False)]


def steadily(
    port: int, scripts: Sequence[Iterator[bytes]], check: Check, every: float, until: Callable[[], Awaitable[None]]
) -> list[Told]:
    """Let each script's player report every so many seconds while `until` runs; WrongAnswer when `check` fails."""
    gc.collect()
    gc.disable()
    try:
        return asyncio.run(_steadily(port, scripts, check, every, until))
    finally:
        gc.enable()


async def _steadily(
    port: int, scripts: Sequence[Iterator[bytes]], check: Check, every: float, until: Callable[[], Awaitable[None]]
) -> list[Told]:
    loop = asyncio.get_running_loop()
    over = False

    def going(script: Iterator[bytes]) -> Iterator[bytes]:
        for request in script:
            if over:
                return
            yield request

    began, players = loop.time() + 0.1, list[_Player]()
    try:
        for number, script in enumerate(scripts):
            first = began + every * number / len(scripts)
            players.append(_Player(going(script), check, loop.create_future(), first, every))
            await loop.create_connection(lambda player=players[-1]: player, "127.0.0.1", port)  # type: ignore[misc]
        watch = asyncio.ensure_future(until())
        answered = [player.done for player in players]
        await asyncio.wait([watch, *answered], return_when=asyncio.FIRST_COMPLETED)
        over = True
        if watch.done():
            await watch
        watch.cancel()
        async with asyncio.timeout(_PATIENCE):
            await asyncio.gather(*answered)
        return sorted((told for player in players for told in player.told()), key=lambda told: told.at)
    finally:
        for player in players:
            player.close()
        await asyncio.sleep(0.001)  # a socket is closed in a later turn of the loop
