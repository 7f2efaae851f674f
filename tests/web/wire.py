"""HTTP by hand, for what no client library would send."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, up to the end of the connection or of the time allowed."""

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


async def talk(port: int, *pieces: bytes, pause: asyncio.Event | None = None, half_close: bool = False) -> Reply:
    """Send the pieces and read until the other side closes; with `pause`, wait for it before the last piece."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sending = asyncio.ensure_future(_send(writer, pieces, pause, half_close))
    try:
        async with asyncio.timeout(20):
            data = await reader.read()
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        writer.close()
    head, _, body = data.partition(b"\r\n\r\n")
    return Reply(int(head.split(b" ")[1]) if head else 0, head.decode("latin-1"), body)


async def _send(writer: asyncio.StreamWriter, pieces: tuple[bytes, ...], pause: asyncio.Event | None, half_close: bool) -> None:
    for number, piece in enumerate(pieces):
        if pause is not None and number == len(pieces) - 1:
            await pause.wait()
        writer.write(piece)
        await writer.drain()
    if half_close:
        writer.write_eof()
