"""Faults on order: what a stand-in does wrong, to which requests, and how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

FaultKind = Literal["status", "html", "garbage", "delay", "hang", "drop_before", "drop_after", "truncate", "swallow", "lie"]
"""What goes wrong:

- `status`, `html`, `garbage`: that status with the given body, a page of the proxy, or text that is no JSON
- `delay`: `seconds` of the clock pass, then the request is served; the work is done even if the client has left
- `hang`: no answer until the client leaves
- `drop_before`, `drop_after`: the connection is closed without an answer, before or after the work was done
- `truncate`: the work is done, and half of the answer's body is sent
- `swallow`: the answer is that of a success, and the work is undone
- `lie`: the answer is true, but for `headers`, and for its rows after the first `rows` of them
"""


@dataclass(slots=True)
class Seen:
    """A request as it came in; `status` is what was answered, `None` when nothing complete was."""

    at: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    user: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong.

    `path` is a prefix, or a glob when it holds a wildcard. The first `after` matching requests are served well, the next
    `times` (None: all) are not; from `until` on, a moment of the clock, the fault is over. `work` has the work done first
    where the kind leaves that open (status, html, garbage, hang).
    """

    kind: FaultKind
    method: str | None = None
    path: str = "/"
    when: Callable[[Seen], bool] | None = None
    times: int | None = 1
    after: int = 0
    until: int | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    seconds: float = 0.0
    rows: int | None = None
    work: bool = False

    def matches(self, seen: Seen) -> bool:
        if self.method is not None and self.method != seen.method:
            return False
        if any(sign in self.path for sign in "*?["):
            if not fnmatchcase(seen.path, self.path):
                return False
        elif not seen.path.startswith(self.path):
            return False
        return self.when is None or self.when(seen)


@dataclass(slots=True)
class _Armed:
    fault: Fault
    spared: int = 0
    fired: int = 0

    def fires(self, seen: Seen) -> bool:
        fault = self.fault
        if (fault.until is not None and seen.at >= fault.until) or not fault.matches(seen):
            return False
        if self.spared < fault.after:
            self.spared += 1
            return False
        if fault.times is not None and self.fired >= fault.times:
            return False
        self.fired += 1
        return True


class FaultPlan:
    """The faults on order, first come first served: a request meets at most one, and only that one counts it."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []

    def add(self, *faults: Fault) -> None:
        self._armed += [_Armed(fault) for fault in faults]

    def clear(self) -> None:
        self._armed.clear()

    def fired(self, fault: Fault) -> int:
        """How many requests have met this fault."""
        return sum(armed.fired for armed in self._armed if armed.fault == fault)

    def take(self, seen: Seen) -> Fault | None:
        """The fault this request meets."""
        return next((armed.fault for armed in self._armed if armed.fires(seen)), None)
