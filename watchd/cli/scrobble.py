"""`watchd scrobble`: post one event from a script. Scripts call this for each event, so it imports next to nothing."""

import argparse
import http.client
import importlib
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from watchd.cli.printed import say
from watchd.errors import WatchdError

SOURCE = "generic"
EVENTS = ("start", "pause", "resume", "stop", "end", "watched", "interval", "seek")
UNNAMED = ("pause", "stop")
IDS = ("imdb", "tmdb", "tvdb", "trakt")
DONE, REFUSED, NOT_DONE = 0, 1, 2
_SECONDS = 10.0
_NO_URL = "the URL of the daemon begins with http:// or https:// and names a host"
_SAID_NO = (401, 403, 404)


class NotPosted(WatchdError):
    """The event did not reach the daemon; the text says why and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Give --file, or --movie, or --show with --season and --episode; ids make it surer. With --show or --episode the ids "
        "and the year are the show's. A pause or stop without an item is about what plays on that player. Exit code: 0 taken "
        "(also when it was ignored, the line says so), 1 refused, 2 not told."
    )
    parser.add_argument("event", choices=EVENTS, help="what the player did")
    item = parser.add_argument_group("what is played")
    item.add_argument("--file", metavar="PATH", help="the file; title, season and episode are read from its name")
    item.add_argument("--movie", metavar="TITLE")
    item.add_argument("--year", type=int)
    item.add_argument("--show", metavar="TITLE")
    item.add_argument("--season", type=int)
    item.add_argument("--episode", type=int)
    for name in IDS:
        item.add_argument(f"--{name}", metavar="ID")
    where = parser.add_argument_group("how far")
    where.add_argument("--progress", type=float, metavar="PERCENT")
    where.add_argument("--position", type=float, metavar="SECONDS")
    where.add_argument("--duration", type=float, metavar="SECONDS")
    where.add_argument("--at", metavar="TIME", type=_moment, help="when it happened, ISO 8601 with its zone; now, unless given")
    teller = parser.add_argument_group("who tells")
    teller.add_argument("--session", help="the same text for all events of one sitting, another for the next")
    teller.add_argument("--player", help="the name of the player, such as mpv")
    teller.add_argument("--user", help="whose play it is, where several people share the daemon")
    daemon = parser.add_argument_group("the daemon")
    daemon.add_argument("--url", help="its address; else $WATCHD_URL, else the one that runs on this machine")
    daemon.add_argument("--token", help="a hook token; better in $WATCHD_HOOK_TOKEN, where other users do not see it")


def _moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("give a moment such as 2026-11-20T20:57:00+01:00") from error
    return text


def run(arguments: argparse.Namespace) -> int:
    event = body(arguments)
    if event is None:
        print("watchd: nothing to find the item by: give --file, --movie, --show with numbers, or an id", file=sys.stderr)
        return NOT_DONE
    url, token = whereto(arguments.url, arguments.token, os.environ)
    status, told = post(url, token, event)
    say(line(status, told))
    return outcome(status, told)


def body(arguments: argparse.Namespace) -> dict[str, object] | None:
    """The event in the generic format; None when it names no item and must. What was not given is left out."""
    of_show = arguments.show is not None or arguments.season is not None or arguments.episode is not None
    ids = {name: value for name in IDS if (value := getattr(arguments, name)) is not None}
    if not (ids or arguments.file or arguments.movie or arguments.show or arguments.event in UNNAMED):
        return None
    kind = "episode" if of_show else "movie" if arguments.movie is not None or ids else None
    progress = _given(time=arguments.position, percent=arguments.progress)
    return _given(
        event=arguments.event,
        timestamp=arguments.at,
        sessionId=arguments.session,
        mediaType=kind,
        title=None if of_show else arguments.movie,
        tvShowTitle=arguments.show,
        season=arguments.season,
        episode=arguments.episode,
        year=None if of_show else arguments.year,
        tvShowYear=arguments.year if of_show else None,
        uniqueIds=None if of_show else ids or None,
        tvShowUniqueIds=(ids or None) if of_show else None,
        duration=arguments.duration,
        progress=progress or None,
        source=arguments.player,
        user=arguments.user,
        filename=_near(PurePath(arguments.file)) if arguments.file else None,
    )


def _near(path: PurePath) -> str:
    """The file's name with the two folders above it, which may be those of a season and a show."""
    return "/".join(path.relative_to(path.anchor).parts[-3:])


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def whereto(url: str | None, token: str | None, env: Mapping[str, str]) -> tuple[str, str]:
    """(URL, token) as given, else by the environment, else of the daemon of this machine; NotPosted without them."""
    url, token = url or env.get("WATCHD_URL"), token or env.get("WATCHD_HOOK_TOKEN")
    if not url or not token:
        nearby = importlib.import_module("watchd.cli.nearby")  # only here: it costs as much as all the rest
        near_url, near_token = nearby.found(env, SOURCE)
        url, token = url or near_url, token or near_token
    if not url:
        raise NotPosted("no daemon runs on this machine's state directory: start it, or say where it is with --url")
    if not token:
        raise NotPosted("no hook token to be found here: set WATCHD_HOOK_TOKEN to the one `watchd hooks` prints")
    return url, token


def post(url: str, token: str, event: Mapping[str, object]) -> tuple[int, Mapping[str, Any]]:
    """The status and what the daemon says; NotPosted when it cannot be reached or answers with something else than JSON."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise NotPosted(_NO_URL) from error
    kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}.get(parts.scheme)
    if kind is None or not parts.hostname:
        raise NotPosted(_NO_URL)
    if not (token.isascii() and token.isprintable()):
        raise NotPosted("that is no token: set WATCHD_HOOK_TOKEN to the one `watchd hooks` prints")
    connection = kind(parts.netloc.rpartition("@")[2], timeout=_SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", f"{parts.path.rstrip('/')}/hooks/{SOURCE}", json.dumps(event).encode(), headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise NotPosted(f"the daemon at {parts.scheme}://{parts.netloc.rpartition('@')[2]} does not answer: {error}") from error
    except ValueError as error:
        raise NotPosted("what answers at that address is not watchd") from error
    finally:
        connection.close()
    return answer.status, told if isinstance(told, dict) else {}


def line(status: int, told: Mapping[str, Any]) -> str:
    """What became of it, in one line."""
    if status >= 400:
        mend = "; set WATCHD_HOOK_TOKEN to the one `watchd hooks` prints" if status == 401 else ""
        return f"not taken ({status}): {told.get('error') or 'no reason given'}{mend}"
    fate, reason, step, play = (told.get(name) for name in ("status", "reason", "step", "play"))
    what = f": {reason}" if reason else f": {step}" if step not in (None, "none") else ""
    return f"{fate}{what}" + (f" (play {play})" if play else "")


def outcome(status: int, told: Mapping[str, Any]) -> int:
    """The exit code."""
    if status in _SAID_NO or told.get("status") == "refused":
        return REFUSED
    return DONE if status < 300 and told.get("status") in ("accepted", "duplicate", "ignored") else NOT_DONE
