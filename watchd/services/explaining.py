"""Explaining: how a play came about, from the raw events to each delivery, as plain JSON values. Runs in a read."""

import sqlite3

from watchd.clock import iso
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Media, MediaIds, label
from watchd.model.playback import Parsed, Play, PlaybackEvent, UnnamedEvent
from watchd.model.receipts import Step
from watchd.model.relay import Delivery
from watchd.model.trace import Trace
from watchd.rules.media import merged, same_item
from watchd.rules.why import STEPS, standing, why_nothing_owed, why_same
from watchd.services.rereading import Said, reading, reread
from watchd.store import accounts, deliveries, plays, traces


def explained_play(connection: sqlite3.Connection, play_id: int, now: int) -> Said | None:
    """A play with its media, its events and its deliveries; None when there is no such play."""
    play = plays.get(connection, play_id)
    if play is None:
        return None
    kept = traces.of_play(connection, play_id)
    account = accounts.get(connection, play.account_id)
    owed = deliveries.of_play(connection, play_id)
    readings = [(trace, reread(trace)) for trace in kept]
    return {
        "play": _play(play, account.name),
        "media": _media(play.media, readings),
        "events": _events(play.media, readings),
        "deliveries": [_delivery(delivery, now, account.held_reason) for delivery in owed],
        "owes": None if owed else why_nothing_owed(play, account.trakt_since, _login(account.name)),
    }


def explained_event(connection: sqlite3.Connection, event_id: int | None) -> Said | None:
    """An event (the newest for None) that may have become no play; None when it is not kept."""
    trace = traces.get(connection, event_id)
    return _event(trace, reread(trace)) if trace is not None else None


def _login(account: str) -> str:
    return "watchd login" if account == accounts.ME else f"watchd login --account {account}"


def _play(play: Play, account: str) -> Said:
    return {
        "id": play.id,
        "title": label(play.media),
        "account": account,
        "state": str(play.state),
        "origin": str(play.origin),
        "source": play.source,
        "player": play.player_name or play.player or None,
        "progress": play.progress,
        "started_at": iso(play.started_at),
        "watched_at": _moment(play.watched_at),
        "ended_at": _moment(play.ended_at),
        "trakt_history_id": play.trakt_history_id,
        "told_by": sorted({teller.source for teller in play.tellers}),
    }


def _media(media: Media, readings: list[tuple[Trace, Parsed | MalformedPayload | None]]) -> Said:
    """The item as it is known, and for each id which event told it first."""
    named = media.show if isinstance(media, Episode) else media
    told = [(trace, parsed.media) for trace, parsed in readings if isinstance(parsed, PlaybackEvent)]
    own = [(trace, item.ids) for trace, item in told]
    shows = [(trace, item.show.ids) for trace, item in told if isinstance(item, Episode)]
    found: Said = {
        "type": str(media.type),
        "title": named.title,
        "year": named.year,
        "runtime": media.runtime,
        "ids": _learned(media.ids, own),
    }
    if isinstance(media, Episode):
        found |= {"season": media.season, "number": media.number, "number_end": media.number_end}
        found |= {"number_abs": media.number_abs, "episode_title": media.title}
        found["show_ids"] = _learned(media.show.ids, shows)
    return found


def _learned(ids: MediaIds, told: list[tuple[Trace, MediaIds]]) -> dict[str, Said]:
    learned: dict[str, Said] = {}
    for name, value in ids.items():
        teller = next((trace for trace, known in told if getattr(known, name) == value), None)
        learned[name] = {
            "value": value,
            "from": f"event {teller.id} ({teller.source})" if teller else "looked up, or told by an event of another play",
        }
    return learned


def _events(media: Media, readings: list[tuple[Trace, Parsed | MalformedPayload | None]]) -> list[Said]:
    """The events in order, each with what made it be of this item: compared with what was known before it came."""
    known: Media | None = None
    said: list[Said] = []
    for trace, parsed in readings:
        match = "names no item: what was open on that player is meant" if isinstance(parsed, UnnamedEvent) else None
        if isinstance(parsed, PlaybackEvent):
            if known is None:
                match = "the first event kept of this play"
                known = parsed.media
            elif same_item(known, parsed.media):
                match = why_same(known, parsed.media)
                known = merged(known, parsed.media)
            else:
                match = why_same(media, parsed.media)
        said.append(_event(trace, parsed) | {"match": match})
    return said


def arrival(trace: Trace) -> Said:
    """What is kept of an event, its moment written out."""
    return {
        "id": trace.id,
        "received_at": iso(trace.received_at),
        "source": trace.source,
        "verb": trace.verb or None,
        "account": trace.account,
        "user": trace.user,
        "fate": trace.fate,
        "reason": trace.reason,
        "step": trace.step,
        "play": trace.play_id,
    }


def _event(trace: Trace, parsed: Parsed | MalformedPayload | None) -> Said:
    step = trace.step if trace.fate == "accepted" else None
    did = STEPS[Step(step)] if step in STEPS else None
    return arrival(trace) | {"did": did, "read": reading(parsed), "body": trace.body}


def _delivery(delivery: Delivery, now: int, held: str | None) -> Said:
    return {
        "id": delivery.id,
        "verb": str(delivery.verb),
        "state": str(delivery.state),
        "at": iso(delivery.at),
        "progress": delivery.progress,
        "attempts": delivery.attempts,
        "sent_as": delivery.sent_as,
        "last_sent_at": _moment(delivery.last_sent_at),
        "settled_at": _moment(delivery.settled_at),
        "history_id": delivery.history_id,
        "status": delivery.status,
        "answer": delivery.answer,
        "standing": standing(delivery, now, held),
    }


def _moment(at: int | None) -> str | None:
    return iso(at) if at is not None else None
