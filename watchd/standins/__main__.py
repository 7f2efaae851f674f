"""Run both stand-ins until they are interrupted: `python -m watchd.standins`; their addresses come as one line of JSON."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence

from watchd.clock import MINUTE, Clock, SteeredClock, SystemClock
from watchd.standins import Episode, Movie, Switches, TmdbStandIn, TraktStandIn, the_world


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m watchd.standins", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port of Trakt (default: any free one)")
    parser.add_argument("--tmdb-port", type=int, default=0, help="the port of TMDB (default: any free one)")
    parser.add_argument("--clock", type=SteeredClock.parse, metavar="RATE[@EPOCH]", help="run on a steered clock")
    parser.add_argument("--plays", type=int, default=0, metavar="N", help="begin with a history of N plays")
    parser.add_argument("--auto-approve", action="store_true", help="say yes to every login")
    parser.add_argument("--no-rate-limits", action="store_true", help="never answer 429")
    return parser.parse_args(arguments)


def filled(trakt: TraktStandIn, plays: int) -> None:
    """Give `watcher` a history of so many plays, ten minutes apart."""
    items: list[Movie | Episode] = [*trakt.catalogue.movies, *trakt.catalogue.all_episodes()]
    for number in range(plays):
        trakt.add_play("watcher", items[number % len(items)], trakt.now() - (plays - number) * 10 * MINUTE)


async def serve(options: argparse.Namespace) -> None:
    clock: Clock = options.clock or SystemClock()
    world = the_world()
    trakt = TraktStandIn(clock, catalogue=world, switches=Switches(rate_limits=not options.no_rate_limits))
    tmdb = TmdbStandIn(clock, catalogue=world)
    trakt.auto_approve = options.auto_approve
    filled(trakt, options.plays)
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    await trakt.start(options.port)
    try:
        await tmdb.start(options.tmdb_port)
        told = {
            "trakt": trakt.url, "client_id": trakt.client_id, "client_secret": trakt.client_secret,
            "tokens": trakt.issue_tokens(), "tmdb": tmdb.url, "tmdb_key": tmdb.api_key, "tmdb_bearer": tmdb.bearer,
        }  # fmt: skip
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        await over.wait()
    finally:
        await tmdb.stop()
        await trakt.stop()


if __name__ == "__main__":
    asyncio.run(serve(_options(None)))
