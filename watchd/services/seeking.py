"""Seeking: the row of Trakt's history that a deleted play became, where no answer had told its id."""

from watchd.clock import DAY
from watchd.model.playback import Play, PlayState
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.rules.plan import read_window
from watchd.services.lookup import Lookup
from watchd.services.readback import Readback
from watchd.store import medias, removals
from watchd.store.database import Database
from watchd.store.removals import Removal


class Seeking:
    """Looks for rows by the rules by which a delivery finds its own, leaving to other plays what is theirs."""

    def __init__(self, database: Database, lookup: Lookup, readback: Readback) -> None:
        self._database = database
        self._lookup = lookup
        self._readback = readback

    async def find(self, removal: Removal) -> int | None:
        """The history id, None when there is no such row; UpstreamError as it comes."""
        media = removal.media if removal.media.ids.trakt is not None else await self._lookup.named(removal.media)
        if media is None or media.ids.trakt is None:
            return None
        known = await self._database.read(lambda connection: medias.known(connection, removal.account_id, media))
        play, delivery = _as_it_was(removal, known or 0)
        start, end = read_window(delivery, play)
        brought = await self._database.read(lambda connection: removals.brought(connection, removal, known or 0, start, end))
        if brought is not None:
            return brought
        last = max(removal.last_sent_at or 0, removal.watched_at or 0, removal.started_at)
        found = await self._readback.find(delivery, play, media, min(removal.deleted_at, last + DAY))
        if found is None:
            return None
        gone = await self._database.read(lambda connection: removals.removed(connection, removal.account_id, found))
        return None if gone else found


def _as_it_was(removal: Removal, media_id: int) -> tuple[Play, Delivery]:
    moment = removal.watched_at or removal.started_at
    play = Play(
        id=0,
        account_id=removal.account_id,
        media_id=media_id,
        media=removal.media,
        state=PlayState.STOPPED,
        origin=removal.origin,
        source="",
        player="",
        started_at=removal.started_at,
        updated_at=moment,
        watched_at=removal.watched_at,
        ended_at=moment,
    )
    delivery = Delivery(
        id=0,
        account_id=removal.account_id,
        play_id=0,
        destination=TRAKT,
        seq=0,
        verb=Verb.WATCHED,
        state=DeliveryState.SENT,
        at=moment,
        progress=100.0,
        attempts=1,
        first_sent_at=removal.first_sent_at,
        last_sent_at=removal.last_sent_at,
    )
    return play, delivery
