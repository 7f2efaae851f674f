"""Deleting a play: here at once, at Trakt as soon as it can be told. Runs in a transaction."""

import sqlite3
from dataclasses import dataclass, replace

from watchd.clock import SECOND
from watchd.errors import WatchdError
from watchd.model.media import label
from watchd.model.playback import Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.plan import IN_FLIGHT, READ_LAG
from watchd.store import deliveries, plays, removals
from watchd.store.removals import Removal


class NoSuchPlay(WatchdError):
    """There is no play of that number."""


class StillOpen(WatchdError):
    """A play that is being watched cannot be deleted: its next event would bring it back."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted; `at_trakt`: `nothing` was there, the row is `owed` its removal, or has to be `sought` first."""

    id: int
    account_id: int
    title: str
    at_trakt: str


def delete(connection: sqlite3.Connection, play_id: int, now: int, account_id: int | None = None) -> Deleted:
    """Remove a play with what was still to be told of it, and owe the removal of what Trakt has or may have.

    With an account it has to be one of its plays.
    """
    play = plays.get(connection, play_id)
    if play is None or account_id not in (None, play.account_id):
        raise NoSuchPlay(f"there is no play {play_id}")
    if play.open:
        raise StillOpen(f"play {play_id} is still open: delete it when it has ended")
    counting = (Verb.WATCHED, Verb.CHECKIN)
    told = [item for item in deliveries.of_play(connection, play_id) if item.verb in counting and item.attempts]
    history_id = play.trakt_history_id or next((item.history_id for item in told if item.history_id), None)
    at_trakt = "nothing"
    if history_id is not None or told:
        removals.add(connection, replace(_removal(play, history_id, told, now), newest_play=removals.newest_play(connection)))
        at_trakt = "owed" if history_id is not None else "sought"
    plays.remove(connection, play_id)
    return Deleted(play_id, play.account_id, label(play.media), at_trakt)


def _removal(play: Play, history_id: int | None, told: list[Delivery], now: int) -> Removal:
    sent = [at for item in told for at in (item.first_sent_at, item.last_sent_at) if at is not None]
    # Without an id the row is looked for, and not before what may still be under way has come to its end.
    rest = 0
    if history_id is None:
        rest = IN_FLIGHT if any(item.state is not DeliveryState.DELIVERED for item in told) else READ_LAG
    return Removal(
        id=0,
        account_id=play.account_id,
        history_id=history_id,
        media=play.media,
        origin=play.origin,
        started_at=play.started_at,
        watched_at=play.watched_at,
        first_sent_at=min(sent, default=None),
        last_sent_at=max(sent, default=None),
        deleted_at=now,
        due_at=max(now, max(sent, default=now - rest) + rest) if history_id is None else now // SECOND * SECOND,
    )
