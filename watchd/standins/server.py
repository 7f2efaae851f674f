"""What both stand-ins are made of: a listener on a real port that records every request and goes wrong on order."""

import asyncio
import json
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from watchd.clock import Clock
from watchd.standins.faults import Fault, FaultPlan, Seen
from watchd.standins.replies import Blocked, Refusal, page, reply

SEEN = web.RequestKey("seen", Seen)


class StandIn:
    """A service that listens on 127.0.0.1. It may be stopped and started again, and keeps its state."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.clock_skew = 0.0
        self.requests: list[Seen] = []
        self.faults = FaultPlan()
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()
        self._stirred = asyncio.Event()
        self._late: set[asyncio.Task[web.StreamResponse]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> int:
        """The service's own time: that of the clock, off by `clock_skew` seconds."""
        return self.clock.now() + round(self.clock_skew * 1000)

    async def start(self, port: int = 0) -> None:
        """Listen; on the port given, on the one of the last time, or on any that is free."""
        self._stopping = asyncio.Event()
        app = web.Application(middlewares=[self._receive], client_max_size=16 * 1024 * 1024)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the listener and every connection; held requests are let go unanswered."""
        self._stopping.set()
        for task in self._late:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def calls(self, method: str | None = None, path: str = "/") -> list[Seen]:
        """The requests of this verb whose path begins so."""
        return [seen for seen in self.requests if method in {None, seen.method} and seen.path.startswith(path)]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds; it is asked again whenever a request has come in, was served or was answered."""
        while not holds():
            await self._stirred.wait()

    def _stir(self) -> None:
        self._stirred.set()
        self._stirred = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def came(self, seen: Seen) -> None:
        """Called for each request before anything can go wrong with it."""

    def admit(self, request: web.Request) -> None:
        """Look at headers and rights; raises a Refusal."""

    def remember(self) -> Callable[[], None]:
        """Note the state as it is; what is returned brings it back."""
        raise NotImplementedError

    def finish(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add headers to an answer that was not spoilt."""

    @web.middleware
    async def _receive(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        text = (await request.read()).decode(errors="replace")
        seen = Seen(self.clock.now(), request.method, request.path, dict(request.query), dict(request.headers), _decoded(text))
        request[SEEN] = seen
        self.requests.append(seen)
        self.came(seen)
        self._stir()
        fault = self.faults.take(seen)
        response = await (self._work(request, handler) if fault is None else self._spoil(fault, request, handler))
        seen.status = None if fault is not None and fault.kind in _UNANSWERED else response.status
        self._stir()
        return response

    async def _work(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self.admit(request)
            response = await handler(request)
        except Blocked:
            response = page(403)
        except Refusal as refusal:
            response = reply(refusal.body, refusal.status, refusal.headers)
        except web.HTTPException as refusal:
            response = reply(None, refusal.status, {"Allow": refusal.headers["Allow"]} if "Allow" in refusal.headers else None)
        self.finish(request, response)
        response.headers.setdefault("Date", formatdate(self.now() / 1000, usegmt=True))
        self._stir()
        return response

    async def _spoil(self, fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
        if fault.kind == "lie":
            return _bent(await self._work(request, handler), fault)
        if fault.kind == "delay":
            return await self._delayed(fault.seconds, request, handler)
        undo = self.remember() if fault.kind == "swallow" else None
        works = fault.work or fault.kind in {"drop_after", "truncate", "swallow"}
        response = await self._work(request, handler) if works else reply()
        if undo is not None:
            undo()
        match fault.kind:
            case "status":
                return reply(fault.body, fault.status or 503, self._dated(fault))
            case "html":
                return page(fault.status or 503, self._dated(fault))
            case "garbage":
                return web.Response(status=fault.status or 200, text='{"torn: <<<', content_type="application/json")
            case "hang":
                await self._stopping.wait()
                _close(request)
            case "drop_before" | "drop_after":
                _close(request)
            case "truncate":
                return await _halved(request, response)
        return response

    async def _delayed(self, seconds: float, request: web.Request, handler: Handler) -> web.StreamResponse:
        due = self.clock.monotonic() + seconds

        async def later() -> web.StreamResponse:
            await self.clock.sleep(due - self.clock.monotonic())
            return await self._work(request, handler)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return await asyncio.shield(task)

    def _dated(self, fault: Fault) -> dict[str, str]:
        return {"Date": formatdate(self.now() / 1000, usegmt=True), **fault.headers}


_UNANSWERED = {"hang", "drop_before", "drop_after", "truncate"}


def _decoded(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def _bent(whole: web.StreamResponse, fault: Fault) -> web.StreamResponse:
    """The answer with other headers and fewer rows than it has."""
    told = json.loads(whole.body) if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else None
    kept = told[: fault.rows] if isinstance(told, list) else told
    plain = {name: value for name, value in whole.headers.items() if name not in ("Content-Type", "Content-Length")}
    return reply(kept, whole.status, {**plain, **fault.headers})


async def _halved(request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
    """Send the head of the answer and half of its body, and close the connection."""
    content = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b""
    torn = web.StreamResponse(status=whole.status, headers={**whole.headers, "Content-Length": str(len(content))})
    if content:
        await torn.prepare(request)
        await torn.write(content[: len(content) // 2])
    _close(request)
    return torn
