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
