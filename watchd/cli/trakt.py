"""`watchd trakt`: any of Trakt's methods from the command line, checked before it is asked."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import path_for, running
from watchd.cli.printed import say
from watchd.cli.run import clock_of
from watchd.clients.trakt_methods import Method, listed
from watchd.errors import WatchdError
from watchd.settings import Settings, load

_VERBS = ("GET", "POST", "PUT", "DELETE")


class NotAsked(WatchdError):
    """The command line is no call."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "For example: watchd trakt GET users/me/history --limit 5. What changes something at Trakt needs --yes."
    parser.add_argument("method", nargs="?", type=_verb, metavar="METHOD", help="GET, POST, PUT or DELETE")
    parser.add_argument("path", nargs="?", metavar="PATH", help="such as users/me/history")
    parser.add_argument("params", nargs="*", metavar="NAME=VALUE", help="fields of the query")
    parser.add_argument("--list", nargs="?", const="", metavar="WORD", dest="word", help="print the methods with that word")
    parser.add_argument("--page", type=int, metavar="N")
    parser.add_argument("--limit", type=int, metavar="N", help="rows on a page; Trakt gives at most 250")
    parser.add_argument("--all", action="store_true", help="every page")
    parser.add_argument(
        "--extended", metavar="LEVELS", default="", help="how much of each item, such as full; several with commas"
    )
    parser.add_argument("--data", metavar="JSON", help="the body; - reads it from the standard input")
    parser.add_argument("--account", metavar="NAME", help="whose login; the first account without it")
    parser.add_argument("--yes", action="store_true", help="change what there is to change")


def _verb(text: str) -> str:
    if text.upper() not in _VERBS:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(_VERBS)}")
    return text.upper()


def run(arguments: argparse.Namespace) -> int:
    if arguments.word is not None:
        say("\n".join(table(listed(arguments.word))))
        return 0
    call = call_of(arguments)
    if call["method"] != "GET" and not arguments.yes:
        raise NotAsked(f"{call['method']} changes something at Trakt: say so with --yes")
    settings = load()
    daemon = running(settings)
    if daemon is not None:
        told = daemon.done(daemon.call("POST", path_for("/api/trakt/call", arguments.account), call)["job"])
    else:
        told = anyio.run(_here, settings, arguments.account, call)
    return shown(told)


def call_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The call as plain values; NotAsked when it is none."""
    if arguments.method is None or arguments.path is None:
        raise NotAsked("give a method and a path, or --list")
    if not all(name for name, mark, _ in map(_halves, arguments.params) if mark) or any(
        "=" not in one for one in arguments.params
    ):
        raise NotAsked("fields of the query are written NAME=VALUE")
    params = {name: value for name, _, value in map(_halves, arguments.params)}
    params |= {name: str(value) for name in ("page", "limit") if (value := getattr(arguments, name)) is not None}
    data = None
    if arguments.data is not None:
        try:
            data = json.loads(sys.stdin.read() if arguments.data == "-" else arguments.data)
        except ValueError as error:
            raise NotAsked("--data is no JSON") from error
    levels = [level for level in arguments.extended.split(",") if level]
    wanted = {"method": arguments.method, "path": arguments.path, "params": params, "extended": levels}
    return {**wanted, "all": arguments.all, "data": data}


def _halves(field: str) -> tuple[str, str, str]:
    return field.partition("=")


def shown(told: Mapping[str, Any]) -> int:
    """Print what came; the exit code."""
    if told["status"] >= 400:
        say(f"watchd: Trakt answered {told['status']}: {told.get('error') or 'without a reason'}", sys.stderr)
        return 1
    if told["data"] is not None:
        say(json.dumps(told["data"], indent=2, ensure_ascii=False))
    if told.get("pages") is not None and isinstance(told["data"], list):
        rows = f" of {told['rows']}" if told.get("rows") is not None else ""
        say(f"{_some(len(told['data']), 'row')}{rows}, {_some(told['pages'], 'page')}", sys.stderr)
    return 0


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def table(methods: list[Method]) -> Iterator[str]:
    """One line a method."""
    if not methods:
        yield "no method has that word"
        return
    yield f"{'':<6} {'path':<66} {'login':<8} {'pages':<8} {'vip':<8} detail"
    for method in methods:
        moved = f"  now {method.renamed_to}" if method.renamed_to else ""
        levels = ",".join(sorted(method.extended))
        login, pages = _word(method.auth), _word(method.pagination)
        yield f"{method.verb:<6} {method.path:<66} {login:<8} {pages:<8} {method.vip or '-':<8} {levels}{moved}".rstrip()


def _word(need: str) -> str:
    return {"none": "-", "required": "yes"}.get(need, need)


async def _here(settings: Settings, account: str | None, call: Mapping[str, Any]) -> Mapping[str, Any]:
    async with opened(settings, clock_of(settings)) as daemon:
        for link in daemon.links:
            await link.load()
        return await daemon.desk.ports.asking.ask(account, call)
