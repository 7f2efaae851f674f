"""Moments as tables write them: whole ones, days, and seconds since the epoch."""

import re

from watchd.clock import DAY, SECOND, parse_iso
from watchd.sources.imports.trakt_rows import LATEST, moment

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})(.*)")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[.-]([0-9]{1,2})[.-]([0-9]{4})(.*)")
_SECONDS, _MILLISECONDS = range(9, 11), range(12, 14)


def moment_of(value: str) -> int | None:
    """Milliseconds; None for what is no moment, or could be two. Without a zone it is UTC, 0 is an unknown one.

    A day alone is taken at its noon, so that it is that day nearly everywhere.
    """
    value = _turned(value.strip())
    if value.isascii() and value.isdigit():
        if len(value) in _SECONDS:
            return int(value) * SECOND
        return int(value) if len(value) in _MILLISECONDS and int(value) < LATEST else None
    if _DAY.fullmatch(value):
        try:
            return max(0, parse_iso(value) + DAY // 2)
        except ValueError:
            return None
    return moment(value)


def day_alone(value: str) -> bool:
    """Whether it names a day and no hour of it."""
    return _DAY.fullmatch(_turned(value.strip())) is not None


def _turned(value: str) -> str:
    """Years first, as ISO 8601 has it; months and days between slashes stay, for nobody knows which is which."""
    found = _YEAR_FIRST.fullmatch(value)
    if found is not None:
        year, month, day, rest = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}{rest}"
    found = _DAY_FIRST.fullmatch(value)
    if found is not None:
        day, month, year, rest = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}{rest}"
    return value
