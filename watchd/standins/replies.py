"""Answers: JSON, empty bodies, the proxy's HTML page, and the refusals that handlers raise."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

_HALF = re.compile("[\ud800-\udfff]")


class Refusal(Exception):
    """A handler says no: this status, these headers, this body (most of Trakt's refusals have none)."""

    def __init__(self, status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"refused with {status}")
        self.status = status
        self.body = body
        self.headers = headers


class Blocked(Exception):
    """The proxy before the API lets the request not through; the answer is its page."""


def reply(body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer; an empty one for None."""
    if body is None:
        return web.Response(status=status, headers=headers, body=b"")
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if not isinstance(body, str) and _HALF.search(text):
        text = json.dumps(body, separators=(",", ":"))  # halves of characters, which only an escape can carry
    return web.Response(status=status, headers=headers, text=text, content_type="application/json")


def page(status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """The page of the proxy before the API, when it blocks or cannot reach what is behind."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Web server is returning an unknown error"
    text = f"<!DOCTYPE html>\n<html><head><title>{status}: {phrase}</title></head><body><h1>{phrase}</h1></body></html>\n"
    own = {"Server": "cloudflare", "CF-Ray": "8f1a2b3c4d5e6f70-FRA", **(headers or {})}
    return web.Response(status=status, headers=own, text=text, content_type="text/html")


def body_object(body: Any) -> dict[str, Any]:
    """The decoded body of a write, which must be a JSON object; 400 otherwise."""
    if not isinstance(body, dict):
        raise Refusal(400)
    return body
