"""`watchd sync`: have the running daemon read Trakt's library, and show how far it is."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO
from urllib.parse import quote

from watchd.cli.api import DaemonApi, running
from watchd.settings import load

_LOOK = 0.5
_WIDTH = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="read everything, whatever has changed")
    parser.add_argument("--account", metavar="NAME", help="whose library (default: the first account)")


def run(arguments: argparse.Namespace) -> int:
    daemon = running(load())
    if daemon is None:
        print("watchd is not running; start it with `watchd run`, it syncs by itself")
        return 1
    return watched(daemon, arguments.account, full=arguments.full, out=sys.stdout, rest=time.sleep)


def watched(daemon: DaemonApi, account: str | None, *, full: bool, out: TextIO, rest: Callable[[float], None]) -> int:
    """Start a sync and follow it to its end: a bar on a terminal, else a line for each section. 0 when all came whole."""
    path = "/api/sync" + (f"?user={quote(account, safe='')}" if account is not None else "")
    bar = out.isatty()
    facts = daemon.call("POST", path, {"full": full})
    try:
        facts = _followed(facts, lambda: daemon.call("GET", path), bar=bar, out=out, rest=rest)
    except KeyboardInterrupt:
        out.write("\nthe daemon goes on with it\n")
        raise
    out.write("\r\x1b[K" if bar else "")
    out.write("\n".join(summary(facts)) + "\n")
    return 1 if facts["reason"] or facts["failed"] else 0


def _followed(
    facts: Mapping[str, Any], look: Callable[[], Mapping[str, Any]], *, bar: bool, out: TextIO, rest: Callable[[float], None]
) -> Mapping[str, Any]:
    section = None
    while facts["running"]:
        if bar:
            out.write(f"\r\x1b[K{line(facts)}")
        elif facts["section"] != section:
            section = facts["section"]
            out.write(f"reading {section}\n" if section else "")
        out.flush()
        rest(_LOOK)
        facts = look()
    return facts


def line(facts: Mapping[str, Any]) -> str:
    """The section being read, as a bar where its length is known."""
    section, done, of = facts["section"], facts["done"], facts["of"]
    if section is None:
        return "asking what has changed"
    if not of:
        return f"{section}: {done:,}"
    full = min(_WIDTH, _WIDTH * done // of)
    return f"{section:<20.20} [{'#' * full}{'.' * (_WIDTH - full)}] {done:,} of {of:,}"


def summary(facts: Mapping[str, Any]) -> list[str]:
    """How it ended."""
    read = ", ".join(facts["read"]) or "nothing had changed"
    requests = "1 request" if facts["requests"] == 1 else f"{facts['requests']} requests"
    told = [f"{requests}: {read}", f"{facts['plays']:,} plays and {facts['rows']:,} rows of Trakt's are here"]
    if facts["nameless"]:
        told.append(f"{facts['nameless']} plays at Trakt name nothing, or were deleted here")
    told += [f"NOT read: {name}: {reason}" for name, reason in facts["failed"].items()]
    for name, doubt in facts["in_doubt"].items():
        told.append(f"in doubt: {name} came with {doubt['read']} of {doubt['shown']} rows; a second reading must agree")
    for kind, more in facts["mismatch"].items():
        told.append(f"the counts differ: Trakt has {more:+} {kind} plays beyond those here")
    return [*told, f"stopped: {facts['reason']}"] if facts["reason"] else told
