"""Airing: when the episodes of watched and wished-for shows air, asked of TMDB in the background."""

import sqlite3
from collections.abc import Callable
from functools import partial

import anyio
import structlog

from watchd.clients.tmdb import TmdbClient
from watchd.clock import DAY, Clock
from watchd.errors import StoreUnavailable, UpstreamError
from watchd.model.aired import Part, ShowTold
from watchd.rules import aired as rules
from watchd.services.show_ids import ShowIds
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import aired, pictures
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

MOST = 20_000
_FORGOTTEN = 7 * DAY
_AT_ONCE = 8
_PAGE = 500
_LOOK_EVERY, _REST = 300.0, 30.0
_FETCH_EVERY = 60.0
_TROUBLE, _LONGEST_TROUBLE = 30.0, 600.0
_LARGEST_ID = 2**31
_SHELF = "watchlist"

Told = tuple[ShowTold | None, dict[int, list[Part]], bool]


class Airing:
    """Whoever reads looks into the store: nobody waits for TMDB. `changed()` is called when something else is told."""

    def __init__(
        self, database: Database, clock: Clock, tmdb: TmdbClient | None, metrics: Metrics, *, changed: Callable[[], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._tmdb = tmdb
        self._metrics = metrics
        self._changed = changed
        self._show_ids = ShowIds(database, clock, tmdb, metrics)
        self._news = anyio.Event()
        self._found = anyio.Event()
        self._new = False
        self._swept_at: int | None = None
        self._trouble = 0.0
        self._reason: str | None = None
        self._standing = dict.fromkeys(("told", "none", "waiting", "failing"), 0)

    def wake(self) -> None:
        """There may be something new in the library."""
        self._news.set()

    def progress(self) -> dict[str, object]:
        """For the status: how many shows were told of, are unknown to TMDB, wait, and failed; and why the last one did."""
        return {"tmdb": self._tmdb is not None, **self._standing, "reason": self._reason}

    async def run(self) -> None:
        """Look at the library and ask what is due; never returns."""
        if self._tmdb is None:
            return
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._look_often)
            tasks.start_soon(self._fetch_often)

    async def _look_often(self) -> None:
        while True:
            self._news = anyio.Event()
            try:
                await self.look()
            except (StoreUnavailable, sqlite3.Error):
                log.warning("airing.store_unavailable")
            await self._clock.sleep(_REST)
            await sleep_or(self._clock, _LOOK_EVERY, self._news)

    async def _fetch_often(self) -> None:
        while True:
            self._found = anyio.Event()
            wait = _FETCH_EVERY
            try:
                if await self.fetch_due():
                    wait = self._trouble
            except (StoreUnavailable, sqlite3.Error):
                log.warning("airing.store_unavailable")
            if wait:
                self._tell()
                await sleep_or(self._clock, wait, anyio.Event() if self._trouble else self._found)

    def _tell(self) -> None:
        if self._new:
            self._new = False
            self._changed()

    async def look(self) -> None:
        """Take on the shows that somebody watches or wishes for, and give up those that nobody has any more."""
        if await self._show_ids.look():
            self._changed()
        now = self._clock.now()
        new, after = 0, ""
        while values := await self._database.read(partial(pictures.played, kind="show", after=after, limit=_PAGE)):
            new += await self._learn([int(value) for value in values if value.isdecimal()], now)
            after = values[-1]
        for (account_id, section), generation in (await self._database.read(pictures.shelves)).items():
            if section == _SHELF:
                new += await self._listed(account_id, generation, now)
        if self._swept_at is None or not 0 <= now - self._swept_at < DAY:
            await self._database.write(
                lambda connection: aired.forget(connection, now, now - _FORGOTTEN, now - rules.LIFETIME), patient=True
            )
            self._swept_at = now
        await self._show()
        if new:
            self._found.set()

    async def _listed(self, account_id: int, generation: int, now: int) -> int:
        after, new = -1, 0
        while found := await self._database.read(
            partial(pictures.listed, account_id=account_id, section=_SHELF, generation=generation, after=after, limit=_PAGE)
        ):
            after, subjects = found
            new += await self._learn([tmdb_id for kind, tmdb_id in subjects if kind == "show"], now)
        return new

    async def _learn(self, shows: list[int], now: int) -> int:
        fitting = [one for one in shows if 0 < one < _LARGEST_ID]
        news = await self._database.read(lambda connection: aired.news(connection, fitting, now))
        if not news:
            return 0
        return await self._database.write(lambda connection: aired.learn(connection, news, now, MOST), patient=True)

    async def fetch_due(self) -> int:
        """Ask for some of what is due; return how much of it there was."""
        tmdb = self._tmdb
        if tmdb is None:
            return 0
        now = self._clock.now()
        batch = await self._database.read(lambda connection: aired.due(connection, now, _AT_ONCE))
        kept = await self._database.read(lambda connection: {one: aired.parts(connection, one) for one, _ in batch})
        found: dict[int, Told] = {}
        async with anyio.create_task_group() as tasks:
            for tmdb_id, whole_at in batch:
                tasks.start_soon(self._ask, tmdb, tmdb_id, kept[tmdb_id], whole_at, found)
        good = {tmdb_id for tmdb_id, told in found.items() if await self._keep(tmdb_id, told)}
        failed = [tmdb_id for tmdb_id, _ in batch if tmdb_id not in good]
        if failed:
            await self._database.write(lambda connection: _postpone(connection, failed, now))
        elif batch:
            self._reason = None
        self._trouble = min(_LONGEST_TROUBLE, max(_TROUBLE, self._trouble * 2)) if batch and not good else 0.0
        if batch:
            await self._show()
        return len(batch)

    async def _ask(
        self, tmdb: TmdbClient, tmdb_id: int, kept: list[Part], whole_at: int | None, found: dict[int, Told]
    ) -> None:
        try:
            told, now = await tmdb.show(tmdb_id), self._clock.now()
            wanted = [] if told is None else rules.to_read(told, kept, now, whole_at)
            seasons = {number: await tmdb.season(tmdb_id, number) for number in wanted}
            found[tmdb_id] = told, seasons, rules.is_whole(now, whole_at)
        except UpstreamError as error:
            self._reason = str(error)
            log.info("airing.not_told", error=str(error))
        except UNFORESEEN as error:
            log.exception("airing.failed")
            self._unforeseen(error)

    async def _keep(self, tmdb_id: int, told: Told) -> bool:
        """Write it down; False for what the store will not take, which is tried again as what TMDB will not tell."""
        show, seasons, whole = told
        now = self._clock.now()
        due_at = rules.again(show, now)
        try:
            self._new |= await self._database.write(
                lambda connection: aired.put(connection, tmdb_id, show, seasons, now, due_at, whole=whole), patient=True
            )
        except UNFORESEEN as error:
            log.exception("airing.failed")
            self._unforeseen(error)
            return False
        return True

    def _unforeseen(self, error: Exception) -> None:
        self._reason = f"an unforeseen error ({type(error).__name__})"
        self._metrics.internal_errors.labels("airing").inc()

    async def _show(self) -> None:
        self._standing = await self._database.read(aired.standing)
        for state, count in self._standing.items():
            self._metrics.aired.labels(state).set(count)


def _postpone(connection: sqlite3.Connection, shows: list[int], now: int) -> None:
    for tmdb_id in shows:
        aired.postpone(connection, tmdb_id, rules.retry(aired.tries(connection, tmdb_id) + 1, now))
