"""ShowIds: TMDB's ids of shows that sources know by other ids, or by nothing but the ids of their episodes."""

from collections import Counter
from functools import partial

import structlog

from watchd.clients.tmdb import TmdbClient
from watchd.clock import DAY, Clock
from watchd.errors import UpstreamError
from watchd.model.media import Episode
from watchd.rules.aired import LIFETIME
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import found_shows
from watchd.store.database import Database
from watchd.store.found_shows import Name, Unnamed
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_PAGE = 200
_LARGEST_ID = 2**31
_TRIES = 3
"""How many episodes of one show are asked for before it counts as unknown."""
_AGAIN = 30 * DAY


class ShowIds:
    """What TMDB says stays beside what the sources told: pictures, progress and the calendar go by it, no relay does."""

    def __init__(self, database: Database, clock: Clock, tmdb: TmdbClient | None, metrics: Metrics) -> None:
        self._database = database
        self._clock = clock
        self._tmdb = tmdb
        self._metrics = metrics
        self._after = 0
        self._swept_at: int | None = None

    async def look(self) -> int:
        """Ask for what is new, one episode of each show; return how many shows were found. A failure is left for the next."""
        if self._tmdb is None:
            return 0
        await self._sweep()
        known: set[Name] = set()
        tries: Counter[Name] = Counter()
        for name, good in await self._database.read(found_shows.asked):
            if name is not None:
                tries[name] += 1
                if good:
                    known.add(name)
        found = 0
        while some := await self._database.read(partial(found_shows.unnamed, after=self._after, limit=_PAGE)):
            for one in some:
                if one.name is None or (one.name not in known and tries[one.name] < _TRIES):
                    try:
                        tmdb_id = await self._ask(self._tmdb, one)
                    except UpstreamError as error:
                        log.info("show_ids.not_told", error=str(error))
                        return found
                    found += tmdb_id is not None
                    if one.name is not None:
                        tries[one.name] += 1
                        if tmdb_id is not None:
                            known.add(one.name)
                self._after = one.media_id
        return found

    async def _sweep(self) -> None:
        """Once a day everything is looked at again: a row may have got ids, and TMDB may have learned."""
        now = self._clock.now()
        if self._swept_at is not None and 0 <= now - self._swept_at < DAY:
            return
        await self._database.write(
            lambda connection: found_shows.forget(connection, now - _AGAIN, now - LIFETIME), patient=True
        )
        self._after, self._swept_at = 0, now

    async def _ask(self, tmdb: TmdbClient, one: Unnamed) -> int | None:
        """TMDB's id of the show, kept; None, kept too, when it knows none or an error nobody foresaw came up."""
        tmdb_id = None
        try:
            tmdb_id = await show_of(tmdb, one.episode)
        except UNFORESEEN:
            log.exception("show_ids.failed")
            self._metrics.internal_errors.labels("airing").inc()
        if tmdb_id is not None and not 0 < tmdb_id < _LARGEST_ID:
            tmdb_id = None
        now = self._clock.now()
        await self._database.write(lambda connection: found_shows.put(connection, one.media_id, tmdb_id, now), patient=True)
        return tmdb_id


async def show_of(tmdb: TmdbClient, episode: Episode) -> int | None:
    """TMDB's id of an episode's show: told, or found by another id of the show or of the episode. UpstreamError as it comes."""
    ids = episode.show.ids
    if ids.tmdb is not None:
        return ids.tmdb
    for value, source in ((ids.imdb, "imdb_id"), (ids.tvdb, "tvdb_id")):
        if value is not None and (found := (await tmdb.find(value, source)).show) is not None:
            return found
    for value, source in ((episode.ids.imdb, "imdb_id"), (episode.ids.tvdb, "tvdb_id")):
        if value is not None and (place := (await tmdb.find(value, source)).episode) is not None:
            return place[0]
    return None
