"""HTTP by hand, for what no client library would send."""

import asyncio
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    head: str
    body: bytes


def request(path: str, body: bytes = b"", *, method: str = "POST", **headers: str) -> bytes:
    """A request with its body; `Content-Length` unless told otherwise, underscores in names are hyphens."""
    given = {"Host": "127.0.0.1", "Authorization": "Bearer hook-token", "Content-Length": str(len(body)), "Connection": "close"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(size: int, count: int) -> bytes:
    """A chunked body of `count` pieces of `size` bytes."""
    piece = f"{size:x}\r\n".encode() + b" " * size + b"\r\n"
    return piece * count + b"0\r\n\r\n"


async def talk(port: int, sent: bytes) -> Reply:
    """Send these bytes and read one answer; the other side need not have taken them all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sending = asyncio.ensure_future(_send(writer, sent))
    try:
        async with asyncio.timeout(20):
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        writer.transport.abort()
    return Reply(int(head.split(b" ")[1]), head.decode("latin-1"), body)


async def _send(writer: asyncio.StreamWriter, sent: bytes) -> None:
    writer.write(sent)
    await writer.drain()
