"""Personal documents: what a reader asks for, and what is given: ready bytes, or bytes as they come where there are many."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from watchd.model.media import Media

PAGE = 1000
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question, all its parameters settled: two that ask the same are equal. Moments are ms since the epoch.

    `item` is the list's slug or id where one is meant; `packed` asks for gzip.
    """

    endpoint: str
    type: str | None = None
    page: int = 1
    limit: int = PAGE
    start_at: int | None = None
    end_at: int | None = None
    sort: str | None = None
    item: str | None = None
    packed: bool = False

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Ready:
    """A whole document; `etag` is a strong one in quotes, made of the content."""

    body: bytes
    etag: str
    headers: Headers = ()
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Flowing:
    """A document too large to be kept, in pieces; it has no ETag, for that is known at its end only."""

    pieces: AsyncIterator[bytes]
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Viewing:
    """One row of the history: `id` is the play's, `trakt_id` Trakt's of the same viewing, if it has one."""

    id: int
    watched_at: int
    action: str
    trakt_id: int | None
    media: Media


@dataclass(frozen=True, slots=True)
class Tally:
    """How often and when last a movie was watched."""

    media: Media
    plays: int
    last_watched_at: int
    last_updated_at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How often and when last one episode was watched; `media_id` is its row's."""

    media_id: int
    season: int | None
    number: int | None
    plays: int
    last_watched_at: int
