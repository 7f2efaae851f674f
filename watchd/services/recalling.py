"""Recalling: what came in lately and what became of it, as the admin may see it."""

from watchd.clock import Clock
from watchd.model.trace import Trace
from watchd.services.explaining import explained_play
from watchd.store import traces
from watchd.store.database import Database


class Recalling:
    """Reads only."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def recent(self, limit: int, *, source: str | None, fate: str | None, bodies: bool) -> list[Trace]:
        """The newest events first; StoreUnavailable when they cannot be read."""
        return await self._database.read(
            lambda connection: traces.recent(connection, limit, source=source, fate=fate, bodies=bodies)
        )

    async def explained(self, play_id: int) -> dict[str, object] | None:
        """All there is to say about a play, as plain JSON values; None when there is no such play."""
        now = self._clock.now()
        return await self._database.read(lambda connection: explained_play(connection, play_id, now))
