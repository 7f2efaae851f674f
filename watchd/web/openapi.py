"""GET /openapi.json: the description of every address, put together when it is first asked for."""

import gzip
import importlib
import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Protocol, cast

from aiohttp import hdrs, web

from watchd.model.personal import Ready
from watchd.web.documents import Documents, takes_gzip
from watchd.web.middleware import Route
from watchd.web.tokens import ANYONE, Grant, Scope


class Describer(Protocol):
    """What the module of the description offers."""

    def document(self, routes: Iterable[Route]) -> dict[str, Any]: ...


class OpenApi:
    """The description of `routes` and of itself; kept as bytes once somebody wanted it."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.route = Route("GET", "/openapi.json", self.answer, Scope.READ)
        self._routes = (*routes, self.route)
        self._documents = Documents()
        self._ready: tuple[Ready, Ready] | None = None

    async def answer(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        if self._ready is None:
            self._ready = _written(_describer().document(self._routes))
        packed = takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
        return self._documents.answer(request, self._ready[packed], public=grant is ANYONE)


def _describer() -> Describer:
    """Imported now, like a command of the command line: it is large, and few daemons are ever asked."""
    return cast("Describer", importlib.import_module("watchd.web.description"))


def _written(told: dict[str, Any]) -> tuple[Ready, Ready]:
    """As bytes, plain and packed."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    mark = blake2b(body, digest_size=16).hexdigest()
    return Ready(body, f'"{mark}"'), Ready(gzip.compress(body, mtime=0), f'"{mark}-gzip"', packed=True)
