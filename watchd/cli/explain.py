"""`watchd explain`: why a play is as it is, from the raw events to each answer of Trakt."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from watchd.cli.printed import say
from watchd.clock import SystemClock
from watchd.services.explaining import explained_event, explained_play
from watchd.settings import load
from watchd.store import state_dir, traces
from watchd.store.readonly import looked_into

_WHAT = re.compile(r"(?P<event>event:)?(?:(?P<last>last)|(?P<id>[0-9]{1,18}))")
_SHOWN = 160
_FATES = {
    "accepted": "taken",
    "duplicate": "a repeat of an event that had come before: nothing done",
    "ignored": "understood, and nothing of ours",
    "refused": "refused: nobody's",
    "malformed": "not understood; kept as it came",
    "internal": "kept, but working on it failed: please report this",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        metavar="PLAY",
        type=_what,
        help="the number of a play, `last` for the one told of last, event:NUMBER or event:last for an event without a play",
    )
    parser.add_argument("--json", action="store_true", help="print it all as JSON, with the whole kept bodies")


def _what(text: str) -> re.Match[str]:
    match = _WHAT.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError("give the number of a play, last, event:NUMBER or event:last")
    return match


def run(arguments: argparse.Namespace) -> int:
    what: re.Match[str] = arguments.what
    number = int(what["id"]) if what["id"] else None
    with looked_into(load().state_dir / state_dir.DATABASE) as connection:
        if what["event"]:
            told = explained_event(connection, number)
        else:
            play = number if number is not None else traces.last_moved(connection)
            told = explained_play(connection, play, SystemClock().now()) if play is not None else None
    if told is None:
        say(f"watchd: nothing is known of {what[0]}", sys.stderr)
        return 1
    if arguments.json:
        say(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        say("\n".join(event_lines(told) if what["event"] else play_lines(told)))
    return 0


def play_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The whole story of a play, top down."""
    play, media = told["play"], told["media"]
    progress = f" at {round(play['progress'], 1):g} %" if play["progress"] is not None else ""
    yield f"play {play['id']}: {play['title']}, {play['state']}{progress}, account {play['account']}"
    yield f"  came by {play['origin']} from {play['source']}{_on(play['player'])}"
    if len(play["told_by"]) > 1:
        yield f"  told by {', '.join(play['told_by'])}: one sitting, so one play"
    yield f"  began {play['started_at']}" + (f", ended {play['ended_at']}" if play["ended_at"] else "")
    row = f", in Trakt's history as {play['trakt_history_id']}" if play["trakt_history_id"] else ""
    yield f"  watched {play['watched_at']}{row}" if play["watched_at"] else "  not counted as watched"
    yield ""
    yield f"what it is: {media['type']}"
    for name, group in (("id", media["ids"]), ("show id", media.get("show_ids", {}))):
        for kind, known in group.items():
            yield f"  {name} {kind} {known['value']}: {known['from']}"
    if not media["ids"] and not media.get("show_ids"):
        yield "  no id is known: it goes by its title"
    yield ""
    yield f"events kept: {len(told['events'])} (ticks that change nothing are written only now and then)"
    for event in told["events"]:
        yield from event_lines(event)
    yield ""
    yield from _owed(told)


def event_lines(event: Mapping[str, Any]) -> Iterator[str]:
    """One event: what came, what is read in it, what made it be of its item, what it did."""
    user = f", user {event['user']}" if event["user"] else ""
    verb = f" {event['verb']}" if event["verb"] else ""
    account = f", account {event['account']}" if event["account"] else ""
    yield f"event {event['id']}  {event['received_at']}  {event['source']}{verb}{user}{account}"
    yield f"    body   {_short(event['body'])}"
    yield f"    read   {_read(event['read'])}"
    if event.get("match"):
        yield f"    match  {event['match']}"
    reason = f" ({event['reason']})" if event["reason"] else ""
    fate = _FATES.get(event["fate"], event["fate"])
    yield f"    fate   {fate}{reason}" + (f"; {event['step']}: {event['did']}" if event["did"] else "")


def _owed(told: Mapping[str, Any]) -> Iterator[str]:
    if told["owes"]:
        yield f"owed to Trakt: {told['owes']}"
        return
    yield f"owed to Trakt: {len(told['deliveries'])}"
    for delivery in told["deliveries"]:
        yield f"delivery {delivery['id']}  {delivery['at']}  {delivery['verb']} at {round(delivery['progress'], 1):g} %"
        yield f"    {delivery['standing']}"
        if delivery["attempts"]:
            status = f", answered {delivery['status']}" if delivery["status"] else ", not answered"
            tries = "once" if delivery["attempts"] == 1 else f"{delivery['attempts']} times"
            yield f"    sent {tries}, last as {delivery['sent_as']} at {delivery['last_sent_at']}{status}"
        if delivery["answer"]:
            yield f"    answer {_short(delivery['answer'])}"


def _read(read: Mapping[str, Any]) -> str:
    if "why" in read:
        return f"{read['as']}: {read['why']}"
    ids = [f"{kind} {value}" for kind, value in read.get("ids", {}).items()]
    ids += [f"show {kind} {value}" for kind, value in read.get("show_ids", {}).items()]
    far = [
        f"{round(read['progress'], 1):g} %" if read["progress"] is not None else "",
        f"{round(read['position'])} s" if read["position"] is not None else "",
        f"of {round(read['duration'])} s" if read["duration"] else "",
        "complete" if read["completed"] else "",
    ]
    parts = [read["title"] or "an item it does not name", " ".join(filter(None, far)), ", ".join(ids)]
    return f"{read['as']}: " + "; ".join(filter(None, parts)) + _on(read["player"])


def _on(player: str | None) -> str:
    return f" on {player}" if player else ""


def _short(body: str | None) -> str:
    text = " ".join((body or "(empty)").split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters; --json shows all)"
