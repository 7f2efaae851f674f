"""ArtworkFinder: pictures for the card, out of memory at once, out of SQLite or TMDB in the background."""

import sqlite3
from dataclasses import replace

import structlog

from watchd.clients.tmdb import TmdbClient
from watchd.clock import DAY, HOUR, MINUTE, Clock
from watchd.errors import StoreUnavailable, UpstreamError
from watchd.model.media import Media, Movie
from watchd.model.pictures import Picture, Pictures
from watchd.model.watching import NO_ARTWORK, Artwork
from watchd.rules import artwork as rules
from watchd.services.show_ids import show_of
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.wanted import Wanted
from watchd.store import artwork
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

LIFETIME = 150 * DAY
"""TMDB's terms allow less than six months."""
NOTHING_LIFETIME = 12 * HOUR
_RETRY = 2 * MINUTE
_MOST = 2_000

_Kept = tuple[Artwork, int]


class ArtworkFinder:
    """Answers `known` from memory; what is missing is found by `run`, and `found(account)` is called when it is there."""

    def __init__(
        self, database: Database, clock: Clock, tmdb: TmdbClient | None, metrics: Metrics, image_url: str, language: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._tmdb = tmdb
        self._image_url = image_url
        self._language = language.partition("-")[0]  # pictures know no regions
        self._metrics = metrics
        self._memory: dict[tuple[int, str], _Kept] = {}
        self._wanted: Wanted[tuple[int, Media]] = Wanted(clock, _RETRY)

    def known(self, account_id: int, media: Media) -> Artwork:
        """What there is by now; never waits."""
        kept = _fitting([self._memory.get((account_id, about)) for about in subjects(media)])
        return kept[0] if kept is not None else NO_ARTWORK

    def want(self, account_id: int, media: Media) -> None:
        """See to it that the pictures of a media are there soon."""
        kept = _fitting([self._memory.get((account_id, about)) for about in subjects(media)])
        if kept is None or kept[1] < self._clock.now():
            self._wanted.add((account_id, media))

    async def find_next(self) -> int:
        """Find the pictures of the next wanted media; return whose they are."""
        account_id, media = await self._wanted.next()
        try:
            await self.find(account_id, media)
        except UpstreamError as error:
            log.info("artwork.not_found", error=str(error))
        except StoreUnavailable:
            log.warning("artwork.not_kept")
        except UNFORESEEN:
            log.exception("artwork.failed")
            self._metrics.internal_errors.labels("artwork").inc()
        return account_id

    async def find(self, account_id: int, media: Media) -> Artwork:
        """The pictures of a media from SQLite while they are fresh, else from TMDB; UpstreamError when that fails."""
        own, *shared = subjects(media)
        now = self._clock.now()
        kept = await self._kept(account_id, media)
        if kept is not None and kept[1] > now:
            self._remember(account_id, own, kept)
            return kept[0]
        if self._tmdb is None:
            return kept[0] if kept is not None else NO_ARTWORK
        pictures, still = await self._ask(self._tmdb, media)
        about = own if still or pictures.backdrop is None or not shared else shared[0]
        until = now + (LIFETIME if pictures != NO_ARTWORK else NOTHING_LIFETIME)
        self._remember(account_id, about, (pictures, until))
        await self._database.write(lambda connection: artwork.put(connection, account_id, about, pictures, now, until))
        return pictures

    async def _kept(self, account_id: int, media: Media) -> _Kept | None:
        return await self._database.read(
            lambda connection: _fitting([artwork.get(connection, account_id, about) for about in subjects(media)])
        )

    async def prune_daily(self) -> None:
        """Forget every day what is past its lifetime; never returns."""
        while True:
            wait = DAY
            try:
                await self.prune()
            except (StoreUnavailable, sqlite3.Error):
                log.warning("artwork.not_pruned")
                wait = HOUR
            await self._clock.sleep(wait / 1000)

    async def prune(self) -> int:
        """Forget what is past its lifetime."""
        now = self._clock.now()
        return await self._database.write(lambda connection: artwork.prune(connection, now))

    def _remember(self, account_id: int, about: str, kept: _Kept) -> None:
        if len(self._memory) >= _MOST:
            self._memory.clear()
        self._memory[(account_id, about)] = kept

    async def _ask(self, tmdb: TmdbClient, media: Media) -> tuple[Artwork, bool]:
        """The pictures, and whether one of them is a still of this episode alone."""
        if isinstance(media, Movie):
            movie_id = media.ids.tmdb
            if movie_id is None and media.ids.imdb is not None:
                movie_id = (await tmdb.find(media.ids.imdb, "imdb_id")).movie
            return (self._chosen(await tmdb.movie_images(movie_id)) if movie_id is not None else NO_ARTWORK), False
        show_id = await show_of(tmdb, media)
        if show_id is None:
            return NO_ARTWORK, False
        chosen = self._chosen(await tmdb.tv_images(show_id))
        poster = None
        if media.season is not None:
            season = await tmdb.season_images(show_id, media.season)
            poster = rules.best_poster(season.posters, self._language) if season is not None else None
        if chosen.backdrop is None and media.season is not None and media.number is not None:
            stills = await tmdb.episode_images(show_id, media.season, media.number)
            still = rules.best_backdrop(stills.stills, self._language) if stills is not None else None
            if still is not None:
                return rules.still_artwork(self._image_url, still, poster), True
        if poster is None:
            return chosen, False
        return replace(chosen, poster=self._urls(None, poster).poster), False

    def _chosen(self, found: Pictures | None) -> Artwork:
        if found is None:
            return NO_ARTWORK
        return self._urls(
            rules.best_backdrop(found.backdrops, self._language), rules.best_poster(found.posters, self._language)
        )

    def _urls(self, backdrop: Picture | None, poster: Picture | None) -> Artwork:
        return rules.artwork(self._image_url, backdrop, poster)


def subjects(media: Media) -> list[str]:
    """What the pictures may be of, by the best id there is: a movie; an episode, then the season of the show it is in.

    An episode of a show without ids is found by its own, which are of another kind than those of shows.
    """
    if isinstance(media, Movie):
        return [f"movie:{_best(media.ids.askable(), media.title)}"]
    if media.ids and not media.show.ids:
        return [f"episode:{_best(media.ids.askable(), None)}"]
    season = f"show:{_best(media.show.ids.askable(), media.show.title)}:{media.season}"
    return [season] if media.number is None else [f"{season}:{media.number}", season]


def _fitting(kept: list[_Kept | None]) -> _Kept | None:
    """The media's own pictures, else those it shares; a season without a backdrop says nothing of an episode's still."""
    own, *shared = kept
    return own or next((item for item in shared if item is not None and item[0].backdrop is not None), None)


def _best(ids: list[tuple[str, int | str]], title: str | None) -> str:
    named = dict(ids)
    for name in ("tmdb", "imdb", "tvdb", "trakt", "slug"):
        if name in named:
            return f"{name}:{named[name]}"
    return f"title:{title}"
