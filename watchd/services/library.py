"""Library: personal documents as ready bytes, kept until something changes, the least used given up first."""

import sqlite3
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from itertools import count
from weakref import WeakValueDictionary

import anyio

from watchd.clock import Clock
from watchd.model.personal import Ask, Flowing, Headers, Ready
from watchd.rules.due_sections import HISTORY, HISTORY_FULL
from watchd.rules.redirects import DIRECT, Redirects
from watchd.services.building import Building
from watchd.services.calendar_pages import CalendarPages
from watchd.services.legacy_page import LegacyPage
from watchd.services.pages import Pages, Reader, headers, noted, written
from watchd.services.played_pages import PlayedPages
from watchd.services.rated_pages import RatedPages
from watchd.services.section_pages import Moved, NoList, SectionPages
from watchd.store import accounts, library, shelves
from watchd.store.database import Database

INDEX, LEGACY = "index", "legacy"
_OF_PLAYS = frozenset({"history", "watched", "progress", "stats"})
_UNFINISHED = "Trakt's history was not read to its end yet"
_KEPT = 12 * 1024 * 1024
_OVERHEAD = 512
_LIFE = 300.0  # seconds; for what nobody announces, such as a change made by another process
_TRIES = 3
_MOST_VAST = 1000


@dataclass(frozen=True, slots=True)
class _Shelved:
    document: Ready
    until: float

    @property
    def size(self) -> int:
        return len(self.document.body) + _OVERHEAD


Key = tuple[int, Ask]
Revision = tuple[int, int]


class Library:
    """Nothing is built before it is asked for. `called` gives an account's name.

    `kept` answers from memory at once; `find` builds what is missing: a document once for all who
    wait for it, different ones beside each other.
    """

    def __init__(self, database: Database, clock: Clock, called: Callable[[int], str], redirects: Redirects = DIRECT) -> None:
        self._database = database
        self._clock = clock
        self._called = called
        self._played = PlayedPages(database, clock)
        self._legacy = LegacyPage(database, clock, redirects)
        self._sections = SectionPages(database)
        self._calendar = CalendarPages(database, clock, self._sections)
        self._rated = RatedPages(database, self._sections)
        self._shelf: OrderedDict[Key, _Shelved] = OrderedDict()
        self._size = 0
        self._revisions: dict[int, int] = {}
        self._cleared = 0
        self._numbers = count(1)
        self._building = Building()
        self._doors: WeakValueDictionary[Key, anyio.Lock] = WeakValueDictionary()
        self._vast: set[Key] = set()  # too large to be kept: not even gathered again

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def changed(self, account_id: int) -> None:
        """Something that personal documents of this account show may be another now."""
        self._revisions[account_id] = next(self._numbers)
        for key in [key for key in self._shelf if key[0] == account_id]:
            self._drop(key)
        self._vast = {key for key in self._vast if key[0] != account_id}

    def clear(self) -> None:
        """Keep nothing, and nothing that is being built either."""
        self._cleared = next(self._numbers)
        self._shelf.clear()
        self._vast.clear()
        self._size = 0

    async def named(self, slug: str) -> int | None:
        """The account whose name at Trakt this is."""
        everyone = await self._database.read(accounts.everyone)
        wanted = slug.casefold()
        return next((one.id for one in everyone if one.trakt_slug is not None and one.trakt_slug.casefold() == wanted), None)

    def kept(self, account_id: int, ask: Ask) -> Ready | None:
        """The document, if it is there and still good."""
        shelved = self._shelf.get((account_id, ask))
        if shelved is None:
            return None
        if self._clock.monotonic() >= shelved.until:
            self._drop((account_id, ask))
            return None
        self._shelf.move_to_end((account_id, ask))
        return shelved.document

    async def find(self, account_id: int, ask: Ask) -> Ready | Flowing | None:
        """The document, built if need be; None for a list that does not exist. One that is too large comes as it is read."""
        plain = replace(ask, packed=False)
        door = self._doors.get((account_id, plain)) or anyio.Lock()
        self._doors[account_id, plain] = door
        async with door:
            return await self._found(account_id, ask, plain)

    async def _found(self, account_id: int, ask: Ask, plain: Ask) -> Ready | Flowing | None:
        for _ in range(_TRIES):
            found = self.kept(account_id, ask) or self.kept(account_id, plain)
            if found is not None and found.packed == ask.packed:
                return found
            revision = self._revision(account_id)
            try:
                made = found or await self._made(account_id, plain)
                if isinstance(made, Flowing):
                    return made
                document = await self._building.packed(made) if ask.packed else made
            except Moved:
                continue
            except NoList:
                return None
            if revision == self._revision(account_id):
                self._keep((account_id, plain), made)
                self._keep((account_id, ask), document)
                return document
        return Flowing(*await self._flowing(account_id, plain))  # it changes faster than it is read: as it is at this moment

    async def _made(self, account_id: int, ask: Ask) -> Ready | Flowing:
        key, revision = (account_id, ask), self._revision(account_id)
        if key in self._vast:
            return Flowing(*await self._flowing(account_id, ask))
        made = await self._building.build(lambda: self._flowing(account_id, ask))
        if isinstance(made, Flowing) and revision == self._revision(account_id):
            if len(self._vast) == _MOST_VAST:
                self._vast.clear()
            self._vast.add(key)
        return made

    def _revision(self, account_id: int) -> Revision:
        return self._cleared, self._revisions.get(account_id, 0)

    async def _flowing(self, account_id: int, ask: Ask) -> tuple[AsyncIterator[bytes], Headers]:
        if ask.endpoint == LEGACY:
            return _one(await self._legacy.read(account_id)), ()
        reader = await self._reader(account_id)
        pages = await self._pages(reader, ask)
        return written(pages, ask, reader), headers(pages, ask)

    async def _pages(self, reader: Reader, ask: Ask) -> Pages:
        if ask.endpoint == INDEX:
            return await self._sections.index(reader)
        made = {
            "history": self._played.history,
            "watched": self._played.watched,
            "progress": self._played.progress,
            "stats": self._played.stats,
            "ratings": self._rated.page,
            "calendar": self._calendar.page,
        }.get(ask.endpoint, self._sections.page)
        pages = await made(reader, ask)
        return noted(pages, _UNFINISHED) if reader.unfinished and ask.endpoint in _OF_PLAYS else pages

    async def _reader(self, account_id: int) -> Reader:
        def work(connection: sqlite3.Connection) -> Reader:
            account = accounts.get(connection, account_id)
            synced = shelves.synced_at(connection, account_id) is not None
            known = {section.name for section in library.sections(connection, account_id)}
            begun = account.trakt_uuid is not None or HISTORY in known
            name = account.trakt_slug or self._called(account_id)
            return Reader(account_id, name, synced, begun and HISTORY_FULL not in known)

        return await self._database.read(work)

    def _keep(self, key: Key, document: Ready) -> None:
        self._drop(key)
        shelved = self._shelf[key] = _Shelved(document, self._clock.monotonic() + _LIFE)
        self._size += shelved.size
        while self._size > _KEPT:
            self._drop(next(iter(self._shelf)))

    def _drop(self, key: Key) -> None:
        shelved = self._shelf.pop(key, None)
        if shelved is not None:
            self._size -= shelved.size


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body
