"""Readback: has Trakt this outcome already? Asked before anything that might make a second row of it."""

import sqlite3

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_items import TraktHistoryRow
from watchd.clock import SECOND
from watchd.model.media import Media
from watchd.model.playback import Origin, Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.plan import NEAR, fits, fits_sitting, in_sitting, read_window
from watchd.store import deliveries, plays
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
        near = [row for row in rows if abs(row.watched_at - self.offset - moment) <= NEAR]
        found = await self._database.read(lambda connection: self._ours(connection, near, delivery, play, now))
        if found is not None:
            return True, found
        taken = await self._database.read(lambda connection: _taken(connection, play, moment))
        return not taken and not near, None

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
        self, connection: sqlite3.Connection, rows: list[TraktHistoryRow], delivery: Delivery, play: Play, now: int
    ) -> int | None:
        """The nearest fitting row that no other play claims, after the other plays' unknown rows are given to them."""
        left = [row for row in rows if plays.claimant(connection, play.account_id, row.id) in (None, play.id)]
        for other in plays.of_media(connection, play.media_id):
            if other.id != play.id and other.watched_at is not None and _awaits(connection, other):
                nearest = min(left, key=lambda row: abs(self._here(row) - (other.watched_at or 0)), default=None)
                if nearest is not None and abs(self._here(nearest) - other.watched_at) <= NEAR:
                    left.remove(nearest)
        if play.origin is Origin.CHECKIN:
            fitting = [row for row in left if in_sitting(play, self._here(row), now)]
        else:
            fitting = [row for row in left if fits(delivery, self._here(row)) or fits_sitting(delivery, play, self._here(row))]
        nearest = min(fitting, key=lambda row: abs(self._here(row) - delivery.at), default=None)
        return nearest.id if nearest is not None else None

    def _here(self, row: TraktHistoryRow) -> int:
        return row.watched_at - self.offset


def _awaits(connection: sqlite3.Connection, play: Play) -> bool:
    """Whether Trakt has a row of this play which we could not name yet."""
    return play.trakt_history_id is None and any(
        item.verb is Verb.WATCHED and item.state is DeliveryState.DELIVERED for item in deliveries.of_play(connection, play.id)
    )


def _taken(connection: sqlite3.Connection, play: Play, moment: int) -> bool:
    """Whether another play of the same media counted at about that moment."""
    return any(
        other.id != play.id and other.watched_at is not None and abs(other.watched_at - moment) <= NEAR
        for other in plays.of_media(connection, play.media_id)
    )
