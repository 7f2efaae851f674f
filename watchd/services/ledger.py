"""Ledger: what a verdict does to the debt, the play and the account, each in one transaction."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace

import structlog

from watchd.clock import DAY, MINUTE, SECOND, Clock
from watchd.model.playback import Origin, Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.plan import READ_LAG, UNIDENTIFIED_SPAN
from watchd.rules.verdict import Kind, Verdict
from watchd.services.lookup import Lookup
from watchd.services.readback import Readback
from watchd.store import accounts, deliveries, plays
from watchd.store.database import Database

log = structlog.get_logger()

_CLAIM_AFTER = 30 * SECOND
_CLAIM_TRIES = 4


class Ledger:
    """Books the outcomes of one account; `changed()` is called when a play's expected end moved."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        lookup: Lookup,
        readback: Readback,
        *,
        changed: Callable[[], None],
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._lookup = lookup
        self._readback = readback
        self._changed = changed
        self._claims: dict[int, int] = {}

    async def supersede(self, delivery: Delivery, reason: str, now: int) -> None:
        await self._database.write(
            lambda connection: deliveries.settle(connection, delivery.id, DeliveryState.SUPERSEDED, now, reason=reason)
        )

    async def postpone(self, delivery: Delivery, until: int, reason: str) -> None:
        """Wait, in the state it is in."""
        await self._database.write(
            lambda connection: deliveries.postpone(connection, delivery.id, delivery.state, until, reason=reason)
        )

    async def settle(self, delivery: Delivery, play: Play, verdict: Verdict, now: int, due: int, *, held: bool) -> None:
        """Book a verdict; `due` is when to try again where that is what it means."""
        offset = self._readback.offset

        def work(connection: sqlite3.Connection) -> None:
            current = deliveries.get(connection, delivery.id)
            if current is None or current.state in (DeliveryState.SUPERSEDED, DeliveryState.DELIVERED):
                _note_late(connection, current, verdict)
                return
            if held and verdict.kind not in (Kind.HELD, Kind.LATER):
                accounts.unhold(connection, self._account_id)
                deliveries.release(connection, self._account_id, now)
            if verdict.until is not None and play.origin is Origin.CHECKIN and _runs_there(delivery, verdict):
                _end_at(connection, play.id, verdict.until - offset)
            if not verdict.maybe_done and verdict.kind not in (Kind.DELIVERED, Kind.BY_HISTORY):
                deliveries.restore(connection, delivery)
                current = delivery
            _BOOKS[verdict.kind](connection, current, verdict, now, due, offset)

        await self._database.write(work)
        if verdict.until is not None:
            self._changed()

    async def claim_next(self) -> None:
        """Find the history row of one delivered outcome whose id no answer told; needed to undo it and to tell rewatches."""
        now = self._clock.now()
        for delivery in await self._database.read(
            lambda connection: deliveries.unclaimed(connection, self._account_id, now - _CLAIM_AFTER)
        ):
            tries = self._claims.get(delivery.id, 0)
            if tries >= _CLAIM_TRIES or now - (delivery.settled_at or now) < _CLAIM_AFTER * (4**tries):
                continue
            self._claims[delivery.id] = tries + 1
            play = await self._database.read(lambda connection, wanted=delivery.play_id: plays.get(connection, wanted))  # type: ignore[misc]
            if play is None:
                continue
            media = await self._lookup.resolve(play.media_id, play.media)
            found = await self._readback.find(delivery, play, media, now) if media is not None else None
            if found is not None:
                await self._database.write(
                    lambda connection, paid=delivery, row=found: _claim(connection, paid, row)  # type: ignore[misc]
                )
            return


def _note_late(connection: sqlite3.Connection, current: Delivery | None, verdict: Verdict) -> None:
    """An answer for a debt that was settled while it was under way: keep at least the history row."""
    if current is not None and verdict.kind is Kind.DELIVERED and verdict.history_id is not None:
        deliveries.set_history(connection, current.id, verdict.history_id)


def _claim(connection: sqlite3.Connection, delivery: Delivery, history_id: int) -> None:
    owner = plays.claimant(connection, delivery.account_id, history_id)
    if owner is not None and owner != delivery.play_id:
        log.warning("relay.row_claimed_already", delivery=delivery.id, other_play=owner)
        return
    plays.claim(connection, delivery.play_id, history_id)
    deliveries.set_history(connection, delivery.id, history_id)


def _end_at(connection: sqlite3.Connection, play_id: int, ends: int) -> None:
    """Let a checkin end when Trakt says it will count."""
    play = plays.get(connection, play_id)
    if play is not None and play.open and ends > play.started_at:
        span = (ends - play.started_at) / 1000
        plays.update(connection, replace(play, runtime=span, progress=0.0, progress_at=play.started_at))


def _delivered(connection: sqlite3.Connection, delivery: Delivery, verdict: Verdict, now: int, due: int, offset: int) -> None:
    deliveries.settle(connection, delivery.id, DeliveryState.DELIVERED, now, status=verdict.status, reason=verdict.reason)
    if delivery.verb is Verb.WATCHED and verdict.history_id is not None:
        _claim(connection, delivery, verdict.history_id)


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


def _runs_there(delivery: Delivery, verdict: Verdict) -> bool:
    """Whether the checkin Trakt speaks of is ours: just taken, or taken by an attempt that was never answered."""
    return verdict.kind is Kind.DELIVERED or (delivery.verb is Verb.CHECKIN and delivery.attempts > 0)


_BOOKS: dict[Kind, Callable[[sqlite3.Connection, Delivery, Verdict, int, int, int], None]] = {
    Kind.DELIVERED: _delivered,
    Kind.LATER: _later,
    Kind.WAIT: _wait,
    Kind.BY_HISTORY: _by_history,
    Kind.UNIDENTIFIED: _unidentified,
    Kind.HELD: _held,
    Kind.DEAD: _dead,
    Kind.CONFLICT: _later,
}
