"""The calendar made of what TMDB tells: rows in Trakt's shape, their order, and which of them lie between two moments."""

from collections.abc import Iterable, Mapping

from watchd.clock import DAY, iso
from watchd.model.aired import Coming
from watchd.model.media import MediaIds, Show
from watchd.model.personal import Ask
from watchd.rules.aired import as_episode, today
from watchd.rules.personal import NEWEST
from watchd.rules.shapes import Json, show

DAYS = 33
"""From yesterday on: as many as Trakt gives."""


def span(now: int) -> tuple[int, int]:
    """From which day on and before which day the calendar is."""
    first = today(now) - DAY
    return first, first + DAYS * DAY


def rows(found: Iterable[Coming], shows: Mapping[int, Show], ask: Ask) -> list[Json]:
    """The rows asked for, all pages of them. `found` is in order; `shows` are by TMDB's ids, those missing as TMDB tells them.

    What airs some time on a day is within any moments of that day.
    """
    if ask.type == "movies":
        return []
    start = None if ask.start_at is None else today(ask.start_at)
    some = [
        one
        for one in found
        if one.part.day is not None and (start is None or one.part.day >= start) and _until(ask.end_at, one.part.day)
    ]
    if ask.sort == NEWEST:
        some.sort(key=lambda one: -(one.part.day or 0))
    return [_row(one, shows.get(one.show_id)) for one in some]


def _until(end: int | None, day: int) -> bool:
    return end is None or day <= end


def _row(one: Coming, known: Show | None) -> Json:
    told = known or Show(one.title, one.year, MediaIds(tmdb=one.show_id))
    return {"first_aired": iso(one.part.day or 0), "episode": as_episode(one.part), "show": show(told)}
