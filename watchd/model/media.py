"""What is watched: movies and episodes, and the ids by which the world knows them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar


class MediaType(StrEnum):
    MOVIE = "movie"
    EPISODE = "episode"


@dataclass(frozen=True, slots=True)
class MediaIds:
    """The ids of one movie, show or episode; those of different kinds must never be mixed.

    `anidb` and `mal` (MyAnimeList) tell items apart here and are unknown to Trakt: see `ASKABLE`.
    """

    trakt: int | None = None
    slug: str | None = None
    imdb: str | None = None
    tmdb: int | None = None
    tvdb: int | None = None
    anidb: int | None = None
    mal: int | None = None

    def __bool__(self) -> bool:
        return any(value is not None for _, value in self.items())

    def items(self) -> list[tuple[str, int | str]]:
        """The known ids by name, in the order of preference."""
        pairs = (
            ("trakt", self.trakt),
            ("slug", self.slug),
            ("imdb", self.imdb),
            ("tmdb", self.tmdb),
            ("tvdb", self.tvdb),
            ("anidb", self.anidb),
            ("mal", self.mal),
        )
        return [(name, value) for name, value in pairs if value is not None]

    def askable(self) -> list[tuple[str, int | str]]:
        """Those of `items` by which Trakt finds an item."""
        return [(name, value) for name, value in self.items() if name in ASKABLE]

    def merged(self, other: "MediaIds") -> "MediaIds":
        """These ids, with the gaps filled from `other`."""
        return MediaIds(
            trakt=self.trakt if self.trakt is not None else other.trakt,
            slug=self.slug or other.slug,
            imdb=self.imdb or other.imdb,
            tmdb=self.tmdb if self.tmdb is not None else other.tmdb,
            tvdb=self.tvdb if self.tvdb is not None else other.tvdb,
            anidb=self.anidb if self.anidb is not None else other.anidb,
            mal=self.mal if self.mal is not None else other.mal,
        )

    def shares(self, other: "MediaIds") -> bool:
        """Whether any id is the same in both."""
        return any(getattr(other, name) == value for name, value in self.items())


NO_IDS = MediaIds()
ASKABLE = frozenset({"trakt", "slug", "imdb", "tmdb", "tvdb"})


@dataclass(frozen=True, slots=True)
class Movie:
    """A movie; `runtime` in seconds."""

    type: ClassVar[MediaType] = MediaType.MOVIE

    title: str | None = None
    year: int | None = None
    ids: MediaIds = NO_IDS
    runtime: float | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """The show an episode belongs to; `year` is that of its first season."""

    title: str | None = None
    year: int | None = None
    ids: MediaIds = NO_IDS


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode; season 0 (specials) and number 0 are values. `number_end` is the last of a multi-episode file."""

    type: ClassVar[MediaType] = MediaType.EPISODE

    show: Show = field(default_factory=Show)
    season: int | None = None
    number: int | None = None
    number_end: int | None = None
    number_abs: int | None = None
    title: str | None = None
    ids: MediaIds = NO_IDS
    runtime: float | None = None


Media = Movie | Episode


def identifiable(media: Media) -> bool:
    """Whether there is anything by which the item could be found: ids, a title, or a show with numbers."""
    if isinstance(media, Movie):
        return bool(media.ids) or bool(media.title)
    numbered = (media.season is not None and media.number is not None) or media.number_abs is not None
    return bool(media.ids) or (numbered and (bool(media.show.ids) or bool(media.show.title)))


def label(media: Media) -> str:
    """How the item is called in a log or a table: `Heat (1995)`, `Severance S2E10`."""
    if isinstance(media, Movie):
        title = media.title or next((f"{name} {value}" for name, value in media.ids.items()), "a movie")
        return f"{title} ({media.year})" if media.year else title
    known = media.show.ids.items() or media.ids.items()
    show = media.show.title or next((f"{name} {value}" for name, value in known), "an episode")
    if media.season is not None and media.number is not None:
        last = f"-{media.number_end}" if media.number_end is not None else ""
        return f"{show} S{media.season}E{media.number}{last}"
    return f"{show} #{media.number_abs}" if media.number_abs is not None else show
