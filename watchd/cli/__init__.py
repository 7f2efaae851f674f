"""The command line: one module a command, imported only when it is asked for, so that small commands start fast."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from watchd import __version__
from watchd.cli.printed import say
from watchd.errors import WatchdError

COMMANDS = {
    "run": "run the daemon",
    "demo": "watch the daemon work against stand-ins of Trakt and TMDB",
    "hooks": "print the hook URLs and what to paste where",
    "login": "connect the account to Trakt",
    "logout": "give the tokens back to Trakt",
    "status": "say what is being watched, what is owed, and how the login stands",
    "doctor": "check everything, and say what is amiss and how to mend it",
    "explain": "say how a play came about and what became of it at Trakt",
    "test-hook": "send a sample of a source through the running daemon, recording nothing",
    "scrobble": "post one event from a script",
    "replay": "say what payloads in files become, and compare it with an index",
    "deliveries": "list what Trakt is owed; retry, drop, backfill",
    "plays": "list the history; add a play, delete one",
    "sync": "read what has changed at Trakt, or with --full everything",
    "trakt": "ask any of Trakt's methods",
    "import": "take over a history: Trakt's data export, an export of watchd, a table",
    "export": "write everything of an account into a file",
}


_MODULES = {"import": "importing", "export": "exporting"}  # words of the language, and names next to them


class Command(Protocol):
    """What a module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code: 0 well, 1 not done, 2 not understood or not configured."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="watchd", description="A local-first scrobble and now-watching daemon.")
    parser.add_argument("--version", action="version", version=f"watchd {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in words if word in COMMANDS), None)
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name == chosen:
            module(name).add_arguments(command)
    parsed = parser.parse_args(words)
    os.umask(0o077)
    try:
        code = module(parsed.command).run(parsed)
        sys.stdout.flush()
        return code
    except WatchdError as error:
        say(f"watchd: {error}", sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def module(name: str) -> Command:
    """The module of a command."""
    file = _MODULES.get(name, name.replace("-", "_"))
    return cast("Command", importlib.import_module(f"watchd.cli.{file}"))
