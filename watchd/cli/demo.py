"""`watchd demo`: see the daemon work without any account, in a temporary state directory."""

import argparse
import logging
import socket
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import anyio

from watchd.app.wiring import opened
from watchd.clock import SteeredClock
from watchd.demo.stage import Stage, Upstreams, upstreams
from watchd.settings import Listen, Settings, TmdbSettings, TraktSettings
from watchd.telemetry import logs

ONCE_RATE = 1500.0
SHOW_RATE = 300.0
_PORT = 7373


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="end after the script, with a summary and an exit code")
    parser.add_argument("--speed", type=float, metavar="N", help=f"how much faster than life ({SHOW_RATE:.0f})")
    parser.add_argument("--port", type=int, metavar="N", help="the daemon's port (7373, or a free one)")
    parser.add_argument("--drop-one", action="store_true", help="let the stand-in lose one scrobble, to see the summary fail")


def run(arguments: argparse.Namespace) -> int:
    logs.configure("console", sys.stderr, logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="watchd-demo-") as directory:
        return anyio.run(_play, arguments, Path(directory))


async def _play(arguments: argparse.Namespace, directory: Path) -> int:
    speed = arguments.speed or (ONCE_RATE if arguments.once else SHOW_RATE)
    clock = SteeredClock(speed)
    async with AsyncExitStack() as stack:
        stands = await upstreams(stack, clock, drop_one=arguments.drop_one)
        port = arguments.port if arguments.port is not None else 0 if arguments.once else _free(_PORT)
        daemon = await stack.enter_async_context(opened(_settings(directory, port, stands), clock))
        judgement = await Stage(daemon, clock, stands.trakt, lambda line: print(line, flush=True)).play(once=arguments.once)
    if judgement is None:
        return 130
    return 0 if judgement.passed else 1


def _settings(directory: Path, port: int, stands: Upstreams) -> Settings:
    """Everything as given here: neither the environment nor a watchd.toml has a say."""
    return Settings(
        state_dir=directory,
        listen=Listen("127.0.0.1", port),
        trakt=TraktSettings.model_validate(
            {
                "client_id": stands.trakt.client_id,
                "client_secret": stands.trakt.client_secret,
                "api_url": stands.trakt.url,
                "auth_url": stands.trakt.url,
            }
        ),
        tmdb=TmdbSettings.model_validate(
            {"api_key": stands.tmdb.api_key, "api_url": stands.tmdb.api_url, "image_url": stands.tmdb.image_url}
        ),
    )


def _free(port: int) -> int:
    """The port itself when nobody has it, else any."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return port if probe.connect_ex(("127.0.0.1", port)) else 0
