"""`watchd logout`: revoke the tokens at Trakt and forget them."""

import argparse
import time
from collections.abc import Mapping
from typing import Any

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import ApiError, DaemonApi, path_for, running
from watchd.cli.printed import say
from watchd.cli.run import clock_of
from watchd.settings import Settings, load

_POLL = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--account", metavar="NAME", help="which account of the household; the first of the settings without it"
    )


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    account = arguments.account
    status = _by_daemon(daemon, account) if daemon is not None else anyio.run(_here, settings, account)
    if status["state"] == "failed":
        raise ApiError(f"not logged out, nothing is forgotten: {status['reason']}")
    say(f"Logged out: {status['reason'] or 'the tokens are revoked and forgotten'}. What is owed is kept.")
    return 0


def _by_daemon(daemon: DaemonApi, account: str | None) -> Mapping[str, Any]:
    status = daemon.call("POST", path_for("/api/logout", account))
    while status["state"] == "leaving":
        time.sleep(_POLL)
        status = daemon.call("GET", path_for("/api/login", account))
    return status


async def _here(settings: Settings, account: str | None) -> Mapping[str, Any]:
    async with opened(settings, clock_of(settings)) as daemon:
        login = daemon.connecting.login(account)
        login.leave()
        await login.logout()
        return daemon.connecting.status(account)
