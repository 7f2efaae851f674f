"""`watchd login`: connect the account to Trakt by a code shown here and entered there."""

import argparse
import time
from collections.abc import Mapping
from typing import Any

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import DaemonApi, running
from watchd.cli.run import clock_of
from watchd.services.connecting import Connecting
from watchd.settings import Settings, load

_POLL = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--confirm", action="store_true", help="accept that it is another Trakt user than before")


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        return _by_daemon(daemon, confirm=arguments.confirm)
    return anyio.run(_here, settings, arguments.confirm)


def shown(code: Any) -> str:
    """What the user must do."""
    minutes = max(1, int(code["expires_in"]) // 60)
    return (
        f"Open {code['verification_url']} and enter the code\n\n    {code['user_code']}\n\nwithin {minutes} minutes. Waiting..."
    )


def _result(status: Mapping[str, Any]) -> int:
    if status["state"] == "done":
        print(f"Logged in as {status['user']}." if status["user"] else str(status["reason"]))
        return 0
    print(f"Not logged in: {status['reason'] or status['state']}.")
    return 1


def _by_daemon(daemon: DaemonApi, *, confirm: bool) -> int:
    status = daemon.call("POST", "/api/login", {"confirm": confirm})
    told = False
    while True:
        if "code" in status and not told:
            print(shown(status["code"]), flush=True)
            told = True
        if status["state"] not in ("asking", "waiting"):
            return _result(status)
        time.sleep(_POLL)
        status = daemon.call("GET", "/api/login")


async def _here(settings: Settings, confirm: bool) -> int:
    async with opened(settings, clock_of(settings)) as daemon:
        login = next((link.login for link in daemon.links), None)
        connecting = Connecting(login)
        connecting.ask(confirm=confirm)
        if login is not None:
            code = await login.begin(confirm=confirm)
            print(shown(connecting.status()["code"]), flush=True)
            await login.wait(code)
        return _result(connecting.status())
