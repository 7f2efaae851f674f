"""Batch: what was marked by hand, told to Trakt in one call of the history."""

import sqlite3
from dataclasses import dataclass, replace

from watchd.clients.limiter import Lane
from watchd.clients.rest import Answer
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_bodies import Body, history_item, needs_lookup
from watchd.clients.trakt_bulk import MOST, added, together, unknown
from watchd.clock import Clock
from watchd.errors import UpstreamError
from watchd.model.playback import Play
from watchd.model.relay import Delivery, Verb
from watchd.rules.marks import GATHER
from watchd.rules.plan import HISTORY
from watchd.rules.verdict import Kind, Verdict, of_error
from watchd.services.ahead import write_ahead
from watchd.store import deliveries, plays
from watchd.store.database import Database

_ALONE = Verdict(Kind.LATER, "the answer for several does not tell of each: read back one by one", maybe_done=True)


@dataclass(frozen=True, slots=True)
class Item:
    """A debt of a batch, with its play and how it is told."""

    delivery: Delivery
    play: Play
    body: Body


class Batch:
    """Sends one account's unsent marks. Whatever an answer leaves open is left to the way of single deliveries."""

    def __init__(self, account_id: int, database: Database, clock: Clock, trakt: TraktClient) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._trakt = trakt

    async def gather(self) -> list[Item]:
        """The marks to send together: those that are due, and those that were gathering with them."""
        until = self._clock.now() + GATHER

        def work(connection: sqlite3.Connection) -> list[tuple[Delivery, Play | None]]:
            owed = deliveries.unsent_marks(connection, self._account_id, until, MOST)
            return [(delivery, plays.get(connection, delivery.play_id)) for delivery in owed]

        offset = self._trakt.offset_ms or 0
        found = await self._database.read(work)
        told = [
            (delivery, play, history_item(play.media, delivery.at + offset))
            for delivery, play in found
            if play is not None and not needs_lookup(play.media)
        ]
        return [Item(delivery, play, body) for delivery, play, body in told if body is not None]

    async def send(self, items: list[Item]) -> list[Verdict]:
        """Tell of all of them in one call and return a verdict for each; Overtaken when one was settled meanwhile."""
        ahead = write_ahead(self._database, self._clock, [item.delivery for item in items], HISTORY)
        try:
            answer = await self._trakt.add_history(together([item.body for item in items]), Lane.LATE, ahead)
        except UpstreamError as error:
            return [_of_all(of_error(Verb.WATCHED, error))] * len(items)
        return _of_each(items, answer)


def _of_each(items: list[Item], answer: Answer) -> list[Verdict]:
    missing = unknown([item.body for item in items], answer.data)
    if added(answer.data) + len(missing) != len(items):
        return [_ALONE] * len(items)
    done = Verdict(Kind.DELIVERED, "added to the history", answer.status)
    lost = Verdict(Kind.UNIDENTIFIED, "Trakt does not know the item", answer.status)
    return [lost if number in missing else done for number in range(len(items))]


def _of_all(verdict: Verdict) -> Verdict:
    """Trouble with the account or the connection is that of each; what may be the fault of one of them is not."""
    if verdict.kind in (Kind.LATER, Kind.HELD):
        return verdict
    return replace(_ALONE, reason=f"several at once were refused ({verdict.status}): one by one", status=verdict.status)
