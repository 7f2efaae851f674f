"""Watcher: asks a media server that sends no hooks what it plays, and says honestly when it cannot be heard."""

import random
from dataclasses import replace

import structlog

from watchd.clock import HOUR, Clock, iso
from watchd.errors import MalformedPayload, StoreUnavailable, UpstreamError, UpstreamRefusal
from watchd.model.sessions import Sessions
from watchd.rules.hearing import Ear, Hearing
from watchd.rules.pace import Pace
from watchd.services.media_servers import MediaServer
from watchd.services.now import Now
from watchd.services.screens import Screens
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import plays
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_REFUSALS = frozenset({401, 403})


class Watcher:
    """One server's ear. `name` is what people call it, and is the only one of its kind."""

    def __init__(
        self,
        name: str,
        server: MediaServer,
        screens: Screens,
        pace: Pace,
        database: Database,
        clock: Clock,
        now: Now,
        metrics: Metrics,
    ) -> None:
        self.name = name
        self._server = server
        self._screens = screens
        self._pace = pace
        self._database = database
        self._clock = clock
        self._now = now
        self._metrics = metrics
        self._hearing = Hearing(asked=True, since=clock.now())
        self._answered_at: int | None = None
        self._reason: str | None = None
        self._failures = 0
        self._idle_looks = 0
        self._recalled = ""

    def start(self) -> None:
        """Say that this server's word counts: until it is first heard the state is unknown, not idle."""
        self._show()

    def facts(self) -> dict[str, object]:
        """For the status."""
        heard = self._hearing.last_heard
        return {
            "name": self.name,
            "source": self._server.source,
            "last_heard_at": None if heard is None else iso(heard),
            "failing": self._hearing.failing,
            "reason": self._reason,
        }

    def reanchor(self, by: int) -> None:
        """The wall clock jumped by so many ms: what was heard, and when, goes with it."""
        heard = self._hearing.last_heard
        since, last_heard = self._hearing.since + by, None if heard is None else heard + by
        self._hearing = replace(self._hearing, since=since, last_heard=last_heard)
        self._answered_at = None if self._answered_at is None else self._answered_at + by
        self._screens.reanchor(by)
        self._show()

    async def run(self) -> None:
        """Look for ever; never returns."""
        while True:
            await self._clock.sleep(await self.look())

    async def look(self) -> float:
        """Ask once, record what has changed, and show what is true; return after how many seconds to ask again."""
        began = self._clock.monotonic()
        try:
            sessions = await self._server.sessions()
            await self._heard(sessions)
        except (UpstreamError, MalformedPayload) as error:
            return await self._unheard(error)
        except StoreUnavailable:
            log.warning("watcher.store_unavailable", name=self.name)
            return self._pace.every
        except UNFORESEEN as error:
            log.exception("watcher.failed", name=self.name)
            self._metrics.internal_errors.labels("watcher").inc()
            return await self._unheard(error)
        finally:
            self._metrics.poll_seconds.labels(self.name).observe(max(0.0, self._clock.monotonic() - began))
        return self._rest()

    async def _heard(self, sessions: Sessions) -> None:
        now = self._clock.now()
        await self._recall()
        await self._screens.follow(sessions, now)
        if self._reason is not None:
            log.info("watcher.heard_again", name=self.name)
        self._failures, self._reason, self._answered_at = 0, None, now
        self._idle_looks = 0 if self._screens.busy else self._idle_looks + 1
        self._metrics.poll_last_success.labels(self.name).set(now / 1000)
        if not self._screens.in_doubt:
            self._hearing = replace(self._hearing, last_heard=now, failing=False)
        self._show()

    async def _recall(self) -> None:
        """Take up what was open before the daemon was started, as soon as it is known which players are this server's."""
        players = self._server.players
        if players and not self._recalled:
            self._screens.recall(await self._database.read(plays.open_plays), players)
            self._recalled = players

    async def _unheard(self, error: Exception) -> float:
        self._failures += 1
        reason = _reason(error)
        if reason != self._reason:
            refused = isinstance(error, UpstreamRefusal) and error.status in _REFUSALS
            (log.warning if refused else log.info)("watcher.unheard", name=self.name, reason=reason)
        self._reason = reason
        self._hearing = replace(self._hearing, failing=True)
        try:
            await self._screens.unanswered(self._clock.now())
        except StoreUnavailable:
            log.warning("watcher.store_unavailable", name=self.name)
        self._show()
        return self._rest(error)

    def _show(self) -> None:
        self._now.show_heard(self.name, Ear(self._server.source, self._server.players, self._hearing, self._answered_at))

    def _rest(self, error: Exception | None = None) -> float:
        rest = self._pace.rest(
            busy=self._screens.busy, idle_looks=self._idle_looks, failures=self._failures, jitter=random.random()
        )
        if not isinstance(error, UpstreamRefusal):
            return rest
        if error.status in _REFUSALS:
            return self._pace.refused
        return max(rest, min(error.retry_after or 0.0, HOUR / 1000))


def _reason(error: Exception) -> str:
    """What to tell people; without address, token or anything of the answer."""
    if isinstance(error, UpstreamRefusal):
        if error.status in _REFUSALS:
            return f"the server refuses the token or password (HTTP {error.status})"
        return f"the server answers HTTP {error.status}"
    if isinstance(error, (UpstreamError, MalformedPayload)):
        return str(error)
    return f"the answer could not be used ({type(error).__name__})"
