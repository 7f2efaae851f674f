"""GET /api/images and what goes with it: redirects to the pictures of the library."""

import re
from collections.abc import Iterator, Mapping

from aiohttp import hdrs, web
from multidict import CIMultiDict

from watchd.errors import StoreUnavailable
from watchd.web.answers import SERVER, HttpError, answer
from watchd.web.hot import HotRedirects
from watchd.web.middleware import Route
from watchd.web.ports import WebPorts
from watchd.web.tokens import ANYONE, Grant, Scope

_KINDS = {"movies": "movie", "shows": "show"}
_CATEGORIES = {"posters": False, "backdrops": True}
_ID = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_SEASON = re.compile(r"0|[1-9][0-9]{0,4}", re.ASCII)
_NONE = "No images found for the specified parameters"
_SOON = "10"
_LASTING = "max-age=86400"
_USUAL = re.compile(
    r"type=(movies|shows)&category=(posters|backdrops)&tmdb_id=([1-9][0-9]{0,9})(?:&season=(0|[1-9][0-9]{0,4}))?", re.ASCII
)

_Wanted = tuple[str, int, int | None, bool]


class Images:
    """A picture that is here is redirected to; one of the library that is not here yet is fetched for the next who asks."""

    def __init__(self, ports: WebPorts) -> None:
        self._gallery = ports.gallery
        self._redirects = ports.redirects
        self._public, self._private = (
            HotRedirects(CIMultiDict({hdrs.CACHE_CONTROL: f"{whose}, {_LASTING}", hdrs.SERVER: SERVER}))
            for whose in ("public", "private")
        )

    def routes(self) -> Iterator[Route]:
        yield Route("GET", "/api/images", self.image, Scope.READ)
        yield Route("GET", "/api/images/random-backdrop", self.random_backdrop, Scope.READ)
        yield Route("POST", "/api/images/reload-cache", self.reload, Scope.ADMIN)

    async def image(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        """302 to `type`, `category`, `tmdb_id` and for posters of shows `season`; 404 with Retry-After while it is fetched."""
        kind, tmdb_id, season, backdrop = _usual(request.rel_url.raw_query_string) or _wanted(request.query)
        if self._gallery is None:
            raise HttpError(404, _NONE)
        shot = self._gallery.kept(kind, tmdb_id, season, backdrop=backdrop)
        if shot is None:
            soon = await self._gallery.soon(kind, tmdb_id)
            raise HttpError(404, _NONE, {hdrs.RETRY_AFTER: _SOON} if soon else None)
        return (self._public if grant is ANYONE else self._private).to(request, self._redirects.url(shot))

    async def random_backdrop(self, _request: web.Request, _grant: Grant) -> web.Response:
        """Any backdrop of the library."""
        shot = self._gallery.random_backdrop() if self._gallery is not None else None
        if shot is None:
            raise HttpError(404, "No backdrop images found")
        return answer(
            {
                "url": self._redirects.url(shot, large=True),
                "tmdbId": str(shot.tmdb_id),
                "type": f"{shot.kind}s",
                "filename": shot.file_path.lstrip("/"),
            }
        )

    async def reload(self, _request: web.Request, _grant: Grant) -> web.Response:
        """Read anew which pictures there are."""
        try:
            stats = await self._gallery.reload() if self._gallery is not None else {}
        except StoreUnavailable as error:
            raise HttpError(500, "Failed to reload image index") from error
        return answer({"success": True, "message": "Image index reloaded successfully", "stats": stats})


def _usual(raw: str) -> _Wanted | None:
    """What is asked for in the usual order, without taking the query apart; None where it is not."""
    found = _USUAL.fullmatch(raw)
    if found is None:
        return None
    kind, category, number, season = found.groups()
    backdrop = category == "backdrops"
    return _KINDS[kind], int(number), int(season) if season and kind == "shows" and not backdrop else None, backdrop


def _wanted(query: Mapping[str, str]) -> _Wanted:
    """Kind, TMDB's id, season and whether a backdrop; HttpError for what makes no sense or cannot be."""
    named = [query.get(name) for name in ("type", "category", "tmdb_id")]
    if not all(named):
        raise HttpError(400, "Missing required parameters: type, category, and tmdb_id are required")
    kind, category, number = (_KINDS.get(named[0] or ""), _CATEGORIES.get(named[1] or ""), named[2] or "")
    if kind is None:
        raise HttpError(400, 'Invalid type. Must be "movies" or "shows"')
    if category is None:
        raise HttpError(400, 'Invalid category. Must be "posters" or "backdrops"')
    season = query.get("season") if kind == "show" and not category else None
    if _ID.fullmatch(number) is None or (season and _SEASON.fullmatch(season) is None):
        raise HttpError(404, _NONE)
    return kind, int(number), int(season) if season else None, category
