"""`watchd logout`: revoke the tokens at Trakt and forget them."""

import argparse
import time
from collections.abc import Mapping
from typing import Any

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
    status = _by_daemon(daemon) if daemon is not None else anyio.run(_here, settings)
    if status["state"] == "failed":
        raise ApiError(f"not logged out, nothing is forgotten: {status['reason']}")
    print(f"Logged out: {status['reason'] or 'the tokens are revoked and forgotten'}. What is owed is kept.")
    return 0


def _by_daemon(daemon: DaemonApi) -> Mapping[str, Any]:
    status = daemon.call("POST", "/api/logout")
    while status["state"] == "leaving":
        time.sleep(_POLL)
        status = daemon.call("GET", "/api/login")
    return status


async def _here(settings: Settings) -> Mapping[str, Any]:
    async with opened(settings, clock_of(settings)) as daemon:
        login = next((link.login for link in daemon.links), None)
        connecting = Connecting(login)
        connecting.leave()
        if login is not None:
            await login.logout()
        return connecting.status()
