"""An upstream on a real port that answers what the test tells it to, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

from watchd.clients.rest import RestClient
from watchd.clock import Clock
from watchd.telemetry.metrics import Metrics

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Seen:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    json: Any


@dataclass
class Upstream:
    """`answer` may be replaced at any time."""

    answer: Handler
    url: str = ""
    seen: list[Seen] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        json = await request.json() if request.can_read_body else None
        self.seen.append(Seen(request.method, request.path, dict(request.query), dict(request.headers), json))
        return await self.answer(request)


async def nothing(_: web.Request) -> web.StreamResponse:
    return web.json_response({})


@asynccontextmanager
async def listening(answer: Handler = nothing) -> AsyncIterator[Upstream]:
    upstream = Upstream(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", upstream.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    upstream.url = f"http://{host}:{port}"
    try:
        yield upstream
    finally:
        await runner.cleanup()


@asynccontextmanager
async def talking_to(url: str, clock: Clock, metrics: Metrics, service: str = "trakt") -> AsyncIterator[RestClient]:
    async with ClientSession() as session:
        yield RestClient(session, url, clock, metrics, service=service)


async def settle() -> None:
    """Let everything run that can without time going on."""
    for _ in range(50):
        await asyncio.sleep(0)
