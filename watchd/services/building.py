"""Building: documents put together from their pieces, many small ones at once, of the large ones few."""

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import blake2b

import anyio
import anyio.to_thread

from watchd.model.personal import Flowing, Headers, Ready

SMALL = 256 * 1024
LARGEST = 4 * 1024 * 1024
_SMALL_ONES, _LARGE_ONES = 8, 2
_WORTH = 512
_LEVEL = 6

Opened = Callable[[], Awaitable[tuple[AsyncIterator[bytes], Headers]]]


@dataclass(slots=True)
class _Read:
    """What was read of a document; `rest` are its other pieces, of which there are none when it is `whole`."""

    rest: AsyncIterator[bytes]
    headers: Headers
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    whole: bool = False

    async def beyond(self, size: int) -> None:
        """Read until there is more than `size`, or to the end."""
        async for piece in self.rest:
            self.pieces.append(piece)
            self.size += len(piece)
            if self.size > size:
                return
        self.whole = True


class Building:
    """At most so many are read at once as fit into a few MB. A small document never waits for large ones.

    Nobody knows beforehand how large one gets. When it grows beyond SMALL and all places for large ones are taken, what was
    read is let go, and read anew when one is free.
    """

    def __init__(self) -> None:
        self._small = anyio.Semaphore(_SMALL_ONES)
        self._large = anyio.Semaphore(_LARGE_ONES)
        self._small_packs = anyio.CapacityLimiter(_LARGE_ONES)
        self._large_packs = anyio.CapacityLimiter(_LARGE_ONES)

    async def build(self, opened: Opened) -> Ready | Flowing:
        """The document of these pieces; beyond LARGEST it flows. `opened` is called again when it is read anew."""
        read = await self._read(opened)
        if not read.whole:
            return Flowing(_all(read.pieces, read.rest), read.headers)
        body = b"".join(read.pieces)
        mark = blake2b(body, digest_size=16)
        mark.update(repr(read.headers).encode())
        return Ready(body, f'"{mark.hexdigest()}"', read.headers)

    async def _read(self, opened: Opened) -> _Read:
        async with self._small:
            read = _Read(*await opened())
            await read.beyond(SMALL)
            if read.whole:
                return read
            placed = self._take_large()
        if not placed:
            read.pieces.clear()
            await self._large.acquire()
        try:
            if not placed:
                read = _Read(*await opened())
            await read.beyond(LARGEST)
            return read
        finally:
            self._large.release()

    def _take_large(self) -> bool:
        try:
            self._large.acquire_nowait()
        except anyio.WouldBlock:
            return False
        return True

    async def packed(self, document: Ready) -> Ready:
        """The same in gzip; what is hardly anything stays as it is."""
        if len(document.body) < _WORTH:
            return document
        packs = self._small_packs if len(document.body) <= SMALL else self._large_packs
        body = await anyio.to_thread.run_sync(lambda: gzip.compress(document.body, _LEVEL, mtime=0), limiter=packs)
        return Ready(body, f'{document.etag[:-1]}-gzip"', document.headers, packed=True)


async def _all(first: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces that were read, each let go when it is taken, and the others."""
    first.reverse()
    while first:
        yield first.pop()
    async for piece in rest:
        yield piece
