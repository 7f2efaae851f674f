"""Marking: what is done by hand at a media center: items marked as watched, and ratings. Runs in a transaction."""

import sqlite3
from dataclasses import replace

from watchd.model.playback import Origin, PlaybackEvent
from watchd.model.receipts import Step
from watchd.rules import marks, tracker
from watchd.rules.parts import parts_of
from watchd.rules.policy import Policy
from watchd.rules.tracker import Outcome
from watchd.services import sittings
from watchd.services.merging import resolve
from watchd.services.sittings import Applied
from watchd.store import accounts, plays, ratings


def mark(connection: sqlite3.Connection, account_id: int, event: PlaybackEvent, at: int, now: int, policy: Policy) -> Applied:
    """Count what was marked as watched, each episode of a file; the outcome is that of the last one that counted."""
    parts = parts_of(event.media)
    duration = event.duration / len(parts) if event.duration else None
    done: list[Outcome] = []
    for part in parts:
        media_id, media = resolve(connection, account_id, part, at)
        told = replace(event, media=media, duration=duration)
        found = plays.of_media(connection, media_id, most=plays.EVERY, of_trakt=True)
        outcome = marks.mark(told, account_id, at, found, policy)
        if outcome.step is Step.WATCHED:
            made = replace(outcome.play, media_id=media_id)
            due = now + marks.GATHER if made.origin is Origin.MARK else 0
            outcome = sittings.keep(connection, replace(outcome, play=made), at, due_at=due)
        done.append(outcome)
    done.sort(key=lambda outcome: outcome.step is Step.WATCHED)
    return Applied(done[-1], tuple(outcome for outcome in done[:-1] if outcome.step is Step.WATCHED))


def rate(connection: sqlite3.Connection, account_id: int, event: PlaybackEvent, at: int, now: int) -> Applied:
    """Keep a rating as the latest of its item; of a file it is that of the first episode, whose ids the file has."""
    media_id, media = resolve(connection, account_id, parts_of(event.media)[0], at)
    since = accounts.trakt_since(connection, account_id)
    due = now if since is not None and at >= since else None
    ratings.keep(connection, account_id, media_id, event.rating or 0.0, at, event.source, due)
    return Applied(Outcome(tracker.opened(replace(event, media=media), account_id, at), Step.NONE))
