"""Reading a hook's body: bounded in size and time."""

import asyncio
from dataclasses import dataclass

from aiohttp import hdrs, web

from watchd.errors import MalformedPayload
from watchd.web.answers import HttpError
from watchd.web.framing import EMPTY, document, loads
from watchd.web.ports import Limits


@dataclass(frozen=True, slots=True)
class Arrived:
    """A body that was read: its text for the trace, and the JSON value in it or what is wrong with it."""

    text: str
    payload: object = None
    fault: MalformedPayload | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it; a hook's template may render to nothing, and that is no mistake of its sender."""
        return self.fault is not None and self.fault.reason == EMPTY


async def arrive(request: web.Request, limits: Limits) -> Arrived:
    """Read a body and take the document out of its framing; 413 when too large, 408 when too slow."""
    try:
        body = await receive(request, limits)
    except MalformedPayload as fault:
        return Arrived("", fault=fault)
    text = ""
    try:
        text = document(body, request.headers.get(hdrs.CONTENT_TYPE, ""))
        if len(text) > limits.plain:
            raise _too_large(limits.plain)
        return Arrived(text, loads(text))
    except MalformedPayload as fault:
        return Arrived(text or body[: limits.plain].decode("utf-8", "replace"), fault=fault)


async def receive(request: web.Request, limits: Limits) -> bytes:
    """The whole body; 413 when it is too large, 408 when it is too slow."""
    cap = limits.multipart if request.content_type.startswith("multipart/") else limits.plain
    declared = request.content_length
    if declared is not None and declared > cap:
        raise _too_large(cap)
    try:
        if request.content.is_eof():  # all of it is here: nothing to wait for
            return await _read(request, cap)
        async with asyncio.timeout(limits.seconds):
            return await _read(request, cap)
    except TimeoutError as error:
        raise HttpError(408, "the body took too long to arrive") from error
    except web.RequestPayloadError as error:
        raise MalformedPayload("torn_body", "the body does not arrive as its headers say") from error


async def _read(request: web.Request, cap: int) -> bytes:
    content = request.content
    body = await content.readany()
    if content.at_eof() and len(body) <= cap:
        return body
    gathered = bytearray(body)
    while len(gathered) <= cap:
        chunk = await content.readany()
        if not chunk:
            return bytes(gathered)
        gathered += chunk
    raise _too_large(cap)


def _too_large(cap: int) -> HttpError:
    return HttpError(413, f"the body is larger than {cap} bytes")
