"""`watchd plays`: the history, one play more, one less."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import anyio

from watchd.app.wiring import opened
from watchd.cli.api import path_for, running
from watchd.cli.printed import say
from watchd.cli.run import clock_of
from watchd.clock import iso, parse_iso
from watchd.errors import WatchdError
from watchd.model.media import label
from watchd.model.media_json import media_from
from watchd.settings import Settings, load
from watchd.store import accounts, history, state_dir
from watchd.store.readonly import looked_into

_NUMBERS = ("trakt", "tmdb", "tvdb")
_HIGHEST = 2**63 - 1
_DIGITS = 20
_IMDB = re.compile(r"tt[0-9]{5,12}")


class NotDone(WatchdError):
    """What was asked for names no account or no item."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the history, newest first")
    listing.add_argument("--limit", type=_whole(1, 100_000), default=20, metavar="N", help="at most so many (20)")
    listing.add_argument("--account", metavar="NAME")
    adding = actions.add_parser("add", help="record that something was watched; Trakt is told like of any other play")
    adding.add_argument("--movie", metavar="TITLE")
    adding.add_argument("--show", metavar="TITLE")
    adding.add_argument("--year", type=_whole(1800, 2199), help="of the movie, or of the show")
    adding.add_argument("--season", type=_whole(0, 100_000))
    adding.add_argument("--episode", type=_whole(0, 100_000))
    for name in ("imdb", *_NUMBERS):
        kind = _imdb if name == "imdb" else _whole(1, _HIGHEST)
        help_text = "of the movie; of the show where season and episode are given"
        adding.add_argument(f"--{name}", metavar="ID", type=kind, help=help_text)
    adding.add_argument("--at", metavar="TIME", type=_moment, help="when, as ISO 8601 with its zone; now, unless given")
    adding.add_argument("--account", metavar="NAME")
    deleting = actions.add_parser("delete", help="remove a play here and at Trakt")
    deleting.add_argument("id", type=_whole(1, _HIGHEST), help="the number `list` shows")


def _whole(least: int, most: int) -> Callable[[str], int]:
    """What reads a number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < _DIGITS and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"give a number from {least} to {most}" if most < _HIGHEST else "give a number")
        return int(text)

    return read


def _imdb(text: str) -> str:
    if _IMDB.fullmatch(text) is None:
        raise argparse.ArgumentTypeError("an id of IMDb looks like tt0113277")
    return text


def _moment(text: str) -> str:
    try:
        zone = datetime.fromisoformat(text).tzinfo
        parse_iso(text)
    except ValueError:
        zone = None
    if zone is None:
        raise argparse.ArgumentTypeError("give a moment with its zone such as 2026-11-20T20:57:00+01:00")
    return text


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    if arguments.action == "list":
        say("\n".join(_listed(settings, arguments.account, arguments.limit)))
        return 0
    daemon = running(settings)
    if arguments.action == "delete":
        path = f"/api/plays/{arguments.id}"
        told = daemon.call("DELETE", path) if daemon else anyio.run(_deleted_here, settings, arguments.id)
        say(f"play {told['id']}, {told['title']}, is deleted{_AT_TRAKT[told['at_trakt']]}")
        return 0
    media = media_of(arguments)
    if daemon:
        told = daemon.call("POST", path_for("/api/plays", arguments.account), {"media": media, "at": arguments.at})
    else:
        told = anyio.run(_added_here, settings, arguments.account, media, arguments.at)
    say(f"play {told['id']}: {told['title']}" + (", owed to Trakt" if told["owed"] else ""))
    return 0


_AT_TRAKT = {
    "nothing": "",
    "owed": "; it goes from Trakt's history as soon as that can be told",
    "sought": "; it is looked for in Trakt's history and goes from there too",
}


def media_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The item in plain values; NotDone when nothing names it."""
    ids = {name: value for name in ("imdb", *_NUMBERS) if (value := getattr(arguments, name)) is not None}
    if arguments.movie is not None and (arguments.show, arguments.season, arguments.episode) != (None, None, None):
        raise NotDone("give --movie, or --show with --season and --episode, not both")
    if arguments.show is None and arguments.season is None and arguments.episode is None:
        if arguments.movie is None and not ids:
            raise NotDone("give --movie, or --show with --season and --episode, or an id")
        return {"type": "movie", "title": arguments.movie, "year": arguments.year, "ids": ids}
    if arguments.season is None or arguments.episode is None:
        raise NotDone("an episode needs --season and --episode")
    show = {"title": arguments.show, "year": arguments.year, "ids": ids}
    return {"type": "episode", "show": show, "season": arguments.season, "number": arguments.episode}


def _listed(settings: Settings, account: str | None, limit: int) -> Iterator[str]:
    with looked_into(settings.state_dir / state_dir.DATABASE) as connection:
        wanted = account or (settings.accounts[0].name if settings.accounts else None)
        everyone = accounts.everyone(connection)
        found = [one for one in everyone if wanted is None or one.name.casefold() == wanted.casefold()]
        if not found:
            raise NotDone(f"there is no such account; there are: {', '.join(one.name for one in everyone)}")
        viewings = history.viewings(connection, found[0].id, limit=limit)
    if not viewings:
        yield "nothing"
        return
    yield f"{'id':>8}  {'watched':<24}  {'at Trakt':>12}  title"
    for one in viewings:
        yield f"{one.id:>8}  {iso(one.watched_at):<24}  {one.trakt_id or '-':>12}  {label(one.media)}"


async def _added_here(settings: Settings, account: str | None, media: Mapping[str, Any], at: str | None) -> Mapping[str, Any]:
    async with opened(settings, clock_of(settings)) as daemon:
        doorkeeper, handling = daemon.doorkeeper, daemon.desk.ports.handling
        account_id = doorkeeper.default if account is None else doorkeeper.named(account)
        if account_id is None:
            raise NotDone("there is no such account")
        moment = daemon.clock.now() if at is None else parse_iso(at)
        return await handling.add(account_id, media_from(media), moment)


async def _deleted_here(settings: Settings, play_id: int) -> Mapping[str, Any]:
    async with opened(settings, clock_of(settings)) as daemon:
        return await daemon.desk.ports.handling.delete(play_id)
