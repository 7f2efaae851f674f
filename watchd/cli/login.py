"""`watchd login`: connect the account to Trakt by a code shown here and entered there."""

import argparse
import time
from collections.abc import Mapping
from typing import Any

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import DaemonApi, path_for, running
from watchd.cli.printed import say
from watchd.cli.run import clock_of
from watchd.settings import Settings, load

_POLL = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--account", metavar="NAME", help="which account of the household; the first of the settings without it"
    )
    parser.add_argument(
        "--confirm", action="store_true", help="accept another Trakt user than before, or that of another account"
    )


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        return _by_daemon(daemon, path_for("/api/login", arguments.account), confirm=arguments.confirm)
    return anyio.run(_here, settings, arguments.account, arguments.confirm)


def shown(code: Any) -> str:
    """What the user must do."""
    minutes = max(1, int(code["expires_in"]) // 60)
    return (
        f"Open {code['verification_url']} and enter the code\n\n    {code['user_code']}\n\nwithin {minutes} minutes. Waiting..."
    )


def _result(status: Mapping[str, Any]) -> int:
    if status["state"] == "done":
        say(f"Logged in as {status['user']}." if status["user"] else str(status["reason"]))
        return 0
    say(f"Not logged in: {status['reason'] or status['state']}.")
    return 1


def _by_daemon(daemon: DaemonApi, path: str, *, confirm: bool) -> int:
    status = daemon.call("POST", path, {"confirm": confirm})
    told = False
    while True:
        if "code" in status and not told:
            say(shown(status["code"]))
            told = True
        if status["state"] not in ("asking", "waiting"):
            return _result(status)
        time.sleep(_POLL)
        status = daemon.call("GET", path)


async def _here(settings: Settings, account: str | None, confirm: bool) -> int:
    async with opened(settings, clock_of(settings)) as daemon:
        connecting = daemon.connecting
        login = connecting.login(account)
        code = await login.begin(confirm=confirm)
        say(shown(connecting.status(account)["code"]))
        await login.wait(code)
        return _result(connecting.status(account))
