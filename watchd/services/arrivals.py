"""Arrivals: what events do to the store, in one transaction: each raw event, its fate, and what its rules say."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from watchd.errors import MalformedPayload
from watchd.model.playback import Action, Parsed, Play, PlaybackEvent, UnnamedEvent
from watchd.model.receipts import Fate, RawEvent, Receipt, Step
from watchd.rules.household import Refused
from watchd.rules.meaning import NOTHING_OPEN, named, refusal
from watchd.rules.policy import Policy
from watchd.rules.progress import event_time, expected_end
from watchd.rules.repeats import Repeat, repeat_of
from watchd.rules.rewatch import half_runtime
from watchd.rules.tracker import Outcome
from watchd.services import files, marking, sittings
from watchd.services.sittings import Applied
from watchd.store import events, plays
from watchd.store.savepoint import attempt

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came in, and what it is to us."""

    raw: RawEvent
    parsed: Parsed | MalformedPayload | Refused


@dataclass(frozen=True, slots=True)
class Taken:
    """What an event did: the receipt, the other plays it ended, and the account's open plays as they are after it."""

    receipt: Receipt
    ended: tuple[Outcome, ...] = ()
    open_plays: tuple[Play, ...] = ()
    changed: bool = False


def take_all(
    connection: sqlite3.Connection, arrivals: Sequence[Arrival], policy: Policy, now: int
) -> Sequence[Taken | Exception]:
    """Take in what arrived at the same moment; for each what it did, or the error for which it could not even be kept.

    They share one savepoint while all goes well. When one fails, all are taken anew, each in a savepoint of its own.
    """
    taken: list[Taken] = []
    with attempt(connection) as tried:
        taken = [take(connection, arrival.raw, arrival.parsed, policy, now) for arrival in arrivals]
    return taken if tried.error is None else [_alone(connection, arrival, policy, now) for arrival in arrivals]


def _alone(connection: sqlite3.Connection, arrival: Arrival, policy: Policy, now: int) -> Taken | Exception:
    """Take in one event: a poison one is kept, counted and visible, and stops nothing."""
    taken = None
    with attempt(connection) as tried:
        taken = take(connection, arrival.raw, arrival.parsed, policy, now)
    if tried.error is None and taken is not None:
        return taken
    error = type(tried.error).__name__
    event_id = 0
    with attempt(connection) as kept:
        event_id = events.insert(connection, arrival.raw, Fate.INTERNAL, error, None)
    source = arrival.raw.source
    log.error("arrivals.event_quarantined", event_id=event_id, source=source, error=error, exc_info=tried.error)
    return kept.error or Taken(Receipt(event_id, Fate.INTERNAL, "kept, but not understood"))


def take(
    connection: sqlite3.Connection, raw: RawEvent, parsed: Parsed | MalformedPayload | Refused, policy: Policy, now: int
) -> Taken:
    """Keep one event with its fate, and do what it means; any error is the event's own."""
    if isinstance(parsed, MalformedPayload):
        return Taken(_trace(connection, raw, Fate.MALFORMED, parsed.reason))
    if isinstance(parsed, Refused):
        return Taken(_trace(connection, raw, Fate.REFUSED, parsed.reason))
    event = parsed
    if isinstance(event, UnnamedEvent):
        event = named(event, plays.open_plays(connection, raw.account_id)) or event
    if not isinstance(event, PlaybackEvent):
        reason = NOTHING_OPEN if isinstance(event, UnnamedEvent) else event.reason
        return Taken(_trace(connection, raw, Fate.IGNORED, str(reason)))
    refused = refusal(event, policy)
    if refused is not None:
        return Taken(_trace(connection, raw, Fate.IGNORED, refused))
    repeat = repeat_of(event)
    earlier = events.earlier(connection, raw, repeat, policy.repeat_window)
    if earlier is not None:
        event_id = events.insert(connection, raw, Fate.DUPLICATE, "sent before", repeat)
        play = plays.get(connection, earlier) if earlier else None
        return Taken(_replayed(event_id, play, event))
    return _acted(connection, raw, event, repeat, policy, now)


def _acted(
    connection: sqlite3.Connection, raw: RawEvent, event: PlaybackEvent, repeat: Repeat, policy: Policy, now: int
) -> Taken:
    """Do what a new event means."""
    at = event_time(event, raw.received_at)
    applied = _apply(connection, raw, event, at, policy)
    outcome, ended = applied.outcome, applied.ended
    kept = outcome.play if outcome.play.id else None
    # A checkin that was not taken is told again when the other one is over: that is no repeat.
    key = None if outcome.step is Step.BUSY else repeat
    event_id = events.insert(connection, raw, Fate.ACCEPTED, None, key, step=outcome.step, play_id=kept.id if kept else None)
    if at < now - policy.end_slack:
        ended += tuple(sittings.settle_due(connection, now, policy, raw.account_id)[0])
    receipt = Receipt(event_id, Fate.ACCEPTED, step=outcome.step, play=kept, until=outcome.until)
    return Taken(receipt, ended, tuple(plays.open_plays(connection, raw.account_id)), changed=True)


def _apply(connection: sqlite3.Connection, raw: RawEvent, event: PlaybackEvent, at: int, policy: Policy) -> Applied:
    if event.action is Action.MARK_WATCHED:
        return marking.mark(connection, raw.account_id, event, at, raw.received_at, policy)
    if event.action is Action.RATE:
        return marking.rate(connection, raw.account_id, event, at, raw.received_at)
    return files.apply(connection, raw.account_id, event, at, policy)


def _trace(connection: sqlite3.Connection, raw: RawEvent, fate: Fate, reason: str) -> Receipt:
    return Receipt(events.insert(connection, raw, fate, reason, None), fate, reason)


def _replayed(event_id: int, play: Play | None, event: PlaybackEvent) -> Receipt:
    """The receipt of a repeat, as Trakt would answer it: a stop of what has counted conflicts, and so does a second checkin."""
    if event.action is Action.CHECKIN and play is not None and play.open:
        return Receipt(event_id, Fate.DUPLICATE, "sent before", Step.BUSY, play, expected_end(play))
    done = play is not None and play.watched_at is not None and event.action in (Action.STOP, Action.WATCHED)
    step = Step.SWALLOWED if done else Step.NONE
    until = play.watched_at + half_runtime(play) if done and play is not None and play.watched_at is not None else None
    return Receipt(event_id, Fate.DUPLICATE, "sent before", step, play, until)
