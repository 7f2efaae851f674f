"""Readback: has Trakt this outcome already? Asked before anything that might make a second row of it."""

import sqlite3

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_items import TraktHistoryRow
from watchd.clock import SECOND
from watchd.model.media import Media
from watchd.model.playback import Origin, Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules import claims
from watchd.rules.claims import Row
from watchd.rules.plan import NEAR, in_sitting, read_window
from watchd.store import deliveries, plays, reconciling
from watchd.store.database import Database


class Readback:
    """Finds the row of the history that is an outcome's own, leaving to other plays what is theirs."""

    def __init__(self, database: Database, trakt: TraktClient) -> None:
        self._database = database
        self._trakt = trakt

    @property
    def offset(self) -> int:
        """Trakt's time less ours, in ms."""
        return self._trakt.offset_ms or 0

    async def find(self, delivery: Delivery, play: Play, media: Media, now: int) -> int | None:
        """The history id of the delivery's outcome, None when Trakt has none; `media` carries the Trakt id."""
        rows = await self._rows(delivery, play, media, now)
        if not rows:
            return None
        return await self._database.read(lambda connection: self._ours(connection, rows, delivery, play, now))

    async def conflict(
        self, delivery: Delivery, play: Play, media: Media, watched_at: int, now: int
    ) -> tuple[bool, int | None]:
        """Whether a scrobble of `watched_at` (Trakt's time) is this sitting's, and its history id where it can be read."""
        rows = await self._rows(delivery, play, media, now)
        moment = watched_at - self.offset
        if not in_sitting(play, moment, now):
            return False, None
        found = await self._database.read(lambda connection: self._ours(connection, rows, delivery, play, now, near_to=moment))
        if found is not None:
            return True, found
        others = await self._database.read(lambda connection: plays.of_media(connection, play.media_id, most=plays.EVERY))
        told = any(abs(row.watched_at - self.offset - moment) <= NEAR for row in rows)
        return not told and not claims.taken(play, others, moment), None

    async def _rows(self, delivery: Delivery, play: Play, media: Media, now: int) -> list[TraktHistoryRow]:
        if media.ids.trakt is None:
            return []
        start, end = read_window(delivery, play)
        if play.origin is Origin.CHECKIN:
            start, end = min(start, play.started_at), max(end, now)
        assumed = self.offset
        rows = await self._trakt.history(media.type, media.ids.trakt, start + assumed, end + assumed, Lane.LATE)
        if abs(self.offset - assumed) < SECOND * 5:
            return rows
        # The first answer since the start told us how Trakt's clock goes: that was another window.
        return await self._trakt.history(media.type, media.ids.trakt, start + self.offset, end + self.offset, Lane.LATE)

    def _ours(
        self,
        connection: sqlite3.Connection,
        rows: list[TraktHistoryRow],
        delivery: Delivery,
        play: Play,
        now: int,
        *,
        near_to: int | None = None,
    ) -> int | None:
        """The row that is the delivery's own, `near_to` a moment of our time where one is given."""
        told = [
            Row(row.id, row.watched_at - self.offset, reconciling.local_claimant(connection, play.account_id, row.id))
            for row in rows
        ]
        others = plays.of_media(connection, play.media_id, most=plays.EVERY)
        awaiting = [other for other in others if _awaits(connection, play, other)]
        return claims.ours(told if near_to is None else claims.near(told, near_to), delivery, play, awaiting, now)


def _awaits(connection: sqlite3.Connection, play: Play, other: Play) -> bool:
    """Whether Trakt has a row of the other play which we could not name yet."""
    if other.id == play.id or other.watched_at is None or other.trakt_history_id is not None:
        return False
    owed = deliveries.of_play(connection, other.id)
    return any(item.verb is Verb.WATCHED and item.state is DeliveryState.DELIVERED for item in owed)
