"""GET /api/trakt/search: movies, shows and episodes one has watched or listed."""

from collections.abc import Iterator

from aiohttp import hdrs, web
from multidict import CIMultiDict

from watchd.model.search import KINDS, Sought
from watchd.web.answers import SERVER, HttpError
from watchd.web.asks import MOST_PAGES, number
from watchd.web.cards import matches
from watchd.web.documents import takes_gzip
from watchd.web.hot import HotAnswer
from watchd.web.middleware import Route
from watchd.web.ports import Searching, WebPorts
from watchd.web.tokens import ANYONE, Grant, Scope
from watchd.web.whose import owner

_LONGEST = 200
_DEFAULT, _MOST = 100, 1000


class Search:
    """Each query is answered anew; the reader who has the answer already is told so."""

    def __init__(self, ports: WebPorts) -> None:
        self._searching = ports.searching
        self._doorkeeper = ports.doorkeeper

    def routes(self) -> Iterator[Route]:
        yield Route("GET", "/api/trakt/search", self.search, Scope.READ)

    async def search(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        """`q`; `type` movies, shows, episodes or all; `page`, `limit`, `user`."""
        found = await _there(self._searching).search(owner(request, grant, self._doorkeeper), _sought(request))
        headers = CIMultiDict({hdrs.CONTENT_TYPE: "application/json", hdrs.VARY: hdrs.ACCEPT_ENCODING, hdrs.SERVER: SERVER})
        headers[hdrs.CACHE_CONTROL] = "public, max-age=5" if grant is ANYONE else "private, no-cache"
        headers[hdrs.ETAG] = found.etag
        headers.extend(found.headers)
        sought = request.headers.get(hdrs.IF_NONE_MATCH)
        if sought is not None and matches(sought, found.etag):
            return HotAnswer(304, headers, b"").to(request)
        if found.packed:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return HotAnswer(200, headers, found.body).to(request)


def _there(searching: Searching | None) -> Searching:
    if searching is None:
        raise HttpError(404, "there is nothing here")
    return searching


def _sought(request: web.Request) -> Sought:
    text = request.query.get("q")
    if not text:
        raise HttpError(400, 'Search query parameter "q" is required')
    if len(text) > _LONGEST:
        raise HttpError(400, f"q must not be longer than {_LONGEST} characters")
    kind = request.query.get("type", "all")
    if kind != "all" and kind not in KINDS:
        raise HttpError(400, f"type must be one of all, {', '.join(KINDS)}")
    return Sought(
        text,
        None if kind == "all" else kind,
        number(request.query, "page", MOST_PAGES, 1),
        number(request.query, "limit", _MOST, _DEFAULT),
        takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")),
    )
