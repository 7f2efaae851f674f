"""Ratings: what was rated here, told to Trakt. The latest of an item wins, and telling it twice changes nothing."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_bodies import Body, needs_lookup, rating_item
from watchd.clients.trakt_bulk import MOST, added, together, unknown
from watchd.clock import DAY, Clock
from watchd.errors import UpstreamError
from watchd.model.media import Media
from watchd.rules.plan import UNIDENTIFIED_SPAN
from watchd.services.ahead import Overtaken
from watchd.services.lookup import Lookup
from watchd.services.rounds import REST, Rounds
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import accounts, ratings
from watchd.store.database import Database
from watchd.store.ratings import Rating

log = structlog.get_logger()

_NOT_KNOWN = "Trakt does not know the item"


@dataclass(frozen=True, slots=True)
class Due:
    """A rating with its item, and how it is told; without a body Trakt could not know the item by anything.

    `error` is what went wrong here on the way to a body: that one is given up.
    """

    rating: Rating
    media: Media
    body: Body | None = None
    error: str | None = None


class Ratings:
    """One account's ratings on their way. `send_due` does one step; `run` repeats it; `wake` says that something is owed."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        trakt: TraktClient,
        lookup: Lookup,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._trakt = trakt
        self._lookup = lookup
        self._rounds = Rounds("ratings", clock, jitter)

    def wake(self) -> None:
        """Something was rated: look at once."""
        self._rounds.wake()

    async def run(self) -> None:
        """Tell ratings for ever; never returns."""
        await self._rounds.run(self.send_due)

    async def send_due(self) -> int:
        """Tell what is due in one call; return how long there is nothing to do (ms, 0: go on)."""
        rest, now = self._rounds.rest(), self._clock.now()
        if rest:
            return rest
        found, next_due = await self._database.read(lambda connection: _due(connection, self._account_id, now))
        if not found:
            return self._rounds.until(next_due)
        try:
            told = [await self._told(item) for item in found]
            sent = [item for item in told if item.body is not None]
            missing = await self._sent(sent) if sent else []
        except Overtaken:
            return REST
        except UpstreamError as error:
            return await self._failed(found, error)
        self._rounds.went_well()
        lost = [*missing, *(item for item in told if item.body is None)]
        await self._database.write(lambda connection: self._book(connection, sent, lost, now))
        return 0

    async def _told(self, item: Due) -> Due:
        """How Trakt is told of an item, looked up first where its ids say nothing there."""
        media, rating = item.media, item.rating
        try:
            body = None if needs_lookup(media) else rating_item(media, rating.rating, rating.rated_at)
            if body is None:
                found = await self._lookup.named(media)
                body = rating_item(found, rating.rating, rating.rated_at) if found is not None else None
        except UNFORESEEN as error:
            log.exception("ratings.rating_quarantined", media=rating.media_id, error=type(error).__name__)
            return replace(item, error=f"internal: {type(error).__name__}")
        return replace(item, body=body)

    async def _sent(self, items: list[Due]) -> list[Due]:
        """Tell of the items in one call; return those that Trakt does not know."""
        bodies = [item.body for item in items if item.body is not None]
        answer = await self._trakt.add_ratings(together(bodies), Lane.LATE, self._still_ours)
        missing = unknown(bodies, answer.data)
        if not missing and not added(answer.data):
            missing = set(range(len(items)))
        return [items[number] for number in sorted(missing)]

    async def _still_ours(self) -> None:
        """Right before the bytes leave: another login may be under way, and this would go to whoever it is of."""
        account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
        if account.held_reason is not None:
            raise Overtaken("the account is held")

    def _book(self, connection: sqlite3.Connection, sent: list[Due], lost: list[Due], now: int) -> None:
        unknown_ones = {item.rating.media_id for item in lost}
        for item in sent:
            if item.rating.media_id not in unknown_ones:
                ratings.settle(connection, self._account_id, item.rating, now, "rated at Trakt")
        for item in lost:
            if item.error is not None:
                ratings.settle(connection, self._account_id, item.rating, now, item.error)
            elif now - item.rating.rated_at > UNIDENTIFIED_SPAN:
                ratings.settle(connection, self._account_id, item.rating, now, _NOT_KNOWN)
            else:
                ratings.postpone(connection, self._account_id, item.rating, now + DAY, _NOT_KNOWN)

    async def _failed(self, items: list[Due], error: UpstreamError) -> int:
        """What trouble means for those that were to be told: all wait, or each is tried alone, or one is given up."""
        verdict, now = self._rounds.refused(error), self._clock.now()
        if verdict is not None:
            await self._database.write(lambda connection: self._spoilt(connection, items, verdict.reason, now))
        return self._rounds.rest()

    def _spoilt(self, connection: sqlite3.Connection, items: list[Due], reason: str, now: int) -> None:
        for item in items:
            if len(items) > 1:
                ratings.postpone(connection, self._account_id, item.rating, now, reason, alone=True)
            else:
                ratings.settle(connection, self._account_id, item.rating, now, reason)


def _due(connection: sqlite3.Connection, account_id: int, now: int) -> tuple[list[Due], int | None]:
    """What may be told now; nothing while Trakt takes nothing of the account."""
    if accounts.get(connection, account_id).held_reason is not None:
        return [], None
    found = [Due(rating, media) for rating, media in ratings.due(connection, account_id, now, MOST)]
    return found, ratings.next_due(connection, account_id)
