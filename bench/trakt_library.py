"""A Trakt with a large library in a process of its own: as fast as it can, its pace left to whoever reads it."""

import argparse
import asyncio
import json
import os
import signal
import socket

from bench.library import catalogue
from watchd.clock import SteeredClock
from watchd.standins import TraktStandIn
from watchd.standins.much import fill_library
from watchd.standins.switches import Switches

_A_SHOW = 67  # plays of a show of the library, so that 100,000 plays are of 1,500 shows
_AN_ITEM = 25


async def _serve(size: int, plays: int, clock: str) -> None:
    """Serve until SIGTERM."""
    trakt = TraktStandIn(SteeredClock.parse(clock), catalogue=catalogue(size))
    trakt.switches = Switches(rate_limits=False)
    fill_library(trakt, plays=plays, shows=-(-plays // _A_SHOW), items=plays // _AN_ITEM)
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with trakt:
        told = {"trakt": trakt.url, "tokens": trakt.issue_tokens()}
        told |= {"client_id": trakt.client_id, "client_secret": trakt.client_secret}
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(f"READY=1\nSTATUS={json.dumps(told)}".encode(), "\0" + os.environ["NOTIFY_SOCKET"][1:])
        await over.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True, help="items of the catalogue beside the library")
    parser.add_argument("--plays", type=int, required=True)
    parser.add_argument("--clock", required=True)
    given = parser.parse_args()
    asyncio.run(_serve(given.size, given.plays, given.clock))
