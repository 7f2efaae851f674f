"""What surrounds every handler: the guard, errors into statuses, metrics. One object for each path, resolved once."""

import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

import structlog
from aiohttp import hdrs, web
from prometheus_client import Counter, Histogram

from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.sources import HOOKS, trakt
from watchd.telemetry.metrics import Metrics
from watchd.web.answers import CORS, HttpError, empty, refusal
from watchd.web.guard import Guard
from watchd.web.tokens import Grant, Scope

Handler = Callable[[web.Request, Grant], Awaitable[web.StreamResponse]]

UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PREFLIGHT = CORS | {
    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "Authorization, X-API-Key, If-None-Match, Content-Type",
    hdrs.ACCESS_CONTROL_MAX_AGE: "86400",
}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the route table."""

    method: str
    path: str
    handler: Handler
    scope: Scope


class Tally:
    """Counts the answers of one route and method; the labels are looked up once, at the first answer."""

    __slots__ = ("_codes", "_labels", "_metrics", "_seconds")

    def __init__(self, metrics: Metrics, route: str, method: str) -> None:
        self._labels = (route, method)
        self._metrics = metrics
        self._seconds: Histogram | None = None
        self._codes: dict[int, Counter] = {}

    def add(self, status: int, seconds: float) -> None:
        child = self._codes.get(status)
        if child is None:
            child = self._codes[status] = self._metrics.http_requests.labels(*self._labels, str(status))
            self._seconds = self._metrics.http_seconds.labels(*self._labels)
        child.inc()
        if self._seconds is not None:
            self._seconds.observe(seconds)


class Flights:
    """How many requests are being answered, read by the gauge when it is asked."""

    __slots__ = ("now",)

    def __init__(self, metrics: Metrics) -> None:
        self.now = 0
        metrics.http_in_flight.set_function(lambda: self.now)


class Endpoint:
    """All methods of one path."""

    def __init__(self, path: str, routes: Iterable[Route], guard: Guard, metrics: Metrics, flights: Flights) -> None:
        self.path = path
        self._guard = guard
        self._metrics = metrics
        self._flights = flights
        self._routes = {route.method: route for route in routes}
        if "GET" in self._routes:
            self._routes["HEAD"] = self._routes["GET"]
        self._allow = ", ".join(sorted({*self._routes, "OPTIONS"}))
        self._card = any(route.scope is Scope.CARD for route in self._routes.values())
        self._lanes = {method: (route, Tally(metrics, path, method)) for method, route in self._routes.items()}
        self._others: dict[str, Tally] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        lane = self._lanes.get(request.method)
        if lane is None:
            return self._without_route(request)
        route, tally = lane
        started = perf_counter()
        self._flights.now += 1
        try:
            response = await route.handler(request, self._guard.admit(request, route.scope))
        except HttpError as error:
            response = self._refuse(error)
            if route.scope is Scope.HOOK and error.status in (401, 403):
                self._count_stranger(request)
        except StoreUnavailable:
            response = self._refuse(HttpError(503, "the event could not be kept: try again", {hdrs.RETRY_AFTER: "5"}))
        except MalformedPayload as error:
            response = self._refuse(HttpError(400, str(error)))
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001  the last resort: the sender gets a 500, and the others go on being served
            report("web.failed", error, route=self.path, method=request.method)
            response = self._refuse(HttpError(500, "internal error"))
        finally:
            self._flights.now -= 1
        if request.content.exception() is not None:  # aiohttp will close the connection, so the sender must hear of it
            response.force_close()
        tally.add(response.status, perf_counter() - started)
        return response

    def _count_stranger(self, request: web.Request) -> None:
        source = request.match_info.get("source", trakt.SOURCE)
        known = source in HOOKS or source == trakt.SOURCE
        self._metrics.events_rejected.labels(source if known else "unknown", "auth").inc()

    def _refuse(self, error: HttpError) -> web.Response:
        response = refusal(error)
        if self._card:
            response.headers.update(CORS)
        if error.status in (408, 413):
            response.force_close()
        return response

    def _without_route(self, request: web.Request) -> web.Response:
        started = perf_counter()
        method = request.method if request.method in _METHODS else "other"
        allow: dict[str, str] = {hdrs.ALLOW: self._allow}
        if not self._lanes:
            response = self._refuse(HttpError(404, "there is nothing here"))
        elif method == "OPTIONS":
            methods: dict[str, str] = {hdrs.ACCESS_CONTROL_ALLOW_METHODS: self._allow}
            response = empty(204, allow | _PREFLIGHT | methods if self._card else allow)
        else:
            response = self._refuse(HttpError(405, f"{method} is not possible here", allow))
        tally = self._others.get(method)
        if tally is None:
            tally = self._others[method] = Tally(self._metrics, self.path, method)
        tally.add(response.status, perf_counter() - started)
        return response


def report(event: str, error: Exception, **facts: object) -> None:
    """Log an unforeseen error by its kind and the lines it went through; values, which may be secret, stay out."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    log.error(event, error=type(error).__name__, where=where, **facts)
