"""The books: what each kind of verdict writes about its debt. Each runs in the ledger's transaction."""

import sqlite3
from collections.abc import Callable

import structlog

from watchd.clock import DAY, MINUTE, SECOND
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.plan import READ_LAG, UNIDENTIFIED_SPAN
from watchd.rules.verdict import Kind, Verdict
from watchd.store import accounts, deliveries, plays, reconciling
from watchd.store.accounts import NEVER

log = structlog.get_logger()


def claim(connection: sqlite3.Connection, delivery: Delivery, history_id: int) -> None:
    owner = plays.claimant(connection, delivery.account_id, history_id)
    if owner is not None and owner != delivery.play_id and reconciling.of_trakt_alone(connection, owner):
        reconciling.give_way(connection, owner)  # the sync brought the row before it was known to be ours
        owner = None
    if owner is not None and owner != delivery.play_id:
        log.warning("relay.row_claimed_already", delivery=delivery.id, other_play=owner)
        return
    plays.claim(connection, delivery.play_id, history_id)
    deliveries.set_history(connection, delivery.id, history_id)


def _delivered(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    deliveries.settle(connection, delivery.id, DeliveryState.DELIVERED, now, status=verdict.status, reason=verdict.reason)
    if delivery.verb is Verb.WATCHED and verdict.history_id is not None:
        claim(connection, delivery, verdict.history_id)


def _later(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    until = max(due, now + READ_LAG) if verdict.maybe_done else due
    deliveries.postpone(
        connection, delivery.id, delivery.state, until, status=verdict.status, answer=verdict.body, reason=verdict.reason
    )


def _wait(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    until = (verdict.until - offset + SECOND) if verdict.until is not None else now + MINUTE
    deliveries.postpone(
        connection, delivery.id, delivery.state, max(now + SECOND, until), status=verdict.status, reason=verdict.reason
    )


def _by_history(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    deliveries.turn_to_history(connection, delivery.id, now + READ_LAG, verdict.reason)


def _unidentified(
    connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int
) -> None:
    if now - delivery.at > UNIDENTIFIED_SPAN:
        _dead(connection, delivery, verdict, now, due, offset)
        return
    deliveries.postpone(
        connection,
        delivery.id,
        DeliveryState.UNIDENTIFIED,
        now + DAY,
        status=verdict.status,
        answer=verdict.body,
        reason=verdict.reason,
    )


def _held(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    if accounts.get(connection, delivery.account_id).probe_at != NEVER:
        accounts.hold(connection, delivery.account_id, verdict.reason, now, due)
    deliveries.postpone(
        connection,
        delivery.id,
        DeliveryState.HELD,
        now,
        status=verdict.status,
        answer=verdict.body,
        reason=verdict.reason,
    )


def _dead(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    deliveries.settle(
        connection, delivery.id, DeliveryState.DEAD, now, status=verdict.status, answer=verdict.body, reason=verdict.reason
    )


BOOKS: dict[Kind, Callable[[sqlite3.Connection, Delivery, Verdict, int, int, int], None]] = {
    Kind.DELIVERED: _delivered,
    Kind.LATER: _later,
    Kind.WAIT: _wait,
    Kind.BY_HISTORY: _by_history,
    Kind.UNIDENTIFIED: _unidentified,
    Kind.HELD: _held,
    Kind.DEAD: _dead,
}
