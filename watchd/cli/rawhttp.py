"""A whole HTTP/1.1 request from a file, taken apart as the listener would."""

import re
from dataclasses import dataclass

from watchd.errors import MalformedPayload

_BLANK = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_DIGITS = re.compile(r"[0-9]{1,12}")
_HOST = re.compile(r"\Ahttps?://[^/?]*", re.IGNORECASE)  # as a proxy is asked


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is without the query; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def read_request(raw: bytes) -> Request:
    """The request that these bytes are; MalformedPayload when they are none, or its body is not as long as it says."""
    blank = _BLANK.search(raw)
    if blank is None:
        raise _torn("the request has no end of its headers")
    first, *lines = raw[: blank.start()].decode("latin-1").splitlines()
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise _torn("the request does not begin with a request line")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = raw[blank.end() :]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    elif (length := headers.get("content-length")) is not None:
        if _DIGITS.fullmatch(length) is None or int(length) > len(body):
            raise _torn("the body is shorter than its headers say")
        body = body[: int(length)]
    return Request(words[0], _HOST.sub("", words[1]).partition("?")[0], headers, body)


def _joined(body: bytes) -> bytes:
    """The chunks of a body put together; trailers are passed over."""
    pieces, at = list[bytes](), 0
    while (size := _SIZE.match(body, at)) is not None:
        start, count = size.end(), int(size[1], 16)
        if count == 0:
            return b"".join(pieces)
        at = start + count
        if body[at : at + 2] != b"\r\n":
            break
        pieces.append(body[start:at])
        at += 2
    raise _torn("the chunks of the body are torn")


def _torn(message: str) -> MalformedPayload:
    return MalformedPayload("torn_body", message)
