"""The load: keep-alive connections that send requests made beforehand, each the next one when the last was answered."""

import asyncio
import gc
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NOTHING = re.compile(rb"^HTTP/1\.1 (?:304|204) ()")  # these have no body and say nothing of its length
_PATIENCE = 60.0

Check = Callable[[bytes, bytes], bool]
Script = Iterable[bytes]


class WrongAnswer(Exception):
    """An answer was not what it must be, and so its time means nothing."""


@dataclass(frozen=True, slots=True)
class Lap:
    """What one run of the scripts took: wall time, each answer's time, and the load's own share of a processor."""

    seconds: float
    times: tuple[float, ...]
    load: float

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def p99(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99)]


class Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, script: Script, check: Check, times: list[float], done: asyncio.Future[None]) -> None:
        self._script = iter(script)
        self._check = check
        self._times = times
        self.done = done
        self.began = 0.0
        self._got = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self.send()

    def send(self) -> None:
        request = next(self._script, None)
        assert self._transport is not None
        if request is None:
            self.done.set_result(None)
            return
        self.began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return
        head, body = self._got[:end], self._got[end + 4 :]
        length = _NOTHING.search(head) or _LENGTH.search(head)
        if length is None:
            self._fail(f"an answer without a length: {head!r}")
        elif len(body) >= int(length[1] or 0):
            self._times.append(time.perf_counter() - self.began)
            self._got = b""
            if self._check(head, body):
                self.send()
            else:
                self._fail(f"a wrong answer: {head!r} {body[:300]!r}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was closed: {exc}")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        if self.done.done() and not self.done.cancelled():
            self.done.exception()  # seen, also when another failed first

    def _fail(self, reason: str) -> None:
        if not self.done.done():
            self.done.set_exception(WrongAnswer(reason))


def drive(port: int, scripts: Sequence[Script], check: Check) -> Lap:
    """Send all scripts at once, one connection each; WrongAnswer as soon as `check(head, body)` fails."""
    gc.collect()
    gc.disable()
    try:
        return asyncio.run(_drive(port, scripts, check))
    finally:
        gc.enable()


async def _drive(port: int, scripts: Sequence[Script], check: Check) -> Lap:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    callers = [Caller(script, check, times, loop.create_future()) for script in scripts]
    began, worked = time.perf_counter(), time.process_time()
    try:
        for caller in callers:
            await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
        async with asyncio.timeout(_PATIENCE):
            await asyncio.gather(*(caller.done for caller in callers))
        seconds = time.perf_counter() - began
        return Lap(seconds, tuple(times), (time.process_time() - worked) / seconds)
    finally:
        for caller in callers:
            caller.close()
        await asyncio.sleep(0.001)  # a socket is closed in a later turn of the loop


def good(head: bytes, body: bytes) -> bool:
    """Any 2xx."""
    return head.startswith(b"HTTP/1.1 2")
