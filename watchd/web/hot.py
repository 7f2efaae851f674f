"""Answers that are given over and over: their bytes, head included, are put together once a second.

Putting a head together costs aiohttp about as much as everything of ours; done once, a card is cheaper than a bare handler's.
"""

from email.utils import formatdate
from http import HTTPStatus
from time import time

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict


class HotAnswer:
    """One status, head and body. Unusual requests (HEAD, HTTP/1.0, the last of a connection) get an ordinary response."""

    __slots__ = ("_body", "_headers", "_second", "_status", "_wire")

    def __init__(self, status: int, headers: CIMultiDict[str], body: bytes) -> None:
        self._status = status
        self._headers = headers
        self._body = body
        self._second = 0
        self._wire = b""

    def to(self, request: web.BaseRequest) -> web.StreamResponse:
        """The response for one request."""
        if _unusual(request):
            return web.Response(status=self._status, headers=self._headers, body=self._body or None)
        second = int(time())
        if second != self._second:
            self._wire, self._second = self._written(second), second
        return _Written(self._status, self._wire)

    def _written(self, second: int) -> bytes:
        lines = [f"HTTP/1.1 {self._status} {HTTPStatus(self._status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        if self._body:
            lines.append(f"Content-Length: {len(self._body)}")
        lines += [f"Date: {formatdate(second, usegmt=True)}", "", ""]
        return "\r\n".join(lines).encode() + self._body


class HotRedirects:
    """302 to one address or another; all the rest of the head is put together once a second."""

    __slots__ = ("_headers", "_rest", "_second")

    def __init__(self, headers: CIMultiDict[str]) -> None:
        self._headers = CIMultiDict(headers, **{hdrs.CONTENT_LENGTH: "0"})
        self._second = 0
        self._rest = ""

    def to(self, request: web.BaseRequest, location: str) -> web.StreamResponse:
        """The response for one request."""
        if _unusual(request):
            return web.Response(status=302, headers=CIMultiDict(self._headers, Location=location))
        second = int(time())
        if second != self._second:
            lines = [f"{name}: {value}" for name, value in self._headers.items()]
            self._rest = "\r\n".join([*lines, f"Date: {formatdate(second, usegmt=True)}", "", ""])
            self._second = second
        return _Written(302, f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n{self._rest}".encode())


def _unusual(request: web.BaseRequest) -> bool:
    return request.method != hdrs.METH_GET or request.version != HttpVersion11 or not request.keep_alive


class _Written(web.StreamResponse):
    """A response that is bytes already."""

    def __init__(self, status: int, wire: bytes) -> None:
        super().__init__(status=status)
        self._wire = wire

    @property
    def keep_alive(self) -> bool:
        return True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        await request.writer.write_eof(self._wire)
        return request.writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""
