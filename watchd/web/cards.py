"""GET /api/watching: the card."""

from aiohttp import hdrs, web
from multidict import CIMultiDict

from watchd.model.document import Document
from watchd.web.answers import CORS, SERVER, HttpError
from watchd.web.hot import HotAnswer
from watchd.web.ports import Showing
from watchd.web.tokens import ANYONE, Grant

_KEPT = 32


class Cards:
    """Documents about what is being watched; they go out as the bytes they are kept as."""

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        self._answers: dict[tuple[str, int, bool], tuple[HotAnswer, HotAnswer]] = {}

    async def watching(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        found = self._found(request)
        if found is None:
            raise HttpError(404, "no such account")
        key = (found.etag, found.max_age, grant is ANYONE)
        answers = self._answers.get(key)
        if answers is None:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            answers = self._answers[key] = _answers(found, public=grant is ANYONE)
        changed, unchanged = answers
        sought = request.headers.get(hdrs.IF_NONE_MATCH)
        return (changed if sought is None or not matches(sought, found.etag) else unchanged).to(request)

    def _found(self, request: web.Request) -> Document | None:
        address = request.rel_url
        if not address.raw_query_string:
            return self._showing.document(None)
        account = address.query.get("user")
        return self._showing.live(account) if address.query.get("live") == "1" else self._showing.document(account)


def _answers(found: Document, *, public: bool) -> tuple[HotAnswer, HotAnswer]:
    """The document itself, and the answer to those who have it already."""
    caching = f"public, max-age={found.max_age}, stale-while-revalidate=60, stale-if-error=600"
    headers = CIMultiDict(CORS)
    headers[hdrs.CONTENT_TYPE] = "application/json"
    headers[hdrs.ETAG] = found.etag
    headers[hdrs.CACHE_CONTROL] = caching if public else "private, no-store"
    headers[hdrs.VARY] = "Accept-Encoding"
    headers[hdrs.SERVER] = SERVER
    return HotAnswer(200, headers, found.body), HotAnswer(304, headers, b"")


def matches(sought: str, etag: str) -> bool:
    """Whether an `If-None-Match` names this ETag; a weak form of it counts, as the standard has it."""
    if sought == etag:
        return True
    names = [name.strip() for name in sought.split(",")]
    return "*" in names or any(name.removeprefix("W/") == etag for name in names)
