"""Documents as answers: kept ones as bytes put together once, flowing ones piece by piece."""

import re
from collections import OrderedDict
from functools import lru_cache

from aiohttp import hdrs, web
from multidict import CIMultiDict

from watchd.model.personal import Flowing, Headers, Ready
from watchd.web.answers import SERVER
from watchd.web.cards import matches
from watchd.web.hot import HotAnswer

_KEPT = 6 * 1024 * 1024
_LARGE = 512 * 1024
_OVERHEAD = 2048
_REFUSED = re.compile(r"q\s*=\s*0(?:\.0*)?$")
_PUBLIC = "public, max-age=5, stale-while-revalidate=60, stale-if-error=600"
_PRIVATE = "private, no-cache"

Answers = tuple[HotAnswer, HotAnswer, int]


class Documents:
    """The answers given lately, the oldest given up first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, bool], Answers] = OrderedDict()
        self._size = 0

    def answer(self, request: web.Request, found: Ready, *, public: bool) -> web.StreamResponse:
        """The document, or that the reader has it."""
        sought = request.headers.get(hdrs.IF_NONE_MATCH)
        fresh = sought is not None and matches(sought, found.etag)
        if len(found.body) > _LARGE and not fresh:
            return web.Response(body=found.body, headers=_headers(found.headers, found, public=public))
        key = (found.etag, public)
        answers = self._answers.get(key)
        if answers is None:
            answers = self._keep(key, found, public=public)
        else:
            self._answers.move_to_end(key)
        changed, unchanged, _ = answers
        return (unchanged if fresh else changed).to(request)

    def clear(self) -> None:
        self._answers.clear()
        self._size = 0

    def _keep(self, key: tuple[str, bool], found: Ready, *, public: bool) -> Answers:
        headers = _headers(found.headers, found, public=public)
        body = found.body if len(found.body) <= _LARGE else b""
        size = 2 * len(body) + _OVERHEAD
        answers = HotAnswer(200, headers, body), HotAnswer(304, headers, b""), size
        self._answers[key] = answers
        self._size += size
        while self._size > _KEPT and len(self._answers) > 1:
            self._size -= self._answers.popitem(last=False)[1][2]
        return answers


async def flow(request: web.Request, found: Flowing, *, public: bool) -> web.StreamResponse:
    """Send a document as it comes; when it does not come to its end, the connection is cut so that the reader notices."""
    response = web.StreamResponse(headers=_headers(found.headers, None, public=public))
    await response.prepare(request)
    whole = False
    try:
        if request.method != hdrs.METH_HEAD:
            async for piece in found.pieces:
                await response.write(piece)
        await response.write_eof()
        whole = True
    finally:
        if not whole and request.transport is not None:
            request.transport.abort()
    return response


def _headers(told: Headers, found: Ready | None, *, public: bool) -> CIMultiDict[str]:
    headers = CIMultiDict({hdrs.CONTENT_TYPE: "application/json", hdrs.VARY: hdrs.ACCEPT_ENCODING, hdrs.SERVER: SERVER})
    headers[hdrs.CACHE_CONTROL] = _PUBLIC if public else _PRIVATE
    headers.extend(told)
    if found is not None:
        headers[hdrs.ETAG] = found.etag
        if found.packed:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
    return headers


@lru_cache(maxsize=64)
def takes_gzip(accepted: str) -> bool:
    """Whether an `Accept-Encoding` allows gzip; what is named counts more than what `*` says."""
    parts = (part.partition(";") for part in accepted.lower().split(","))
    codings = {name.strip(): how.strip() for name, _, how in parts}
    how = codings.get("gzip", codings.get("x-gzip", codings.get("*")))
    return how is not None and _REFUSED.fullmatch(how) is None
