"""What the headers of an answer tell."""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

_TELLING = (
    "cf-ray",
    "retry-after",
    "server",
    "x-account-deactivated",
    "x-account-limit",
    "x-account-locked",
    "x-error-message",
    "x-private-user",
    "x-ratelimit",
    "x-upgrade-url",
    "x-vip-user",
)
_LONGEST_WAIT = 86_400.0


def telling(headers: Mapping[str, str]) -> dict[str, str]:
    """Those headers of a refusal by which its reason is told, bounded, under lower-case names."""
    return {name: headers[name][:300] for name in _TELLING if name in headers}


def _moment(text: str) -> int | None:
    try:
        moment = parsedate_to_datetime(text)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def date_of(headers: Mapping[str, str]) -> int | None:
    """The `Date` of an answer, in milliseconds."""
    return _moment(headers["Date"]) if "Date" in headers else None


def retry_after(headers: Mapping[str, str], now: int) -> float | None:
    """The seconds of `Retry-After`, given as a number or as a date; never negative, never more than a day."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        until = _moment(text)
        if until is None:
            return None
        base = date_of(headers)
        seconds = (until - (now if base is None else base)) / 1000
    return min(max(seconds, 0.0), _LONGEST_WAIT) if math.isfinite(seconds) else None
