"""Pictures: posters and backdrops of the whole library, answered from memory, fetched from TMDB in the background."""

import sqlite3
from collections import deque
from functools import partial

import anyio
import structlog

from watchd.clients.tmdb import TmdbClient
from watchd.clock import DAY, MINUTE, Clock
from watchd.errors import StoreUnavailable, UpstreamError
from watchd.model.pictures import Offer, Shot
from watchd.rules import artwork as rules
from watchd.services.album import Album
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import pictures
from watchd.store.database import Database
from watchd.store.pictures import Subject
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

LIFETIME = 150 * DAY
"""TMDB's terms allow less than six months."""
NOTHING_LIFETIME = DAY
RETRY = 10 * MINUTE
_FORGOTTEN = 7 * DAY
_AHEAD = 5 * DAY
_AT_ONCE = 8
_MOST_URGENT = 100
_LOOK_EVERY = 60.0
_TROUBLE, _LONGEST_TROUBLE = 30.0, 600.0

Rows = list[tuple[int, str | None, str | None]]


class Pictures:
    """`find` never asks TMDB: what is known and not here yet is put before the rest of what `run` fetches."""

    def __init__(
        self, database: Database, clock: Clock, tmdb: TmdbClient | None, metrics: Metrics, album: Album, language: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._tmdb = tmdb
        self._metrics = metrics
        self._album = album
        self._language = language.partition("-")[0]  # pictures know no regions
        self._urgent: deque[Subject] = deque(maxlen=_MOST_URGENT)
        self._tried: dict[Subject, int] = {}
        self._reason: str | None = None
        self._news = anyio.Event()
        self._trouble = 0.0

    def kept(self, kind: str, tmdb_id: int, season: int | None, *, backdrop: bool) -> Shot | None:
        """The picture, if it is here."""
        return self._album.shot(kind, tmdb_id, season, backdrop=backdrop)

    async def soon(self, kind: str, tmdb_id: int) -> bool:
        """Whether something of the library is not fetched yet; if so, it comes before the rest."""
        subject = (kind, tmdb_id)
        if self._tmdb is None or self._album.fetched(subject):
            return False
        if not self._album.knows(subject):
            if self._album.full or not await self._database.read(partial(pictures.is_played, subject=subject)):
                return False
            await self.learn([subject])
        if self._tried.get(subject, 0) <= self._clock.now() and subject not in self._urgent:
            self._urgent.append(subject)
            self._news.set()
        return True

    def random_backdrop(self) -> Shot | None:
        """Any backdrop of the library, each as likely as the others."""
        return self._album.any_backdrop()

    async def reload(self) -> dict[str, int]:
        """Read anew what is kept, and return how much that is; nothing without a TMDB key."""
        if self._tmdb is not None:
            now = self._clock.now()
            most = self._album.most
            self._album.fill(await self._database.read(lambda connection: pictures.everything(connection, now, most)))
        self._show()
        return self._album.stats()

    def progress(self) -> dict[str, object]:
        """For the status: `failing` are those of the titles still to be asked for that TMDB did not answer for, and why."""
        standing = self._standing()
        return {"tmdb": self._tmdb is not None, **standing, "reason": self._reason if standing["failing"] else None}

    async def run(self) -> None:
        """Show what is kept, then fetch what is due; never returns."""
        await self._begin()
        while True:
            self._news = anyio.Event()
            wait = _LOOK_EVERY
            try:
                if await self.fetch_due():
                    wait = self._trouble
            except (StoreUnavailable, sqlite3.Error):
                log.warning("pictures.store_unavailable")
            if wait:
                await sleep_or(self._clock, wait, anyio.Event() if self._trouble else self._news)

    async def _begin(self) -> None:
        """What was fetched before the start is there before the library is looked through."""
        try:
            await self.reload()
        except (StoreUnavailable, sqlite3.Error):
            log.warning("pictures.store_unavailable")

    async def fetch_due(self) -> int:
        """Fetch some of what is due, what readers wait for first; return how much of it there was."""
        tmdb = self._tmdb
        if tmdb is None:
            return 0
        now = self._clock.now()
        known = await self._database.read(lambda connection: pictures.due(connection, now, _AT_ONCE))
        gone = [subject for subject, known_at in known if known_at < now - _FORGOTTEN]
        wanted = dict.fromkeys(self._urgent) | {subject: None for subject, _ in known if subject not in gone}
        batch = list(wanted)[:_AT_ONCE]
        for subject in batch:
            if subject in self._urgent:
                self._urgent.remove(subject)
        found: dict[Subject, Rows | None] = {}
        async with anyio.create_task_group() as tasks:
            for subject in batch:
                tasks.start_soon(self._ask, tmdb, subject, found)
        await self._keep(found, gone)
        failed = bool(batch) and all(rows is None for rows in found.values())
        self._trouble = min(_LONGEST_TROUBLE, max(_TROUBLE, self._trouble * 2)) if failed else 0.0
        return len(batch) + len(gone)

    async def _ask(self, tmdb: TmdbClient, subject: Subject, found: dict[Subject, Rows | None]) -> None:
        found[subject] = None
        kind, tmdb_id = subject
        try:
            offer = await (tmdb.movie_offer(tmdb_id) if kind == "movie" else tmdb.tv_offer(tmdb_id))
            found[subject] = self._chosen(offer)
        except UpstreamError as error:
            self._reason = str(error)
            log.info("pictures.not_fetched", kind=kind, error=str(error))
        except UNFORESEEN as error:
            self._reason = f"an unforeseen error ({type(error).__name__})"
            log.exception("pictures.failed", kind=kind)
            self._metrics.internal_errors.labels("pictures").inc()

    def _chosen(self, offer: Offer | None) -> Rows:
        if offer is None:
            return [(pictures.ITSELF, None, None)]
        poster = rules.best_poster(offer.pictures.posters, self._language)
        backdrop = rules.best_backdrop(offer.pictures.backdrops, self._language)
        own = (poster.file_path if poster else offer.poster, backdrop.file_path if backdrop else offer.backdrop)
        return [(pictures.ITSELF, *own), *((season, path, None) for season, path in dict(offer.seasons).items() if season >= 0)]

    async def _keep(self, found: dict[Subject, Rows | None], gone: list[Subject]) -> None:
        now = self._clock.now()
        nothing = [(pictures.ITSELF, None, None)]

        def work(connection: sqlite3.Connection) -> None:
            for subject in gone:
                pictures.forget(connection, subject)
            for subject, rows in found.items():
                if rows is None:
                    pictures.postpone(connection, subject, now + RETRY)
                else:
                    lasts = NOTHING_LIFETIME if rows == nothing else LIFETIME
                    pictures.put(
                        connection, subject, rows, now, now + lasts, now + (lasts if rows == nothing else lasts - _AHEAD)
                    )

        if found or gone:
            await self._database.write(work, patient=True)
        for subject in gone:
            self._album.forget(subject)
        self._tried = {subject: at for subject, at in self._tried.items() if at > now}
        for subject, rows in found.items():
            if rows is None:
                self._tried[subject] = now + RETRY
            else:
                self._album.put(subject, rows)
        self._show()

    def knows(self, subject: Subject) -> bool:
        """Whether it is known to be of the library."""
        return self._album.knows(subject)

    async def learn(self, subjects: list[Subject], *, patient: bool = False) -> None:
        """These are in somebody's library; `patient` when nobody waits for it."""
        now = self._clock.now()
        new = await self._database.write(lambda connection: pictures.learn(connection, subjects, now), patient=patient)
        for subject in new:
            self._album.expect(subject)
        if new:
            self._show()
            self._news.set()

    def _standing(self) -> dict[str, int]:
        counts = self._album.progress()
        failing = sum(1 for subject in self._tried if self._album.knows(subject) and not self._album.fetched(subject))
        return counts | {"waiting": counts["waiting"] - failing, "failing": failing}

    def _show(self) -> None:
        for state, count in self._standing().items():
            self._metrics.pictures.labels(state).set(count)
