"""`watchd logout`: revoke the tokens at Trakt and forget them."""

import argparse

import anyio

from watchd.app.daemon import opened
from watchd.cli.api import running
from watchd.cli.run import clock_of
from watchd.services.connecting import Connecting
from watchd.settings import Settings, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        daemon.call("POST", "/api/logout")
    else:
        anyio.run(_here, settings)
    print("Logged out: the tokens are revoked and forgotten. What is owed is kept until the next login.")
    return 0


async def _here(settings: Settings) -> None:
    async with opened(settings, clock_of(settings)) as daemon:
        await Connecting(next((link.login for link in daemon.links), None)).logout()
