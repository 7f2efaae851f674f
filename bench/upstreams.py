"""Trakt and TMDB in a process of their own: the stand-ins, as fast as they are, or taking every request and never answering."""

import argparse
import asyncio
import json
import os
import signal
import socket
from pathlib import Path

from bench.library import catalogue
from watchd.clock import SystemClock
from watchd.standins import Fault, TmdbStandIn, TraktStandIn


async def _serve(size: int, *, hanging: bool) -> dict[str, int]:
    """Serve until SIGTERM; return how many requests came."""
    world = catalogue(size)
    trakt, tmdb = TraktStandIn(SystemClock(), catalogue=world), TmdbStandIn(SystemClock(), catalogue=world)
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with trakt, tmdb:
        if hanging:
            trakt.faults.add(Fault("hang", times=None))
            tmdb.faults.add(Fault("hang", times=None))
        told = {"trakt": trakt.url, "tmdb": tmdb.url, "tmdb_key": tmdb.api_key, "tokens": trakt.issue_tokens()}
        told |= {"client_id": trakt.client_id, "client_secret": trakt.client_secret}
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(f"READY=1\nSTATUS={json.dumps(told)}".encode(), "\0" + os.environ["NOTIFY_SOCKET"][1:])
        await over.wait()
        return {"trakt": len(trakt.requests), "tmdb": len(tmdb.requests)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seen", type=Path, required=True, help="where to write at the end how many requests came")
    parser.add_argument("--hanging", action="store_true")
    given = parser.parse_args()
    given.seen.write_text(json.dumps(asyncio.run(_serve(given.size, hanging=given.hanging))), encoding="utf-8")
