"""Vitals: how the daemon is, for people, for Prometheus and for systemd's watchdog."""

import sqlite3
from collections.abc import Awaitable, Callable

import structlog

from watchd import __version__
from watchd.clock import Clock, iso
from watchd.errors import StoreUnavailable
from watchd.model.relay import TRAKT
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.now import Now
from watchd.store import accounts, outbox
from watchd.store.accounts import Account
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

LOOK_EVERY = 5.0
_LAG_LIMIT = 5.0
_JUMP = 5_000

Json = dict[str, object]


class Vitals:
    """Looks at the daemon every few seconds.

    `facts`, `watched`, `pictured` and `aired` add to the status what accounts, watchers, and the pictures and episodes of the
    library have to say.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        now: Now,
        metrics: Metrics,
        *,
        doorkeeper: Doorkeeper,
        facts: Callable[[], list[Json]],
        jumped: Callable[[int], Awaitable[None]],
        watched: Callable[[], list[Json]],
        pictured: Callable[[], Json] = dict,
        aired: Callable[[], Json] = dict,
    ) -> None:
        self._database = database
        self._clock = clock
        self._now = now
        self._metrics = metrics
        self._doorkeeper = doorkeeper
        self._facts = facts
        self._jumped = jumped
        self._watched = watched
        self._pictured = pictured
        self._aired = aired
        self._began = clock.now()
        self._backlog: tuple[int, int, int | None] = (0, 0, None)
        self._held: dict[str, str] = {}
        self._left_out: list[str] = []
        self._sessions: set[tuple[str, str]] = set()
        self._lag = 0.0
        self._skew = clock.now() - clock.monotonic() * 1000
        self.healthy = True

    async def run(self, beat: Callable[[], object]) -> None:
        """Look, and `beat` while all is well: the watchdog's ping is tied to the loop and to the database. Never returns."""
        while True:
            before = self._clock.monotonic()
            await self._clock.sleep(LOOK_EVERY)
            self._lag = max(0.0, self._clock.monotonic() - before - LOOK_EVERY)
            self._metrics.loop_lag.observe(self._clock.real(self._lag))
            await self.look()
            if self.healthy:
                beat()

    async def look(self) -> None:
        """Take the figures once; a clock that jumped is told on, so that open plays can be re-anchored."""
        skew = self._clock.now() - self._clock.monotonic() * 1000
        try:
            if abs(skew - self._skew) > _JUMP:
                await self._jumped(round(skew - self._skew))
            self._skew = skew  # a jump that could not be told on is seen again at the next look
            served = self._now.accounts
            self._backlog, self._held, self._left_out = await self._database.write(
                lambda connection: _figures(connection, served)
            )
            self.healthy = self._clock.real(self._lag) < _LAG_LIMIT
        except (StoreUnavailable, sqlite3.Error):
            self.healthy = False
            log.warning("vitals.database_unavailable")
        self._show()

    def _show(self) -> None:
        pending, dead, oldest = self._backlog
        self._metrics.outbox_pending.labels(TRAKT).set(pending)
        self._metrics.outbox_dead.labels(TRAKT).set(dead)
        age = 0.0 if oldest is None else max(0.0, (self._clock.now() - oldest) / 1000)
        self._metrics.outbox_age.labels(TRAKT).set(age)
        self._metrics.outbox_held.labels(TRAKT).set(1 if self._held else 0)
        for gauge, path in (
            (self._metrics.db_size, self._database.path),
            (self._metrics.db_wal_size, self._database.path.with_name(self._database.path.name + "-wal")),
        ):
            gauge.set(path.stat().st_size if path.exists() else 0)
        sessions = self._now.sessions()
        for source, state in self._sessions - sessions.keys():
            self._metrics.now_playing.labels(source, state).set(0)
        for (source, state), count in sessions.items():
            self._metrics.now_playing.labels(source, state).set(count)
        self._sessions |= sessions.keys()

    async def ready(self) -> list[str]:
        """Why requests should not come here now; empty when all is well."""
        try:
            await self._database.write(accounts.touch)
        except (StoreUnavailable, sqlite3.Error):
            return ["the database takes no writes"]
        return [] if self.healthy else ["the last look at loop and database was not good"]

    def summary(self) -> str:
        """One line for systemd."""
        pending, dead, _ = self._backlog
        return f"{pending} pending, {dead} dead" + "".join(f"; {name} is held: {reason}" for name, reason in self._held.items())

    def status(self) -> Json:
        """Everything a person asks first: who watches what, what is owed, how the login stands, when Trakt was last heard."""
        pending, dead, oldest = self._backlog
        return {
            "version": __version__,
            "started_at": iso(self._began),
            "healthy": self.healthy,
            "backlog": {"pending": pending, "dead": dead, "oldest_at": None if oldest is None else iso(oldest)},
            "warnings": [*self._doorkeeper.remarks(), *self._left_out],
            "accounts": [{**facts, "held_reason": self._held.get(str(facts["name"]))} for facts in self._facts()],
            "users": self._doorkeeper.visitors(),
            "watchers": self._watched(),
            "images": self._pictured(),
            "aired": self._aired(),
        }


def _figures(
    connection: sqlite3.Connection, served: list[int]
) -> tuple[tuple[int, int, int | None], dict[str, str], list[str]]:
    """The backlog, and which accounts are held for what reason, of those that are served; and what to say of the others."""
    everyone = accounts.everyone(connection)
    held = {one.name: one.held_reason for one in everyone if one.id in served and one.held_reason is not None}
    others = (one for one in everyone if one.id not in served and accounts.has_plays(connection, one.id))
    return outbox.backlog(connection, served), held, [_left_out(connection, one) for one in others]


def _left_out(connection: sqlite3.Connection, account: Account) -> str:
    pending = outbox.backlog(connection, [account.id])[0]
    owed = f", and Trakt hears nothing of {pending} that it is owed" if pending else ""
    return f"the account {account.name} is not in the settings: its plays are kept and not shown{owed}; name it in [[accounts]]"
