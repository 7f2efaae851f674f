"""Rereading: what today's parsers make of an event that was kept, and how to say it in plain JSON values."""

import json
from collections.abc import Callable
from functools import partial

from watchd.clock import iso
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Media, label
from watchd.model.playback import Ignored, Parsed, PlaybackEvent
from watchd.model.trace import Trace
from watchd.sources import HOOKS, trakt, trakt_sync

Said = dict[str, object]
_UNREADABLE = "nothing that could be read again: it came empty, was shortened, or lost a secret"


def reread(trace: Trace) -> Parsed | MalformedPayload | None:
    """What today's parser makes of the kept text; None when that cannot be read again, or there is no parser for it."""
    if trace.source == trakt.SOURCE and trace.verb == "uncheckin":
        return trakt.UNCHECKIN
    try:
        payload = json.loads(trace.body or "")
    except (ValueError, RecursionError):
        return None
    parse = _parser(trace)
    try:
        return parse(payload) if parse is not None else None
    except MalformedPayload as fault:
        return fault


def _parser(trace: Trace) -> Callable[[object], Parsed] | None:
    """What reads an event of that source and verb; a call that writes history is kept item by item."""
    if trace.source != trakt.SOURCE:
        return HOOKS.get(trace.source)
    if trace.verb in trakt.VERBS:
        return partial(trakt.parse, trace.verb)
    return (lambda payload: trakt_sync.parse_many(trace.verb, payload)[0]) if trace.verb in trakt_sync.VERBS else None


def reading(parsed: Parsed | MalformedPayload | None) -> Said:
    """What the parser says today, in the few fields that decide."""
    if parsed is None:
        return {"as": "unreadable", "why": _UNREADABLE}
    if isinstance(parsed, MalformedPayload):
        return {"as": "malformed", "why": str(parsed)}
    if isinstance(parsed, Ignored):
        return {"as": "ignored", "why": str(parsed.reason), "user": parsed.user}
    return {
        "as": str(parsed.action),
        **(_named(parsed.media) if isinstance(parsed, PlaybackEvent) else {"title": None}),
        "progress": parsed.progress,
        "position": parsed.position,
        "duration": parsed.duration,
        "completed": parsed.completed,
        "at": iso(parsed.at) if parsed.at else None,
        "session": parsed.session,
        "player": parsed.player_name or parsed.player or None,
        "user": parsed.user,
    }


def _named(media: Media) -> Said:
    named: Said = {"title": label(media), "ids": dict(media.ids.items())}
    return named | {"show_ids": dict(media.show.ids.items())} if isinstance(media, Episode) else named
