"""A slash too many at the end of a read's address: the reader is sent to the address without it."""

from collections.abc import Iterable

from aiohttp import hdrs, web

from watchd.web.answers import CORS, empty
from watchd.web.middleware import Route
from watchd.web.tokens import Grant, Scope

READS = (hdrs.METH_GET, hdrs.METH_HEAD)


def beside(path: str, table: Iterable[Route]) -> Route | None:
    """The route of the same path with a slash behind it; None where nothing is read, or the slash is part of the address."""
    scopes = {route.method: route.scope for route in table}
    if path.endswith("/") or path.startswith("/hooks/") or hdrs.METH_GET not in scopes:
        return None
    for_any_page = scopes[hdrs.METH_GET] is Scope.CARD

    async def elsewhere(request: web.Request, _grant: Grant) -> web.Response:
        """308 to the path as it came, never to another host: it is one of ours, or we would not be here."""
        address = request.rel_url
        query = f"?{address.raw_query_string}" if address.raw_query_string else ""
        there: dict[str, str] = {hdrs.LOCATION: address.raw_path.rstrip("/") + query, hdrs.CACHE_CONTROL: "no-store"}
        response = empty(308, there)
        if for_any_page:
            response.headers.update(CORS)
        return response

    return Route(hdrs.METH_GET, path, elsewhere, Scope.NONE)
