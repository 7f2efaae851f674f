"""The episodes of a show as TMDB tells of them: when each airs, to the day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One episode; `day` is the midnight (ms, UTC) of the day it airs on, None where nobody has said."""

    season: int
    number: int
    title: str | None = None
    day: int | None = None
    tmdb_id: int | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.season, self.number


@dataclass(frozen=True, slots=True)
class ShowTold:
    """A show: `running` while more of it may come, `seasons` as (number, how many episodes), specials among them."""

    title: str | None
    year: int | None
    running: bool
    seasons: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """An episode of the calendar, and which show of TMDB's it is of."""

    show_id: int
    part: Part
    title: str | None
    year: int | None
