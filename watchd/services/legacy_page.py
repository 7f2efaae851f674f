"""The last plays in the shape of Trakt's first API, with what is kept of each title beside them."""

import sqlite3
from collections.abc import Iterable

from watchd.clock import Clock
from watchd.model.media import Episode, Media, Movie
from watchd.model.personal import Viewing
from watchd.model.pictures import Shot
from watchd.model.watching import NO_ARTWORK, Artwork
from watchd.rules.legacy import LAST, Pictured, legacy_item
from watchd.rules.redirects import Redirects
from watchd.services.artwork import subjects
from watchd.services.pages import encoded
from watchd.store import artwork, history, legacy
from watchd.store.database import Database
from watchd.store.pictures import Subject

_Index = dict[Subject, tuple[str | None, str | None]]


class LegacyPage:
    """No envelope. Nothing is asked of anybody: what is not here is empty. `redirects` says where pictures are."""

    def __init__(self, database: Database, clock: Clock, redirects: Redirects) -> None:
        self._database = database
        self._clock = clock
        self._redirects = redirects

    async def read(self, account_id: int) -> bytes:
        """The whole document."""
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> bytes:
            found = history.viewings(connection, account_id, limit=LAST)
            told = legacy.shows(connection, account_id, _trakt_ids(found))
            index = legacy.pictures(connection, {of for row in found if (of := _subject(row.media)) is not None}, now)
            rows = []
            for row in found:
                show = told.get(row.media.show.ids.trakt or 0, {}) if isinstance(row.media, Episode) else {}
                rows.append(legacy_item(row, show, self._pictured(connection, account_id, row.media, index, now)))
            return f"[{','.join(map(encoded, rows))}]".encode()

        return await self._database.read(work)

    def _pictured(self, connection: sqlite3.Connection, account_id: int, media: Media, index: _Index, now: int) -> Pictured:
        """Of the library's pictures first, else of the card's; a still is the episode's own, else the show's backdrop is."""
        own, *shared = [_fresh(artwork.get(connection, account_id, about), now) for about in subjects(media)]
        card = shared[0] if shared else own
        of = _subject(media)
        poster, backdrop = index.get(of, (None, None)) if of is not None else (None, None)
        posted = self._url(of, poster, backdrop=False) or card.poster or own.poster or ""
        drawn = self._url(of, backdrop, backdrop=True) or card.backdrop or ""
        return Pictured(posted, drawn, own.backdrop or drawn)

    def _url(self, of: Subject | None, path: str | None, *, backdrop: bool) -> str | None:
        return None if of is None or path is None else self._redirects.url(Shot(*of, backdrop, path), large=backdrop)


def _subject(media: Media) -> Subject | None:
    """The movie or show by which its pictures are found."""
    kind, tmdb_id = ("movie", media.ids.tmdb) if isinstance(media, Movie) else ("show", media.show.ids.tmdb)
    return None if tmdb_id is None else (kind, tmdb_id)


def _trakt_ids(found: Iterable[Viewing]) -> set[int]:
    shows = (row.media.show.ids.trakt for row in found if isinstance(row.media, Episode))
    return {trakt_id for trakt_id in shows if trakt_id is not None}


def _fresh(kept: tuple[Artwork, int] | None, now: int) -> Artwork:
    return kept[0] if kept is not None and kept[1] > now else NO_ARTWORK
