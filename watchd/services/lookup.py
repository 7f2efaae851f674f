"""Lookup: what Trakt knows of a media beyond what its source told: its Trakt id, its runtime."""

import sqlite3
from collections.abc import Callable

import structlog

from watchd.clients.limiter import Lane
from watchd.clients.trakt import TraktClient
from watchd.clock import HOUR, Clock
from watchd.errors import WatchdError
from watchd.model.media import Episode, Media, MediaType, Movie, Show
from watchd.model.playback import Play
from watchd.rules.media import fold, merged
from watchd.services.merging import learn
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.wanted import Wanted
from watchd.store import medias, plays
from watchd.store.database import Database

log = structlog.get_logger()

_AGAIN = HOUR
_SEASONS = 40


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
            except UNFORESEEN as error:
                log.exception("lookup.quarantined", error=type(error).__name__)

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

    async def resolve(self, play: Play, lane: Lane = Lane.LATE) -> Media | None:
        """A play's media with its Trakt id, looked up if need be; None when Trakt knows no such. UpstreamError as it comes."""
        if play.media.ids.trakt is not None:
            return play.media
        told = await self._identify(play.media, lane)
        if told is None or told.ids.trakt is None:
            return None
        return await self.learn(play, told)

    async def named(self, media: Media, lane: Lane = Lane.LATE) -> Media | None:
        """A media with its Trakt id, looked up and written down; None when Trakt knows no such. UpstreamError as it comes."""
        told = await self._identify(media, lane)
        if told is None:
            return None
        await self._learn(media, told)
        return merged(media, told)

    async def learn(self, play: Play, told: Media) -> Media:
        """Add what Trakt told of a play's media, merging it with others it turns out to be; return all that is known of it."""
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> Media:
            current = plays.get(connection, play.id) or play  # its media may have been merged into another since it was read
            _, full = learn(connection, self._account_id, current.media_id, merged(current.media, told), now)
            return full

        full = await self._database.write(work)
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
        for name, value in media.ids.askable():
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
        """By the show's ids and the numbers, else by its own ids; a title is believed only where these tell nothing."""
        show = await self._show_by_id(media.show, lane) if _placeable(media) else None
        found = await self._placed(show, media, lane) if show is not None else None
        if found is not None:
            return found
        for name, value in media.ids.askable():
            known = await self._trakt.find(name, value, MediaType.EPISODE, lane)
            if known is not None:
                return known
        if media.show.ids.askable() or not _placeable(media):
            return None
        show = await self._show_by_title(media.show, lane)
        return await self._placed(show, media, lane) if show is not None else None

    async def _placed(self, show: Show, media: Episode, lane: Lane) -> Episode | None:
        """By season and number, else by the absolute number: anime sites count on through what Trakt splits into seasons."""
        found = None
        if media.season is not None and media.number is not None:
            found = await self._numbered(show, media.season, media.number, lane)
        if found is None and media.number_abs is not None:
            found = await self._absolute(show, media.number_abs, lane)
        return found

    async def _absolute(self, show: Show, number_abs: int, lane: Lane) -> Episode | None:
        """The episode of that absolute number: a season's first episode tells from which one on the season runs."""
        place: tuple[int, int] | None = None
        for season in range(1, _SEASONS + 1):
            first = await self._numbered(show, season, 1, lane)
            if first is None or first.number_abs is None or first.number_abs > number_abs:
                break
            place = season, number_abs - first.number_abs + 1
        found = await self._numbered(show, *place, lane) if place is not None else None
        return found if found is not None and found.number_abs == number_abs else None

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

    async def _show_by_id(self, show: Show, lane: Lane) -> Show | None:
        if show.ids.trakt or show.ids.slug:
            return show
        for name, value in show.ids.askable():
            found = await self._trakt.find_show(name, value, lane)
            if found is not None:
                return found
        return None

    async def _show_by_title(self, show: Show, lane: Lane) -> Show | None:
        """The show of that title and year; without a year only if it is the one show of that title."""
        if not show.title:
            return None
        candidates = await self._trakt.search_shows(show.title, show.year, lane)
        named = [item for item in candidates if fold(item.title) == fold(show.title) and show.year in (None, item.year)]
        return named[0] if named and (show.year is not None or len(named) == 1) else None


def _placeable(media: Episode) -> bool:
    """Whether there are numbers by which an episode is found in its show."""
    return (media.season is not None and media.number is not None) or media.number_abs is not None
