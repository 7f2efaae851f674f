"""Survey: of which movies and shows the library is made, so that their pictures are fetched before anybody asks."""

import sqlite3
from functools import partial

import anyio
import structlog

from watchd.clock import DAY, Clock
from watchd.errors import StoreUnavailable
from watchd.services.pictures import Pictures
from watchd.services.waiting import sleep_or
from watchd.store import pictures
from watchd.store.database import Database
from watchd.store.pictures import Subject

log = structlog.get_logger()

_LOOK_EVERY = 300.0
_REST = 30.0
_PAGE = 500
_AT_ONCE = 50
_LONGEST_ID = 2**31


class Survey:
    """Looks for what is new when woken, and once a day at all of it, so that what left the library is not asked for again."""

    def __init__(self, database: Database, clock: Clock, known: Pictures) -> None:
        self._database = database
        self._clock = clock
        self._known = known
        self._shelves: dict[tuple[int, str], int] = {}
        self._whole_at: int | None = None
        self._news = anyio.Event()

    def wake(self) -> None:
        """There may be something new in the library."""
        self._news.set()

    async def run(self) -> None:
        """Look now and then; never returns."""
        while True:
            self._news = anyio.Event()
            try:
                await self.look()
            except (StoreUnavailable, sqlite3.Error):
                log.warning("survey.store_unavailable")
            await self._clock.sleep(_REST)
            await sleep_or(self._clock, _LOOK_EVERY, self._news)

    async def look(self) -> None:
        """Tell of what is in the library and not known to be."""
        now = self._clock.now()
        whole = self._whole_at is None or now - self._whole_at >= DAY
        for kind in ("movie", "show"):
            await self._played(kind, whole=whole)
        shelves = await self._database.read(pictures.shelves)
        for key, generation in shelves.items():
            if whole or self._shelves.get(key) != generation:
                await self._listed(*key, generation, whole=whole)
        self._shelves = shelves
        if whole:
            self._whole_at = now
            await self._known.reload()  # what is past its lifetime is shown no longer

    async def _played(self, kind: str, *, whole: bool) -> None:
        after = ""
        while values := await self._database.read(partial(pictures.played, kind=kind, after=after, limit=_PAGE)):
            await self._tell([(kind, int(value)) for value in values if value.isdecimal()], whole=whole)
            after = values[-1]

    async def _listed(self, account_id: int, section: str, generation: int, *, whole: bool) -> None:
        after = -1
        while True:
            found = await self._database.read(
                partial(
                    pictures.listed, account_id=account_id, section=section, generation=generation, after=after, limit=_PAGE
                )
            )
            if found is None:
                return
            after, subjects = found
            await self._tell(subjects, whole=whole)

    async def _tell(self, subjects: list[Subject], *, whole: bool) -> None:
        fitting = [subject for subject in dict.fromkeys(subjects) if 0 < subject[1] < _LONGEST_ID]
        new = [subject for subject in fitting if whole or not self._known.knows(subject)]
        for first in range(0, len(new), _AT_ONCE):
            await self._known.learn(new[first : first + _AT_ONCE], patient=True)
