"""`watchd run`: the daemon, until it is told to stop."""

import argparse
import gc
import sys

import anyio

from watchd.app.wiring import opened
from watchd.cli.hook_urls import advice
from watchd.clock import Clock, SteeredClock, SystemClock
from watchd.settings import Settings, load
from watchd.telemetry import logs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: settings come from the environment, credentials and watchd.toml."""


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    logs.configure(settings.log_format)
    anyio.run(_run, settings)
    return 0


async def _run(settings: Settings) -> None:
    async with opened(settings, clock_of(settings)) as daemon:

        def started(url: str) -> None:
            gc.freeze()  # what is there now stays: going through it again and again would hold up whoever just asks
            if sys.stdout.isatty():
                print(advice(url, daemon.tokens["hook"], settings.listen, settings.public_url), flush=True)

        await daemon.serve(started)


def clock_of(settings: Settings) -> Clock:
    """The machine's time, unless the hidden setting steers it."""
    return SystemClock() if settings.clock is None else SteeredClock.parse(settings.clock)
