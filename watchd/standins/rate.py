"""The rate buckets of Trakt: windows of fixed length, one for each user (or app) and kind of verb."""

import json
from dataclasses import dataclass

from watchd.clock import SECOND, Clock, iso
from watchd.standins.core import Core
from watchd.standins.replies import Refusal

_JITTER = 0.02
"""Seconds of the machine by which a request may come early: what was sent a second apart need not arrive so."""


@dataclass
class _Window:
    began: int
    used: int = 0


class Rate:
    def __init__(self, core: Core, clock: Clock) -> None:
        self._core = core
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}

    def spend(self, method: str, user: str | None) -> str:
        """Take one from the bucket and say what is left, as `X-Ratelimit` has it; refuses with 429 when it is empty."""
        name, period, limit = self._bucket(method, user)
        now = self._core.now()
        window = self._windows.get((name, user or ""))
        if window is None or now >= window.began + period * SECOND - self._slack(period):
            window = self._windows[name, user or ""] = _Window(now)
        until = window.began + period * SECOND
        empty = window.used >= limit
        if not empty:
            window.used += 1
        told = {"name": name, "period": period, "limit": limit, "remaining": limit - window.used, "until": iso(until)}
        header = json.dumps(told, separators=(",", ":"))
        if empty and self._core.switches.rate_limits:
            wait = max(1, -(-(until - now) // SECOND))
            raise Refusal(429, headers={"Retry-After": str(wait), "X-Ratelimit": header})
        return header

    def _slack(self, period: int) -> float:
        """The jitter in milliseconds of the clock, where a fast one makes more of it."""
        return min(_JITTER / self._clock.real(1.0), period / 2) * SECOND

    def _bucket(self, method: str, user: str | None) -> tuple[str, int, int]:
        switches = self._core.switches
        if user is None:
            return "UNAUTHED_API_GET_LIMIT", switches.get_period, switches.get_limit
        if method in {"GET", "HEAD"}:
            return "AUTHED_API_GET_LIMIT", switches.get_period, switches.get_limit
        return "AUTHED_API_POST_LIMIT", switches.post_period, switches.post_limit
