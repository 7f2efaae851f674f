"""`watchd status`: the state of the running daemon in a few lines."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from watchd.cli.api import running
from watchd.cli.printed import say
from watchd.settings import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the whole status as JSON")


def run(arguments: argparse.Namespace) -> int:
    daemon = running(load())
    if daemon is None:
        print("watchd is not running")
        return 1
    status = daemon.call("GET", "/api/status")
    say(json.dumps(status, indent=2, ensure_ascii=False) if arguments.json else "\n".join(lines(status)))
    return 0 if status.get("healthy") else 1


def lines(status: Mapping[str, Any]) -> list[str]:
    """The status for people."""
    backlog = status["backlog"]
    oldest = f", the oldest since {backlog['oldest_at']}" if backlog["oldest_at"] else ""
    shown = [
        f"watchd {status['version']}, since {status['started_at']}, {'healthy' if status['healthy'] else 'NOT healthy'}",
        f"owed: {backlog['pending']} pending{oldest}, {backlog['dead']} dead",
    ]
    shown.extend(f"warning: {warning}" for warning in status.get("warnings", ()))
    for number, account in enumerate(status["accounts"]):
        watching = account["watching"] or "nothing"
        progress = f" at {account['progress']} %" if account["progress"] is not None else ""
        source = f" ({account['source']})" if account["source"] else ""
        shown.append(f"{account['name']}: {account['state']}: {watching}{progress}{source}")
        login = "watchd login" + (f" --account {account['name']}" if number else "")
        shown.extend(_trakt(account["trakt"], account.get("held_reason"), login))
    shown.extend(_watcher(watcher) for watcher in status.get("watchers", ()))
    shown.extend(_aired(status.get("aired") or {}))
    return shown


def _aired(aired: Mapping[str, Any]) -> list[str]:
    """How far TMDB has told what airs when of the shows of the library."""
    if not aired.get("tmdb"):
        return []
    parts = [f"{aired['told']} told of", f"{aired['waiting']} wait"]
    parts += [f"{aired['none']} unknown there"] if aired["none"] else []
    reason = f" ({aired['reason']})" if aired["reason"] else ""
    parts += [f"{aired['failing']} failing{reason}"] if aired["failing"] else []
    return [f"episodes by TMDB: of the shows of the library {', '.join(parts)}"]


def _watcher(watcher: Mapping[str, Any]) -> str:
    reason = f" ({watcher['reason']})" if watcher["reason"] else ""
    failing = f", failing{reason}" if watcher["failing"] else ""
    return f"watcher {watcher['name']}: last heard: {watcher['last_heard_at'] or 'never since the start'}{failing}"


def _trakt(trakt: Mapping[str, Any] | None, held: str | None, command: str) -> list[str]:
    if trakt is None:
        return ["  Trakt: no app configured; everything is recorded and served here"]
    login = {
        "ok": "logged in",
        "none": f"not logged in: {command}",
        "unsure": "logged in; the last refresh was not answered",
        "expired": "the access token has expired and waits for a refresh",
        "login_required": f"log in again: {command}",
    }.get(trakt["login"], trakt["login"])
    reason = f" ({trakt['login_reason']})" if trakt["login_reason"] else ""
    until = f", token until {trakt['token_expires_at']}" if trakt["token_expires_at"] else ""
    heard = trakt["last_heard_at"] or "never since the start"
    shown = [f"  Trakt: {login}{reason}{until}", f"  last heard: {heard}{', failing' if trakt['failing'] else ''}"]
    shown.extend(_sync(trakt.get("sync") or {}))
    return [*shown, f"  held: {held}"] if held else shown


def _sync(sync: Mapping[str, Any]) -> list[str]:
    """How far Trakt's library is here, and what is not as it should be."""
    if not sync:
        return []
    doing = f"reading {sync['section']}, {sync['done']} of {sync['of'] or '?'}" if sync["section"] else "at rest"
    whole = sync["last_full_at"] or "never"
    shown = [f"  library: {sync['plays']} plays, {sync['rows']} rows; {doing}; read whole: {whole}"]
    if sync["reason"]:
        shown.append(f"  the last sync had trouble: {sync['reason']}")
    shown.extend(f"  not read: {name}: {reason}" for name, reason in sync["failed"].items())
    for name, doubt in sync["in_doubt"].items():
        shown.append(f"  in doubt since {doubt['since']}: {name}, {doubt['read']} of {doubt['shown']} rows")
    shown.extend(f"  Trakt counts {more:+} {kind} plays beyond those here" for kind, more in sync["mismatch"].items())
    return shown
