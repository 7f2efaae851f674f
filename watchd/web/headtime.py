"""A time limit for the head of a connection's first request, which aiohttp does not have."""

import asyncio
from typing import cast

from aiohttp import web

_END = b"\r\n\r\n"


class HeadTimer(asyncio.Protocol):
    """Stands before aiohttp's protocol until the first head is complete, then leaves the connection to it.

    Who opens a connection and dawdles is cut off after `limit` seconds. The heads that follow on the same connection fall
    under the keep-alive limit, which aiohttp counts from the end of the last answer. One limit for both will not do: proxies
    keep idle connections for a minute or two, and a hook they send on one just closed is lost.
    """

    def __init__(self, served: web.RequestHandler, limit: float) -> None:
        self._served = served
        self._limit = limit
        self._begun = False
        self._tail = b""
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._timer = asyncio.get_running_loop().call_later(self._limit, self._transport.abort)
        self._served.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        seen = self._tail + data
        if not self._begun:
            seen = seen.lstrip(b"\r\n")  # blank lines may stand before a request and are no head
            self._begun = bool(seen)
        if _END in seen:
            self._leave()
        self._tail = seen[1 - len(_END) :]
        self._served.data_received(data)

    def _leave(self) -> None:
        self._stop()
        if self._transport is not None:
            self._transport.set_protocol(self._served)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def eof_received(self) -> None:
        self._served.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._served.connection_lost(exc)

    def pause_writing(self) -> None:
        self._served.pause_writing()

    def resume_writing(self) -> None:
        self._served.resume_writing()
