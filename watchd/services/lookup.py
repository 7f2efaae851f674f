"""Lookup: what Trakt knows of a media beyond what its source told: its Trakt id, its runtime."""

import sqlite3
from collections.abc import Callable

import structlog

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clock import HOUR, Clock
from watchd.errors import WatchdError
from watchd.model.media import Episode, Media, MediaType, Movie, Show
from watchd.rules.media import fold, merged
from watchd.services.merging import learn
from watchd.services.wanted import Wanted
from watchd.store import medias
from watchd.store.database import Database

log = structlog.get_logger()

_AGAIN = HOUR


class Lookup:
    """One account's lookups; `learned()` is called after a media row has changed."""

    def __init__(
        self, account_id: int, database: Database, trakt: TraktClient, clock: Clock, *, learned: Callable[[], None]
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._trakt = trakt
        self._clock = clock
        self._learned = learned
        self._wanted: Wanted[Media] = Wanted(clock, _AGAIN)

    def want(self, media: Media) -> None:
        """Find out in the background what a card needs and the source did not tell."""
        if media.runtime is None:
            self._wanted.add(media)

    async def run(self) -> None:
        """Look up what is wanted, one at a time; never returns."""
        while True:
            media = await self._wanted.next()
            try:
                await self.complete(media)
            except WatchdError as error:
                log.info("lookup.failed", error=str(error))

    async def complete(self, media: Media) -> None:
        """Find the Trakt id and the runtime of a media and write them down."""
        told = await self._identify(media, Lane.LATE)
        if told is None:
            return
        known = merged(media, told)
        if known.runtime is None and known.ids.trakt is not None:
            if isinstance(known, Movie):
                told = await self._trakt.movie(known.ids.trakt) or told
            elif known.show.ids.trakt is not None and known.season is not None and known.number is not None:
                episode = await self._trakt.episode(known.show.ids.trakt, known.season, known.number)
                told = merged(told, episode) if episode is not None else told
        await self._learn(media, told)

    async def resolve(self, media_id: int, media: Media, lane: Lane = Lane.LATE) -> Media | None:
        """The media with its Trakt id, looked up if need be; None when Trakt does not know it. UpstreamError as it comes."""
        if media.ids.trakt is not None:
            return media
        told = await self._identify(media, lane)
        if told is None or told.ids.trakt is None:
            return None
        return await self.learn(media_id, told)

    async def learn(self, media_id: int, told: Media) -> Media:
        """Add what Trakt told of a media, merging it with others it turns out to be; return all that is known of it."""
        now = self._clock.now()
        _, full = await self._database.write(lambda connection: learn(connection, self._account_id, media_id, told, now))
        self._learned()
        return full

    async def _learn(self, media: Media, told: Media) -> None:
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> None:
            media_id, _, _ = medias.resolve(connection, self._account_id, media)
            learn(connection, self._account_id, media_id, told, now)

        await self._database.write(work)
        self._learned()

    async def _identify(self, media: Media, lane: Lane) -> Media | None:
        if isinstance(media, Movie):
            return await self._identify_movie(media, lane)
        return await self._identify_episode(media, lane)

    async def _identify_movie(self, media: Movie, lane: Lane) -> Media | None:
        for name, value in media.ids.items():
            if name == "slug":
                return await self._trakt.movie(value, lane)
            found = await self._trakt.find(name, value, MediaType.MOVIE, lane)
            if found is not None:
                return found
        if not media.title:
            return None
        for candidate in await self._trakt.search_movies(media.title, media.year, lane):
            if fold(candidate.title) == fold(media.title) and media.year in (None, candidate.year):
                return candidate
        return None

    async def _identify_episode(self, media: Episode, lane: Lane) -> Media | None:
        if media.season is not None and media.number is not None:
            show = await self._identify_show(media.show, lane)
            if show is not None:
                found = await self._numbered(show, media.season, media.number, lane)
                if found is not None:
                    return found
        for name, value in media.ids.items():
            known = await self._trakt.find(name, value, MediaType.EPISODE, lane)
            if known is not None:
                return known
        return None

    async def _numbered(self, show: Show, season: int, number: int, lane: Lane) -> Episode | None:
        show_id = show.ids.trakt or show.ids.slug or show.ids.imdb
        if show_id is None:
            return None
        found = await self._trakt.episode(show_id, season, number, lane)
        return (
            None
            if found is None
            else Episode(
                show=show,
                season=season,
                number=number,
                number_abs=found.number_abs,
                title=found.title,
                ids=found.ids,
                runtime=found.runtime,
            )
        )

    async def _identify_show(self, show: Show, lane: Lane) -> Show | None:
        if show.ids.trakt or show.ids.slug:
            return show
        for name, value in show.ids.items():
            found = await self._trakt.find_show(name, value, lane)
            if found is not None:
                return found
        if not show.title or show.ids:
            return None
        for candidate in await self._trakt.search_shows(show.title, show.year, lane):
            if fold(candidate.title) == fold(show.title) and show.year in (None, candidate.year):
                return candidate
        return None
