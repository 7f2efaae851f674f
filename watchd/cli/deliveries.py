"""`watchd deliveries`: what Trakt is owed, and what a hand may do about it."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

import anyio

from watchd.cli.api import DaemonApi, path_for, running
from watchd.cli.printed import say
from watchd.clock import SystemClock
from watchd.model.relay import DeliveryState
from watchd.services.owing import Owing
from watchd.settings import Settings, load
from watchd.store import outbox, state_dir
from watchd.store.database import Database
from watchd.store.readonly import looked_into
from watchd.web.admin import described

STATES = ("open", *DeliveryState, "all")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what is owed, newest first")
    listing.add_argument("--state", choices=STATES, default="open", help="one state, `open` (not settled) or `all`")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")
    for name, text in (("retry", "try again now"), ("drop", "give up for good")):
        action = actions.add_parser(name, help=text)
        action.add_argument("id", type=int, help="the number `list` shows")
    backfill = actions.add_parser("backfill", help="owe Trakt the plays from before the first login too")
    backfill.add_argument("--account", metavar="NAME", help="those of this account; of everybody who has logged in without it")


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    daemon = running(settings)
    if arguments.action == "list":
        state = None if arguments.state == "all" else arguments.state
        limit = max(1, min(1000, arguments.limit))
        found = _listed(daemon, state, limit) if daemon else _read(settings, state, limit)
        say("\n".join(table(found)))
        return 0
    if daemon is not None:
        return _told(daemon, arguments)
    return anyio.run(_done_here, settings, arguments)


def _listed(daemon: DaemonApi, state: str | None, limit: int) -> list[Mapping[str, Any]]:
    query = f"?limit={limit}" + (f"&state={state}" if state else "")
    found = daemon.call("GET", f"/api/deliveries{query}")["deliveries"]
    return list(found)


def _told(daemon: DaemonApi, arguments: argparse.Namespace) -> int:
    if arguments.action == "backfill":
        told = daemon.call("POST", path_for("/api/deliveries/backfill", arguments.account))
        print(f"{told['owed']} plays are owed now")
        return 0
    daemon.call("POST", f"/api/deliveries/{arguments.id}/{arguments.action}")
    print(f"delivery {arguments.id}: {arguments.action} done")
    return 0


def _read(settings: Settings, state: str | None, limit: int) -> list[Mapping[str, Any]]:
    with looked_into(settings.state_dir / state_dir.DATABASE) as connection:
        return [described(delivery) for delivery in outbox.listed(connection, state, limit)]


async def _done_here(settings: Settings, arguments: argparse.Namespace) -> int:
    with state_dir.owned(settings.state_dir) as path:
        async with Database.opened(path) as database:
            owing = Owing(database, SystemClock(), wake=_nobody)
            if arguments.action == "backfill":
                owed = await owing.backfill(arguments.account)
                print("no such account" if owed is None else f"{owed} plays are owed now")
                return 1 if owed is None else 0
            change = owing.retry if arguments.action == "retry" else owing.drop
            done = await change(arguments.id)
    print(f"delivery {arguments.id}: {arguments.action} {'done' if done else 'not possible: unknown, or settled already'}")
    return 0 if done else 1


def _nobody() -> None:
    """No relay runs here: what is due is tried when the daemon starts."""


def table(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line a delivery."""
    head = f"{'id':>6}  {'play':>6}  {'verb':<9} {'state':<12} {'tries':>5}  {'at':<24}  reason"
    rows = [
        f"{item['id']:>6}  {item['play_id']:>6}  {item['verb']:<9} {item['state']:<12} {item['attempts']:>5}  "
        f"{item['at']:<24}  {item['reason'] or ''}"
        for item in found
    ]
    return [head, *rows] if rows else ["nothing"]
