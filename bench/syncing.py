"""How long hooks take while a large library is read for the first time, and how long when that is over."""

import asyncio
import json
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from typing import Any

from bench.hooks import accepted
from bench.library import PLAYERS, alternating, catalogue, evening, halves
from bench.load import WrongAnswer
from bench.measure import Measured
from bench.process import daemon, running
from bench.rig import Rig
from bench.seed import log_in
from bench.steady import Told, steadily
from watchd.store import state_dir
from watchd.store.migrate import bring_up, migrations

_EVERY = 0.4
"""Seconds between two reports of one player."""
_RATE = 40
"""How fast the clock runs: what is read at Trakt's pace comes as fast as it can be taken in, the worst there can be."""
_ITEMS = 4_000
_LOOK = 0.25
_AFTER = 1.0
_PATIENCE = 1_200.0
_TOKEN = "bench-admin-of-some-length-0123"  # noqa: S105 - it opens a daemon of ours for some minutes
_FRESH = 50  # media of the sittings that go on; the index may be behind by those
_NOT_TAKEN_IN = (
    "SELECT (SELECT count(*) FROM title_news) + 1000 * (SELECT count(*) FROM sections s WHERE s.generation > 0 "
    "AND (s.name = 'watchlist' OR s.name LIKE 'list:%') AND NOT EXISTS (SELECT 1 FROM title_sections t "
    "WHERE t.account_id = s.account_id AND t.section = s.name AND t.generation = s.generation))"
)


def syncing(rig: Rig) -> Measured:
    """The slowest of a hundred hooks, in ms, while all is read and taken in, and afterwards; 16 players, 40 hooks a second."""
    stage = _Stage(rig)
    during, usual = stage.measured()
    ours, bare = _p99(during), _p99(usual)
    note = (
        f"{rig.effort.synced} plays in {stage.took:.0f} s, {len(during)} hooks, half of them within {_middle(during):.1f} ms, "
        f"longest {max(during):.0f} ms; afterwards {len(usual)}, {_middle(usual):.1f} ms, longest {max(usual):.0f} ms"
    )
    return Measured(ours=ours, bare=bare, ratios=(ours / bare,), note=note)


class _Stage:
    """A daemon that knows nothing yet, linked to a Trakt that knows a lot."""

    def __init__(self, rig: Rig) -> None:
        self._effort = rig.effort
        self._size = max(_ITEMS, rig.effort.library)
        self._state = rig.folder / "syncing"
        self._path = state_dir.prepare(self._state)
        self._began = self._over = 0.0

    @property
    def took(self) -> float:
        return self._over - self._began

    def measured(self) -> tuple[list[float], list[float]]:
        """The times of all hooks during the sync and after it, in ms."""
        bring_up(self._path, migrations())
        clock = f"{_RATE}@{time.time()}"
        words = ["--size", str(self._size), "--plays", str(self._effort.synced), "--clock", clock]
        with running(["bench.trakt_library", *words], self._state / "trakt-log") as trakt:
            told = json.loads(trakt.told["STATUS"])
            log_in(self._state, told["tokens"], time.time_ns() // 1_000_000)
            with daemon(self._state, _linked(told, clock)) as server:
                scripts = _scripts(alternating(*halves(catalogue(self._size))))
                reports = steadily(server.port, scripts, accepted, _EVERY, lambda: self._watch(server.port))
        self._check(len(reports))
        return self._between(reports)

    async def _watch(self, port: int) -> None:
        """Until all is read and taken in, and for a while longer."""
        ends = time.monotonic() + _PATIENCE
        while True:
            facts = await asyncio.to_thread(_facts, port)
            if not self._began and facts["running"]:
                self._began = time.perf_counter()
            whole = facts["last_full_at"] is not None and not facts["running"]
            if whole and await asyncio.to_thread(self._ask, _NOT_TAKEN_IN) < _FRESH:
                break
            if time.monotonic() > ends:
                raise WrongAnswer(f"the sync did not come to its end: {facts}")
            await asyncio.sleep(_LOOK)
        self._over = time.perf_counter()
        await asyncio.sleep(_AFTER + 2 + 5 * self._effort.rest)

    def _between(self, reports: Sequence[Told]) -> tuple[list[float], list[float]]:
        during = [told.took * 1000 for told in reports if self._began <= told.at <= self._over]
        return during, [told.took * 1000 for told in reports if told.at > self._over + _AFTER]

    def _check(self, reports: int) -> None:
        kept = self._ask("SELECT max(id) FROM events")
        plays = self._ask("SELECT count(*) FROM plays WHERE trakt_history_id IS NOT NULL")
        if kept != reports or plays < self._effort.synced:
            raise WrongAnswer(f"{reports} hooks were taken, {kept} are kept; {plays} plays of {self._effort.synced} are there")

    def _ask(self, sql: str) -> int:
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return int(connection.execute(sql).fetchone()[0])
        finally:
            connection.close()


def _scripts(items: Iterator[Any]) -> list[Iterator[bytes]]:
    """What each player reports, as long as there are items."""
    waiting: list[deque[bytes]] = [deque() for _ in range(PLAYERS)]

    def script(player: int) -> Iterator[bytes]:
        while True:
            if not waiting[player]:
                for requests, more in zip(waiting, evening(items, 1, multipart=True), strict=True):
                    requests.extend(more)
            yield waiting[player].popleft()

    return [script(player) for player in range(PLAYERS)]


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _middle(times: Sequence[float]) -> float:
    return sorted(times)[len(times) // 2]


def _facts(port: int) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/api/sync", headers={"X-API-Key": _TOKEN})
        facts: dict[str, Any] = json.load(connection.getresponse())
        return facts
    finally:
        connection.close()


def _linked(told: dict[str, str], clock: str) -> dict[str, str]:
    return {
        "WATCHD_TRAKT__API_URL": told["trakt"],
        "WATCHD_TRAKT__AUTH_URL": told["trakt"],
        "WATCHD_TRAKT__CLIENT_ID": told["client_id"],
        "WATCHD_TRAKT__CLIENT_SECRET": told["client_secret"],
        "WATCHD_CLOCK": clock,
        "WATCHD_ADMIN_TOKEN": _TOKEN,
    }
