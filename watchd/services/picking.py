"""Picking: which debt of an account comes next, with what is needed to decide on it."""

import sqlite3
from dataclasses import dataclass

from watchd.clients.limiter import Lane
from watchd.errors import StoreUnavailable
from watchd.model.playback import Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.plan import LIVE_SPAN, is_unsent_mark
from watchd.store import accounts, deliveries, plays
from watchd.store.accounts import Account


@dataclass(frozen=True, slots=True)
class Job:
    """A due debt with what is needed to decide on it."""

    delivery: Delivery
    play: Play
    newest_sent: int
    tried: bool
    probed: Account | None


def lane_of(delivery: Delivery, now: int) -> Lane:
    """Live stops first, then live starts and pauses, then what is late."""
    if delivery.verb is Verb.WATCHED:
        if is_unsent_mark(delivery):
            return Lane.LATE
        return Lane.LIVE_STOP if now - delivery.at <= LIVE_SPAN else Lane.LATE
    return Lane.LIVE


def pick(connection: sqlite3.Connection, account_id: int, now: int) -> tuple[Job | None, int | None]:
    """The most urgent due debt of an account, or when there will be one (ms).

    A held account has one debt probed an hour, whichever is the most urgent.
    """
    account = accounts.get(connection, account_id)
    held = account.held_reason is not None
    if held and account.probe_at is not None and now < account.probe_at:
        return None, account.probe_at
    found = deliveries.due(connection, account_id, now)
    if not found:
        return None, deliveries.next_due(connection, account_id)
    delivery = min(found, key=lambda item: (lane_of(item, now), item.state is DeliveryState.UNIDENTIFIED, item.at, item.id))
    play = plays.get(connection, delivery.play_id)
    if play is None:
        raise StoreUnavailable("a delivery without its play")
    siblings = deliveries.of_play(connection, play.id)
    tried = delivery.attempts > 0 or any(item.verb is Verb.CHECKIN and item.attempts > 0 for item in siblings)
    newest = deliveries.newest_sent(connection, account_id)
    return Job(delivery, play, newest, tried, account if held else None), None
