"""Ledger: what a verdict does to the debt, the play and the account, each in one transaction."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from watchd.clock import DAY, HOUR, SECOND, Clock
from watchd.model.playback import Origin, Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.verdict import Kind, Verdict, acknowledged
from watchd.services.books import BOOKS, claim
from watchd.services.lookup import Lookup
from watchd.services.readback import Readback
from watchd.store import accounts, deliveries, plays
from watchd.store.accounts import NEVER, Account
from watchd.store.database import Database

log = structlog.get_logger()

_CLAIM_AFTER = 30 * SECOND
_CLAIM_TRIES = 4
_CLAIM_SPAN = 7 * DAY
_CLAIMS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Booking:
    """A debt as it was before it was tried, what came of that, and when to try again where the verdict means that (ms)."""

    delivery: Delivery
    play: Play
    verdict: Verdict
    due: int


class Ledger:
    """Books the outcomes of one account; `changed()` is called when a play's end moved or its row at Trakt was found."""

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

    async def settle(
        self, delivery: Delivery, play: Play, verdict: Verdict, now: int, due: int, *, probed: Account | None
    ) -> None:
        """Book a verdict; `due` is when to try again where that is what it means; `probed`: the account, held when it was."""
        booking = Booking(delivery, play, verdict, due)

        def work(connection: sqlite3.Connection) -> None:
            _book(connection, booking, now, self._readback.offset, probed)

        await self._database.write(work)
        if verdict.until is not None or verdict.history_id is not None:
            self._changed()

    async def settle_together(self, bookings: Sequence[Booking], now: int) -> None:
        """Book what one answer meant for several debts, all at once."""

        def work(connection: sqlite3.Connection) -> None:
            for booking in bookings:
                _book(connection, booking, now, self._readback.offset, None)

        await self._database.write(work)
        if any(booking.verdict.history_id is not None for booking in bookings):
            self._changed()

    async def claim_next(self) -> None:
        """Find the history row of one delivered outcome whose id no answer told; needed to undo it and to tell rewatches."""
        now = self._clock.now()
        for delivery in await self._database.read(
            lambda connection: deliveries.unclaimed(connection, self._account_id, now - _CLAIM_SPAN, now - _CLAIM_AFTER)
        ):
            tries = self._claims.get(delivery.id, 0)
            if tries >= _CLAIM_TRIES or now - (delivery.settled_at or now) < _CLAIM_AFTER * (4**tries):
                continue
            self._claims[delivery.id] = tries + 1
            if len(self._claims) > _CLAIMS_KEPT:
                del self._claims[min(self._claims)]
            play = await self._database.read(lambda connection, wanted=delivery.play_id: plays.get(connection, wanted))  # type: ignore[misc]
            if play is None:
                continue
            media = await self._lookup.resolve(play)
            found = await self._readback.find(delivery, play, media, now) if media is not None else None
            if found is not None:
                await self._database.write(
                    lambda connection, paid=delivery, row=found: claim(connection, paid, row)  # type: ignore[misc]
                )
                self._changed()
            return


def _book(connection: sqlite3.Connection, booking: Booking, now: int, offset: int, probed: Account | None) -> None:
    delivery, play, verdict = booking.delivery, booking.play, booking.verdict
    current = deliveries.get(connection, delivery.id)
    if current is None or current.state in (DeliveryState.SUPERSEDED, DeliveryState.DELIVERED):
        _note_late(connection, current, verdict)
        return
    if probed is not None:
        _probed(connection, probed, verdict, now)
    if verdict.until is not None and play.origin is Origin.CHECKIN and _runs_there(delivery, verdict):
        _end_at(connection, play.id, verdict.until - offset)
    if not verdict.maybe_done and verdict.kind not in (Kind.DELIVERED, Kind.BY_HISTORY):
        deliveries.restore(connection, delivery)
        current = delivery
    BOOKS[verdict.kind](connection, current, verdict, now, booking.due, offset)


def _note_late(connection: sqlite3.Connection, current: Delivery | None, verdict: Verdict) -> None:
    """An answer for a debt that was settled while it was under way: keep at least the history row, for its play too."""
    if current is None or verdict.kind is not Kind.DELIVERED or verdict.history_id is None:
        return
    deliveries.set_history(connection, current.id, verdict.history_id)
    play = plays.get(connection, current.play_id)
    if current.verb is Verb.WATCHED and play is not None and play.trakt_history_id is None:
        claim(connection, current, verdict.history_id)


def _probed(connection: sqlite3.Connection, probed: Account, verdict: Verdict, now: int) -> None:
    """End the hold that was probed if Trakt took up what was sent; wait another hour if nothing could be learned."""
    account = accounts.get(connection, probed.id)
    if (account.held_reason, account.held_at) != (probed.held_reason, probed.held_at) or account.probe_at == NEVER:
        return
    if acknowledged(verdict):
        accounts.unhold(connection, account.id)
        deliveries.release(connection, account.id, now)
    elif verdict.kind is Kind.LATER:
        accounts.hold(connection, account.id, account.held_reason or "", now, now + HOUR)


def _end_at(connection: sqlite3.Connection, play_id: int, ends: int) -> None:
    """Let a checkin end when Trakt says it will count."""
    play = plays.get(connection, play_id)
    if play is not None and play.open and ends > play.started_at:
        span = (ends - play.started_at) / 1000
        plays.update(connection, replace(play, runtime=span, progress=0.0, progress_at=play.started_at))


def _runs_there(delivery: Delivery, verdict: Verdict) -> bool:
    """Whether the checkin Trakt speaks of is ours: just taken, or taken by an attempt that was never answered."""
    return verdict.kind is Kind.DELIVERED or (delivery.verb is Verb.CHECKIN and delivery.attempts > 0)
