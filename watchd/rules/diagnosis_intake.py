"""Doctor on what comes in: sources, users, watchers, events that could not be used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from watchd.clock import DAY, parse_iso
from watchd.model.diagnosis import Finding, Level, Records, Setup, Unread
from watchd.rules.diagnosis_words import because, counted, listed, span

_QUIET = 30 * DAY
_NOBODYS = "belongs to no account"
"""How a refusal reads that nobody has wished for by a list of [hooks]."""


def of_sources(setup: Setup, records: Records, now: int, told_of: frozenset[str]) -> Iterator[Finding]:
    """Who was heard, and who was not; `told_of` are the accounts whose plays Trakt tells."""
    if not records.heard:
        told, mend = "nothing has ever come in", "watchd hooks, which prints what to set in each media center"
        if setup.watchers:
            yield Finding(Level.NOTE, "sources", f"{told}: what the watched servers play comes from now on")
        elif told_of:
            yield Finding(Level.NOTE, "sources", f"{told}: what is watched is known from Trakt alone", mend)
        else:
            yield Finding(Level.WARNING, "sources", told, mend)
    for heard in records.heard:
        ago = span(max(0, now - heard.last_at))
        if not heard.good:
            told = f"{heard.source} has sent something, last {ago} ago, and nothing of it could be used"
            yield Finding(Level.WARNING, "sources", told, f"watchd hooks {heard.source}, which prints how to set it up")
        elif now - heard.last_at > _QUIET:
            told = f"{heard.source} was last heard {ago} ago"
            yield Finding(Level.NOTE, "sources", told, f"if it is in use: watchd hooks {heard.source}")
        else:
            yield Finding(Level.OK, "sources", f"{heard.source} was last heard {ago} ago")
    yield from map(_unread, records.unread)


def _unread(unread: Unread) -> Finding:
    events = f"{counted(unread.count, 'event')} of {unread.source}, of the last week,"
    mend = f"watchd explain event:{unread.last_id}"
    if unread.fate == "internal":
        told = f"{events} met an error of watchd's own{because(unread.reason)}; kept, and nothing came of them"
        return Finding(Level.PROBLEM, "events", told, f"{mend}, and report it")
    return Finding(Level.WARNING, "events", f"{events} could not be understood{because(unread.reason)}", mend)


def of_users(setup: Setup, records: Records, seen: Sequence[Mapping[str, Any]], told_of: frozenset[str]) -> Iterator[Finding]:
    """Who in the household was heard; `seen` are the users of the status, of which its warnings speak already."""
    if not setup.people:
        if len(records.users) > 1 and len(seen) < 2:
            told = f"{len(records.users)} users have been seen ({listed(records.users)}), and all they watch is one history"
            yield Finding(Level.WARNING, "users", told, "tell people apart by [[accounts]] in watchd.toml")
        return
    for name in setup.people:
        if name not in records.active:
            level = Level.NOTE if name in told_of else Level.WARNING
            mend = f"compare [[accounts]] with the users of watchd status --json, or use watchd hooks --account {name}"
            yield Finding(level, "users", f"nothing has ever come in for {name}", mend)
    refused = {user["user"] for user in seen if user["account"] is None}
    for turned in records.turned:
        if turned.user not in refused and _NOBODYS in (turned.reason or ""):
            who = "nobody in particular" if turned.user is None else f"'{turned.user}'"
            told = f"{counted(turned.count, 'event')} of {who}, of the last week, were refused{because(turned.reason)}"
            yield Finding(Level.WARNING, "users", told, f"watchd explain event:{turned.last_id}")


def of_watchers(watchers: Sequence[Mapping[str, Any]], now: int) -> Iterator[Finding]:
    """The servers that are asked."""
    for watcher in watchers:
        name, reason = watcher["name"], because(watcher["reason"])
        at = watcher["last_heard_at"]
        heard = None if at is None else parse_iso(at)
        mend = f"mend url and token of {name} in [[watchers]], and see whether this machine reaches it"
        if watcher["failing"] and heard is None:
            told = f"{name} was not heard since the start{reason}: what it plays is unknown"
            yield Finding(Level.PROBLEM, "watchers", told, mend)
        elif watcher["failing"] and heard is not None:
            told = f"{name} was last heard {span(now - heard)} ago{reason}: what it plays is unknown"
            yield Finding(Level.WARNING, "watchers", told, mend)
        elif heard is None:
            yield Finding(Level.NOTE, "watchers", f"{name} has not been heard yet")
        else:
            yield Finding(Level.OK, "watchers", f"{name} was last heard {span(now - heard)} ago")
