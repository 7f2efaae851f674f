"""The floor: a bare aiohttp in a process of its own that reads and parses what we do, stores nothing, answers fixed bytes."""

import argparse
import asyncio
import json
import os
import socket
from pathlib import Path

from aiohttp import BodyPartReader, web

_ANSWER = b'{"status":"accepted","reason":null,"id":123456,"step":"started","play":100123}'


async def _hook(request: web.Request) -> web.Response:
    if request.content_type == "application/json":
        json.loads(await request.read())
    else:
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data = await part.read()
            if part.name == "payload":
                json.loads(data)
    return web.Response(body=_ANSWER, content_type="application/json")


async def _serve(body: bytes) -> None:
    async def card(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    async def elsewhere(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": body.decode(), "Cache-Control": "public, max-age=86400"})

    app = web.Application()
    app.add_routes([web.get("/api/watching", card), web.get("/api/images", elsewhere), web.post("/hooks/plex", _hook)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _tell(runner.addresses[0][1])
    await asyncio.Event().wait()


def _tell(port: int) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(f"READY=1\nSTATUS={port}".encode(), "\0" + os.environ["NOTIFY_SOCKET"][1:])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--body", type=Path, help="a file with the bytes of the card, or with the address of a picture")
    given = parser.parse_args().body
    asyncio.run(_serve(given.read_bytes() if given else b"{}"))
