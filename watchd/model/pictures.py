"""The pictures TMDB offers for a movie, a show, a season or an episode."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; `language` is None when there is no text in it."""

    file_path: str
    width: int = 0
    height: int = 0
    language: str | None = None
    vote_average: float = 0.0
    vote_count: int = 0


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of one thing, by kind."""

    posters: tuple[Picture, ...] = ()
    backdrops: tuple[Picture, ...] = ()
    stills: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What TMDB has of a movie or show: all pictures, the file paths it would choose, and those of the seasons' posters."""

    pictures: Pictures
    poster: str | None = None
    backdrop: str | None = None
    seasons: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the library: a poster or a backdrop of a movie, a show or, with `season`, a season."""

    kind: str
    tmdb_id: int
    backdrop: bool
    file_path: str
    season: int | None = None
