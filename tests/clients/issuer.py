"""A token store that can fail or die at any step, and a host that gives tokens, each of whose refresh tokens has one use."""

import asyncio
from dataclasses import replace

from watchd.clients.trakt_auth import AppRefused, TraktAuth
from watchd.clock import Clock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamRefusal, UpstreamUnreachable
from watchd.model.tokens import StoredTokens, TokenPair

LIFE = 86_400


class Killed(Exception):
    """The process ends here; nothing of ours catches this."""


class FakeStore:
    """The durable row. `failing` names methods that cannot write; `kill` is a method and whether it still commits."""

    def __init__(self, row: StoredTokens | None = None) -> None:
        self.row = row
        self.failing: set[str] = set()
        self.kill: tuple[str, bool] | None = None
        self.steps: list[str] = []
        self.loads = 0

    async def load(self) -> StoredTokens | None:
        self.loads += 1
        await asyncio.sleep(0)
        return self.row

    async def save(self, pair: TokenPair) -> None:
        await self._write("save", StoredTokens(pair))

    async def journal_refresh(self, at: int | None) -> None:
        assert self.row is not None
        tries = self.row.refresh_tries + (1 if at is not None else -1)
        await self._write(
            "journal" if at is not None else "take_back", replace(self.row, refreshing_at=at, refresh_tries=tries)
        )

    async def mark_login_required(self, reason: str) -> None:
        assert self.row is not None
        await self._write("mark", replace(self.row, login_required=reason))

    async def clear(self) -> None:
        await self._write("clear", None)

    async def _write(self, name: str, row: StoredTokens | None) -> None:
        await asyncio.sleep(0)
        if name in self.failing:
            raise StoreUnavailable("the disk is full")
        killed = self.kill if self.kill is not None and self.kill[0] == name else None
        if killed is None or killed[1]:
            self.row = row
            self.steps.append(name)
        if killed is not None:
            self.kill = None
            raise Killed


class Issuer(TraktAuth):
    """Trakt's side of a refresh. `outcome` says how the next calls end; `spent` holds what was presented to some effect."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0
        self.outcome = "ok"
        self.calls: list[tuple[str, str]] = []
        self.gate: asyncio.Event | None = None
        self.pair = self._next()

    def _next(self) -> TokenPair:
        self._count += 1
        return TokenPair(f"access{self._count}", f"refresh{self._count}", self._clock.now(), LIFE)

    @property
    def spent(self) -> list[tuple[str, str]]:
        """The presentations by which the token may have been used up."""
        return [call for call in self.calls if call[1] not in {"unsent", "429", "403", "app"}]

    async def refresh(self, refresh_token: str) -> TokenPair:
        outcome = self.outcome
        self.calls.append((refresh_token, outcome))
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0)
        if outcome == "unsent":
            raise UpstreamUnreachable("no connection", maybe_done=False)
        if outcome in {"429", "403"}:
            raise UpstreamRefusal(int(outcome), content_type="text/html", retry_after=600.0)
        if outcome == "app":
            raise AppRefused(UpstreamRefusal(401, body='{"error": "invalid_client"}'))
        if outcome == "dropped":
            raise UpstreamUnreachable("dropped before the work", maybe_done=True)
        if outcome == "503":
            raise UpstreamRefusal(503)
        if refresh_token != self.pair.refresh_token:
            raise LoginRequired("Trakt does not accept the refresh token any more")
        self.pair = self._next()
        if outcome == "lost":
            raise UpstreamUnreachable("dropped after the work", maybe_done=True)
        if outcome == "killed":
            raise Killed
        return self.pair
