"""How findings are worded: spans of time, sizes, whose it is, and the command that is meant."""

from collections.abc import Iterable

from watchd.clock import DAY, HOUR, MINUTE

_SHOWN = 5
_LONGEST = 300


def span(ms: int) -> str:
    """A span of time, roughly: `40 minutes`, `5 hours`, `12 days`."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if ms >= 2 * unit:
            return f"{ms // unit} {name}s"
    return f"{max(0, ms) // 1000} seconds"


def size(number: int) -> str:
    """A number of bytes, roughly."""
    for unit, name in ((10**9, "GB"), (10**6, "MB")):
        if number >= unit:
            return f"{number / unit:.1f} {name}"
    return f"{number // 1000} kB"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    found = list(names)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def because(reason: str | None) -> str:
    """The reason in brackets, if there is one; in one line and of bounded length."""
    line = " ".join((reason or "").split())
    return f" ({line[:_LONGEST]})" if line else ""


def command(words: str, account: str, first: str) -> str:
    """The command for that account; the first one need not be named."""
    return words if account == first else f"{words} --account {account}"
