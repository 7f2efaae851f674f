"""`watchd logout`: revoke the tokens at Trakt and forget them."""

import argparse
import time

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import ApiError, DaemonApi, running
from watchd.cli.run import clock_of
from watchd.services.connecting import Connecting
from watchd.settings import Settings, load

_POLL = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        _by_daemon(daemon)
    else:
        anyio.run(_here, settings)
    print("Logged out: the tokens are revoked and forgotten. What is owed is kept until the next login.")
    return 0


def _by_daemon(daemon: DaemonApi) -> None:
    status = daemon.call("POST", "/api/logout")
    while status["state"] == "leaving":
        time.sleep(_POLL)
        status = daemon.call("GET", "/api/login")
    if status["state"] == "failed":
        raise ApiError(f"not logged out, nothing is forgotten: {status['reason']}")


async def _here(settings: Settings) -> None:
    async with opened(settings, clock_of(settings)) as daemon:
        login = next((link.login for link in daemon.links), None)
        Connecting(login).leave()
        if login is not None:
            await login.logout()
