"""Answers in JSON, and refusals as exceptions."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aiohttp import hdrs, web
from multidict import CIMultiDict

from watchd.errors import StoreUnavailable, WatchdError
from watchd.services.jobs import TooManyJobs

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


@contextmanager
def refusing(status: int) -> Iterator[None]:
    """What is refused in the block is answered with `status`; but 429 when there is too much to do, 503 without a store."""
    try:
        yield
    except (HttpError, StoreUnavailable):
        raise
    except TooManyJobs as error:
        raise HttpError(429, str(error), {hdrs.RETRY_AFTER: "5"}) from error
    except WatchdError as error:
        raise HttpError(status, str(error)) from error


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
