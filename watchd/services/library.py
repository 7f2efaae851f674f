"""Library: personal documents as ready bytes, kept until something changes, the least used given up first."""

import gzip
import sqlite3
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import count

import anyio
import anyio.to_thread

from watchd.clock import Clock
from watchd.model.personal import Ask, Flowing, Headers, Ready
from watchd.rules.due_sections import HISTORY, HISTORY_FULL
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
_LARGEST = 4 * 1024 * 1024
_OVERHEAD = 512
_LIFE = 300.0  # seconds; for what nobody announces, such as a change made by another process
_TRIES = 3
_WORTH = 512
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class _Shelved:
    document: Ready
    until: float

    @property
    def size(self) -> int:
        return len(self.document.body) + _OVERHEAD


Key = tuple[int, Ask]


class Library:
    """Nothing is built before it is asked for. `called` gives an account's name.

    `kept` answers from memory at once; `find` builds what is missing, one document after the other.
    """

    def __init__(self, database: Database, clock: Clock, called: Callable[[int], str]) -> None:
        self._database = database
        self._clock = clock
        self._called = called
        self._played = PlayedPages(database)
        self._sections = SectionPages(database)
        self._rated = RatedPages(database, self._sections)
        self._shelf: OrderedDict[Key, _Shelved] = OrderedDict()
        self._size = 0
        self._revisions: dict[int, int] = {}
        self._numbers = count(1)
        self._building = anyio.Lock()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def changed(self, account_id: int) -> None:
        """Something that personal documents of this account show may be another now."""
        self._revisions[account_id] = next(self._numbers)
        for key in [key for key in self._shelf if key[0] == account_id]:
            self._drop(key)

    def clear(self) -> None:
        """Keep nothing."""
        for account_id in {key[0] for key in self._shelf}:
            self.changed(account_id)

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
        async with self._building:
            plain = replace(ask, packed=False)
            found = self.kept(account_id, ask) or self.kept(account_id, plain)
            if found is not None and found.packed == ask.packed:
                return found
            for _ in range(_TRIES):
                revision = self._revisions.get(account_id)
                try:
                    made = found or await self._made(account_id, plain)
                except Moved:
                    continue
                except NoList:
                    return None
                if isinstance(made, Ready):
                    document = await _packed(made) if ask.packed else made
                    if revision == self._revisions.get(account_id):
                        self._keep((account_id, plain), made)
                        self._keep((account_id, ask), document)
                        return document
                    found = None
                else:
                    return made
        return Flowing(*await self._flowing(account_id, plain))  # it changes faster than it is read: as it is at this moment

    async def _made(self, account_id: int, ask: Ask) -> Ready | Flowing:
        pieces, told = await self._flowing(account_id, ask)
        gathered, size = list[bytes](), 0
        async for piece in pieces:
            gathered.append(piece)
            size += len(piece)
            if size > _LARGEST:
                return Flowing(_all(gathered, pieces), told)
        body = b"".join(gathered)
        mark = blake2b(body, digest_size=16)
        mark.update(repr(told).encode())
        return Ready(body, f'"{mark.hexdigest()}"', told)

    async def _flowing(self, account_id: int, ask: Ask) -> tuple[AsyncIterator[bytes], Headers]:
        if ask.endpoint == LEGACY:
            return _one(await self._played.legacy(account_id)), ()
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


async def _all(first: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in first:
        yield piece
    first.clear()
    async for piece in rest:
        yield piece


async def _packed(document: Ready) -> Ready:
    """The same in gzip; what is small stays as it is."""
    if len(document.body) < _WORTH:
        return document
    body = await anyio.to_thread.run_sync(lambda: gzip.compress(document.body, _LEVEL, mtime=0))
    return Ready(body, f'{document.etag[:-1]}-gzip"', document.headers, packed=True)
