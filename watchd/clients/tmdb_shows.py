"""What TMDB tells of shows and their seasons, taken from its answers."""

from datetime import UTC, datetime
from typing import Any

from watchd.errors import UpstreamUnreachable
from watchd.model.aired import Part, ShowTold

_OVER = frozenset({"Ended", "Canceled"})
_LONGEST_TITLE = 500


def show_told(data: Any) -> ShowTold:
    """A show's details; one whose state is not told counts as running. UpstreamError for what is no show."""
    told = data if isinstance(data, dict) else {}
    rows = told.get("seasons")
    if not isinstance(rows, list):
        raise _odd()
    title, first = _text(told.get("name")), day_of(told.get("first_air_date"))
    year = None if first is None else datetime.fromtimestamp(first / 1000, UTC).year
    numbered = ((_whole(row.get("season_number")), _whole(row.get("episode_count"))) for row in rows if isinstance(row, dict))
    seasons = {number: count or 0 for number, count in numbered if number is not None}
    return ShowTold(title, year, told.get("status") not in _OVER, tuple(sorted(seasons.items())))


def season_told(data: Any, season: int) -> list[Part]:
    """The episodes of one season, by their numbers. UpstreamError for what is no season."""
    rows = data.get("episodes") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise _odd()
    found: dict[int, Part] = {}
    for row in rows:
        number = _whole(row.get("episode_number")) if isinstance(row, dict) else None
        if number is not None:
            found[number] = Part(season, number, _text(row.get("name")), day_of(row.get("air_date")), _whole(row.get("id")))
    return [part for _, part in sorted(found.items())]


def _odd() -> UpstreamUnreachable:
    """What was known before is not given up for an answer that makes no sense."""
    return UpstreamUnreachable("tmdb: the answer is not of the expected shape", maybe_done=False)


def day_of(value: Any) -> int | None:
    """Midnight (ms, UTC) of a day as `2022-02-18`; None for anything else."""
    try:
        return round(datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).timestamp() * 1000)
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str | None:
    """A title that a database takes."""
    return value.encode("utf-8", "replace").decode()[:_LONGEST_TITLE] if isinstance(value, str) and value else None


def _whole(value: Any) -> int | None:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if good else None
