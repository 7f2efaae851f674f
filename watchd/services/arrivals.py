"""Arrivals: what one event does to the store, in one transaction: the raw event, its fate, and what its rules say."""

import sqlite3
from dataclasses import dataclass

import structlog

from watchd.errors import MalformedPayload
from watchd.model.playback import Action, Fate, Parsed, Play, PlaybackEvent, RawEvent, Receipt, Step, UnnamedEvent
from watchd.rules import tracker
from watchd.rules.policy import Policy
from watchd.rules.progress import expected_end
from watchd.rules.repeats import repeat_of
from watchd.rules.rewatch import half_runtime
from watchd.rules.tracker import Outcome
from watchd.services import sittings
from watchd.store import events, plays
from watchd.store.trouble import of_the_machine

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a transaction did: the receipt, the other plays it ended, and the account's open plays as they are after it."""

    receipt: Receipt
    ended: tuple[Outcome, ...] = ()
    open_plays: tuple[Play, ...] = ()
    changed: bool = False


def take(connection: sqlite3.Connection, raw: RawEvent, parsed: Parsed | MalformedPayload, policy: Policy, now: int) -> Taken:
    """The transaction of one arrival: its rules in a savepoint, and the raw event with its fate, whatever they say."""
    if isinstance(parsed, MalformedPayload):
        return Taken(_trace(connection, raw, Fate.MALFORMED, parsed.reason))
    if isinstance(parsed, UnnamedEvent):
        return Taken(_trace(connection, raw, Fate.IGNORED, "nothing is open on that player"))
    if not isinstance(parsed, PlaybackEvent):
        return Taken(_trace(connection, raw, Fate.IGNORED, str(parsed.reason)))
    if parsed.action not in tracker.FOLLOWED and parsed.action is not Action.UNCHECKIN:
        return Taken(_trace(connection, raw, Fate.IGNORED, f"{parsed.action} is not acted on"))
    repeat = repeat_of(parsed)
    earlier = events.earlier(connection, raw, repeat, policy.repeat_window)
    if earlier is not None:
        event_id = events.insert(connection, raw, Fate.DUPLICATE, "sent before", repeat)
        play = plays.get(connection, earlier) if earlier else None
        return Taken(_replayed(event_id, play, parsed))
    at = sittings.event_time(parsed, raw.received_at)
    connection.execute("SAVEPOINT rules")
    try:
        applied = sittings.apply(connection, raw.account_id, parsed, at, policy)
    except Exception as error:  # one poison event must not stop intake: it is kept, counted and visible
        if not connection.in_transaction or of_the_machine(error):
            raise
        connection.execute("ROLLBACK TO rules")
        connection.execute("RELEASE rules")
        event_id = events.insert(connection, raw, Fate.INTERNAL, type(error).__name__, repeat)
        log.exception("arrivals.event_quarantined", event_id=event_id, source=raw.source, error=type(error).__name__)
        return Taken(Receipt(event_id, Fate.INTERNAL, "kept, but not understood"))
    connection.execute("RELEASE rules")
    outcome, ended = applied.outcome, applied.ended
    kept = outcome.play if outcome.play.id else None
    # A checkin that was not taken is told again when the other one is over: that is no repeat.
    key = None if outcome.step is Step.BUSY else repeat
    event_id = events.insert(connection, raw, Fate.ACCEPTED, None, key, step=outcome.step, play_id=kept.id if kept else None)
    if at < now - policy.end_slack:
        ended += tuple(sittings.settle_due(connection, now, policy)[0])
    receipt = Receipt(event_id, Fate.ACCEPTED, step=outcome.step, play=kept, until=outcome.until)
    return Taken(receipt, ended, tuple(plays.open_plays(connection, raw.account_id)), changed=True)


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
