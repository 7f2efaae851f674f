"""Typed reading of JSON values: what is absent is None, what is of a wrong type is refused."""

import math
import re
from datetime import datetime

from watchd.errors import MalformedPayload

TEXT_LIMIT = 300
_HIGHEST = 10**12
_MILLISECONDS = 10**11  # a count of seconds gets there in the year 5138
_LATEST = 10**14  # and one of milliseconds here
_CLOCKS_SET = 946_684_800_000  # the year 2000: many a box without a battery starts in 1970
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_SPAN = re.compile(r"([0-9]{1,6})\s*[-\u2013,&+]\s*([0-9]{1,6})")
_SUFFIX = re.compile(r"(.*\S)\s+\(((?:18|19|20|21)[0-9]{2})\)")


def wrong(name: str) -> MalformedPayload:
    """The refusal of a field; it names the field and never shows the value."""
    return MalformedPayload("wrong_type", f"{name} has the wrong type")


def section(value: object, name: str) -> dict[str, object]:
    """A JSON object; empty when absent."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise wrong(name)


def text(value: object, name: str) -> str | None:
    """Trimmed text of bounded length that any database can store; None when there is none.

    A number counts as text, since templates turn titles such as 1917 into numbers.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _HIGHEST:
        return str(value)
    if not isinstance(value, str):
        raise wrong(name)
    if not value.isprintable():
        value = value.encode("utf-8", "replace").decode("utf-8")
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return value.strip()[:TEXT_LIMIT].rstrip() or None


def decimal(value: object, name: str) -> float | None:
    """A finite number, also when written as text; None when absent or empty."""
    if value is None:
        return None
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        if _DECIMAL.fullmatch(value) is None:
            raise wrong(name)
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong(name)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise wrong(name)
        return value
    return float(max(-_HIGHEST, min(_HIGHEST, value)))


def whole(value: object, name: str) -> int | None:
    """A number from 0 up, also when written as text; None when absent, empty or out of any reasonable range."""
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        if _WHOLE.fullmatch(value) is None:
            raise wrong(name)
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(name)
    return value if 0 <= value < 10**9 else None


def span(value: object, name: str) -> tuple[int | None, int | None]:
    """A number as `whole` reads it, or the first and the last of two (`6-7`, `6,7`); the last is None for a single one."""
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return whole(value, name), None
    first, last = int(match[1]), int(match[2])
    return first, last if last > first else None


def year(value: object, name: str) -> int | None:
    """A year in which something may have been filmed."""
    number = whole(value, name)
    return number if number is not None and 1800 <= number < 2200 else None


def split_year(title: str | None) -> tuple[str | None, int | None]:
    """A show's title without the year some agents append: `The Paper (2025)` is `The Paper` of 2025."""
    match = _SUFFIX.fullmatch(title or "")
    return (match[1], int(match[2])) if match else (title, None)


def flag(value: object) -> bool:
    """Whether a value says yes, in any of the ways in which templates and players say it."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in {"1", "true", "yes"})


def moment(value: object, name: str) -> int | None:
    """Milliseconds since the epoch, of ISO 8601 text with its zone or of a number of seconds or milliseconds.

    None when absent, and for what is no moment: text without a zone, and the first years of a clock that was never set.
    """
    if isinstance(value, str) and not _DECIMAL.fullmatch(value.strip()):
        try:
            told = datetime.fromisoformat(value.strip())
            at = told.timestamp() * 1000 if told.tzinfo else 0
        except (ValueError, OverflowError):
            return None
    else:
        exact = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LATEST
        number = (value if exact and isinstance(value, int) else decimal(value, name)) or 0
        at = number if number >= _MILLISECONDS else number * 1000
    return round(at) if _CLOCKS_SET < at < _LATEST else None
