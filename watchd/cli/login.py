"""`watchd login`: connect the account to Trakt by a code shown here and entered there."""

import argparse
import time
from collections.abc import Mapping
from typing import Any

import anyio

from watchd.app.daemon import opened
from watchd.cli.api import DaemonApi, running
from watchd.cli.run import clock_of
from watchd.services.connecting import Connecting
from watchd.settings import Settings, load

_POLL = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--confirm", action="store_true", help="accept that it is another Trakt user than before")


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        return _by_daemon(daemon, confirm=arguments.confirm)
    return anyio.run(_here, settings, arguments.confirm)


def shown(code: Mapping[str, Any]) -> str:
    """What the user must do."""
    minutes = max(1, int(code["expires_in"]) // 60)
    return f"Open {code['verification_url']} and enter the code\n\n    {code['user_code']}\n\nwithin {minutes} minutes. Waiting..."


def _result(status: Mapping[str, Any]) -> int:
    if status["state"] == "done":
        print(f"Logged in as {status['user']}." if status["user"] else str(status["reason"]))
        return 0
    print(f"Not logged in: {status['reason'] or status['state']}.")
    return 1


def _by_daemon(daemon: DaemonApi, *, confirm: bool) -> int:
    print(shown(daemon.call("POST", "/api/login", {"confirm": confirm})), flush=True)
    while (status := daemon.call("GET", "/api/login"))["state"] == "waiting":
        time.sleep(_POLL)
    return _result(status)


async def _here(settings: Settings, confirm: bool) -> int:
    async with opened(settings, clock_of(settings)) as daemon:
        login = next((link.login for link in daemon.links if link.login is not None), None)
        connecting = Connecting(login)
        print(shown(await connecting.begin(confirm=confirm)), flush=True)
        if login is not None and login.status.code is not None:
            await login.wait(login.status.code)
        return _result(connecting.status())
