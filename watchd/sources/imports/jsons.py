"""JSON from a file somebody else made: bounded, and anything but plain JSON refused."""

import json
from math import isfinite
from typing import Any

from watchd.errors import WatchdError

MOST_ROWS = 50_000


class BadJson(WatchdError):
    """A text that is no JSON of the expected kind; the error's text says why."""


def loads(body: bytes) -> Any:
    """The value; BadJson when there is none."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadJson("is no JSON") from error


def rows(value: object) -> list[dict[str, Any]]:
    """A list of objects; BadJson when it is none, or too long. What is no object among them becomes an empty one."""
    if not isinstance(value, list):
        raise BadJson("is not a list")
    if len(value) > MOST_ROWS:
        raise BadJson(f"has more than {MOST_ROWS} rows")
    return [row if isinstance(row, dict) else {} for row in value]


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    """A number such as 1e999 would go out as what is no JSON."""
    number = float(digits)
    if not isfinite(number):
        _refuse(digits)
    return number
