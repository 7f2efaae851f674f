"""The route table, the application made of it, and the listener."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import groupby
from operator import attrgetter

from aiohttp import web

from watchd.web.admin import Admin
from watchd.web.cards import Cards
from watchd.web.desk import Desk
from watchd.web.doctor import Doctor
from watchd.web.guard import Guard
from watchd.web.headtime import HeadTimer
from watchd.web.hooks import Hooks
from watchd.web.images import Images
from watchd.web.intake import Intake
from watchd.web.logins import Logins
from watchd.web.middleware import UNMATCHED, Endpoint, Flights, Route
from watchd.web.openapi import OpenApi
from watchd.web.ops import Ops
from watchd.web.personal import Personal
from watchd.web.ports import WebPorts
from watchd.web.recent import Recent
from watchd.web.search import Search
from watchd.web.slashes import READS, beside
from watchd.web.syncing import Syncs
from watchd.web.tokens import Scope
from watchd.web.trakt_format import TraktFormat
from watchd.web.trakt_sync import TraktSync

HEAD_SECONDS = 10.0
KEEPALIVE_SECONDS = 130.0  # longer than the proxies in use keep an idle connection
LINGERING_SECONDS = 3.0  # how long the rest of a refused body is taken, so that its sender gets to read the answer
SHUTDOWN_SECONDS = 2.0


def routes(ports: WebPorts, intake: Intake) -> tuple[Route, ...]:
    """Every address we answer at."""
    hooks, trakt = Hooks(ports, intake), TraktFormat(ports, intake)
    cards, ops = Cards(ports.showing), Ops(ports.health, ports.metrics.registry)
    admin, logins = Admin(ports.owing, ports.health), Logins(ports.connecting, ports.limits)
    sync, recent = TraktSync(ports, intake), Recent(ports.recalling)
    table = (
        *(
            Route(method, path, handler, scope)
            for path in ("/hooks/{source}", "/hooks/{source}/", "/hooks/{source}/{token}", "/hooks/{source}/{token}/")
            for method, handler, scope in (
                ("POST", hooks.receive, Scope.HOOK),
                ("PUT", hooks.receive, Scope.HOOK),
                ("GET", hooks.explain, Scope.NONE),
            )
        ),
        Route("POST", "/trakt/scrobble/start", trakt.scrobble, Scope.HOOK),
        Route("POST", "/trakt/scrobble/pause", trakt.scrobble, Scope.HOOK),
        Route("POST", "/trakt/scrobble/stop", trakt.scrobble, Scope.HOOK),
        Route("POST", "/trakt/checkin", trakt.checkin, Scope.HOOK),
        Route("DELETE", "/trakt/checkin", trakt.uncheckin, Scope.HOOK),
        Route("POST", "/trakt/sync/history", sync.history, Scope.HOOK),
        Route("POST", "/trakt/sync/ratings", sync.ratings, Scope.HOOK),
        Route("GET", "/api/watching", cards.watching, Scope.CARD),
        Route("GET", "/api/deliveries", admin.deliveries, Scope.ADMIN),
        Route("POST", "/api/deliveries/backfill", admin.backfill, Scope.ADMIN),
        Route("POST", "/api/deliveries/{id}/retry", admin.retry, Scope.ADMIN),
        Route("POST", "/api/deliveries/{id}/drop", admin.drop, Scope.ADMIN),
        Route("GET", "/api/hooks/recent", recent.recent, Scope.ADMIN),
        Route("GET", "/api/plays/{id}/explain", recent.explain, Scope.ADMIN),
        Route("GET", "/api/status", admin.status, Scope.ADMIN),
        Route("GET", "/api/login", logins.status, Scope.ADMIN),
        Route("POST", "/api/login", logins.begin, Scope.ADMIN),
        Route("POST", "/api/logout", logins.leave, Scope.ADMIN),
        *Doctor(ports.diagnosing).routes(),
        *Syncs(ports.syncing, ports.limits).routes(),
        *Personal(ports).routes(),
        *Search(ports).routes(),
        *Images(ports).routes(),
        *Desk(ports).routes(),
        Route("GET", "/healthz", ops.alive, Scope.READ),
        Route("GET", "/readyz", ops.ready, Scope.READ),
        Route("GET", "/metrics", ops.metrics, Scope.READ),
    )
    return (*table, OpenApi(table).route)


def make_app(ports: WebPorts) -> web.Application:
    """The application; every path is one `Endpoint`, and what matches none is one too."""
    app = web.Application()
    guard, flights = Guard(ports.access, ports.tokens), Flights(ports.metrics)
    intake = Intake(ports)
    for path, same in groupby(routes(ports, intake), attrgetter("path")):
        table = tuple(same)
        app.router.add_route("*", path, Endpoint(path, table, guard, ports.metrics, flights).answer)
        slashed = beside(path, table)
        if slashed is not None:
            answer = Endpoint(path, (slashed,), guard, ports.metrics, flights).answer
            for method in READS:
                app.router.add_route(method, f"{path}/", answer)
    app.router.add_route("*", "/{path:.*}", Endpoint(UNMATCHED, (), guard, ports.metrics, flights).answer)
    return app


@asynccontextmanager
async def serve(
    app: web.Application,
    host: str,
    port: int,
    *,
    head_seconds: float = HEAD_SECONDS,
    lingering_seconds: float = LINGERING_SECONDS,
) -> AsyncIterator[int]:
    """Listen while the block runs and give the port that was bound; requests in flight are finished on the way out."""
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_logger(),
        shutdown_timeout=SHUTDOWN_SECONDS,
        keepalive_timeout=KEEPALIVE_SECONDS,
        lingering_time=lingering_seconds,
    )
    await runner.setup()
    try:
        served = runner.server
        if served is None:
            raise RuntimeError("the runner was set up and has no server")
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(lambda: HeadTimer(served(), head_seconds), host, port)
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            listener.close()
    finally:
        await runner.cleanup()


class _NoTrace(logging.Filter):
    """aiohttp logs what it cannot parse with a traceback whose text holds the bytes, and so perhaps a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            record.msg, record.args = f"request not served: {record.exc_info[0].__name__}", ()
        record.exc_info = record.exc_text = None
        return True


def _logger() -> logging.Logger:
    logger = logging.getLogger("watchd.web.protocol")
    if not logger.filters:
        logger.addFilter(_NoTrace())
    return logger
