"""What a reader asks for: the parameters of a personal endpoint, checked against what it takes."""

import re
from collections.abc import Mapping

from watchd.clock import parse_iso
from watchd.model.personal import PAGE, Ask
from watchd.rules.personal import ENDPOINTS
from watchd.web.answers import HttpError

ALL = "all"
MOST_ROWS = 100_000
MOST_PAGES = 1_000_000
_LOST_PLUS = re.compile(r"(T[\d:.,]+) (\d\d:?\d\d)$")
_EARLIEST, _LATEST = -62_135_596_800_000, 253_402_300_799_999
_DIGITS = 9


def asked(endpoint: str, query: Mapping[str, str], item: str | None = None, *, packed: bool = False) -> Ask:
    """The question; HttpError 400 for a value that makes no sense. Parameters an endpoint does not know mean nothing."""
    takes = ENDPOINTS[endpoint]
    if takes.one:
        return Ask(endpoint, packed=packed)
    start = _moment(query, "start_at") if takes.dated is not None else None
    end = _moment(query, "end_at") if takes.dated is not None else None
    if start is not None and end is not None and start > end:
        raise HttpError(400, "start_at must not lie after end_at")
    return Ask(
        endpoint,
        type=_one_of(query, "type", (ALL, *takes.types), ALL) if takes.types else None,
        page=number(query, "page", MOST_PAGES, 1),
        limit=number(query, "limit", MOST_ROWS, PAGE),
        start_at=start,
        end_at=end,
        sort=_one_of(query, "sort", takes.sorts, takes.sorts[0]) or takes.sorts[0],
        item=item,
        packed=packed,
    )


def _one_of(query: Mapping[str, str], name: str, values: tuple[str, ...], default: str) -> str | None:
    """One of the values; None for the default one where that means no choice at all."""
    value = query.get(name, default)
    if value not in values:
        raise HttpError(400, f"{name} must be one of {', '.join(values)}")
    return None if value == ALL else value


def number(query: Mapping[str, str], name: str, most: int, default: int) -> int:
    """A number that counts pages or rows; HttpError 400 for anything else."""
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS and 1 <= int(text) <= most):
        raise HttpError(400, f"{name} must be a number from 1 to {most}")
    return int(text)


def _moment(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    wrong = HttpError(400, f"{name} must be a moment such as 2026-01-31 or 2026-01-31T20:15:00Z")
    try:
        at = parse_iso(_LOST_PLUS.sub(r"\1+\2", text))  # a bare plus in an address is a blank
    except (ValueError, OverflowError) as error:
        raise wrong from error
    if not _EARLIEST <= at <= _LATEST:
        raise wrong
    return at
