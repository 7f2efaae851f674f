"""Answers in JSON, and refusals as exceptions."""

import json
from collections.abc import Mapping

from aiohttp import hdrs, web
from multidict import CIMultiDict

from watchd.errors import WatchdError

SERVER = "watchd"  # without this header aiohttp names itself, Python and both their versions
JSON_HEADERS = CIMultiDict({hdrs.CONTENT_TYPE: "application/json", hdrs.SERVER: SERVER, hdrs.CACHE_CONTROL: "no-store"})
CORS = {
    hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*",
    hdrs.ACCESS_CONTROL_EXPOSE_HEADERS: "ETag, Age, Retry-After",
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class HttpError(WatchdError):
    """A request is answered with `status` and the text as `error`."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer in JSON."""
    response = web.Response(body=_encode(data).encode(), status=status, headers=JSON_HEADERS)
    if headers:
        response.headers.update(headers)
    return response


def refusal(error: HttpError) -> web.Response:
    """The answer that an error stands for."""
    return answer({"error": str(error)}, error.status, error.headers)


def empty(status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer without a body."""
    return web.Response(status=status, headers={hdrs.SERVER: SERVER, **(headers or {})})
