"""Poller: asks Trakt what is being watched, and says honestly when it cannot be heard. A poll never makes a play."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

import anyio
import structlog

from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_items import TraktWatching
from watchd.clock import HOUR, MINUTE, Clock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError, UpstreamRefusal
from watchd.rules.hearing import Hearing
from watchd.rules.media import same_item
from watchd.rules.now import Polled, start_of
from watchd.rules.poll import AFTER_RELAY, next_poll
from watchd.services.now import Now
from watchd.services.unforeseen import UNFORESEEN
from watchd.services.waiting import sleep_or
from watchd.store import deliveries, medias, plays
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_ECHO_SLACK = MINUTE
_JUST_NOW = 5 * MINUTE
_HOPELESS = frozenset({403, 420, 423, 426})


@dataclass(frozen=True, slots=True)
class Ear:
    """Through which client Trakt is asked, and after whom: `me` with a login, else the name of a public profile."""

    trakt: TraktClient
    user: str


class Poller:
    """One account's ear at Trakt.

    `ear()` gives it, or None while there is neither a login nor a name to ask after; LoginRequired while there is a login
    that must not be heard.
    """

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        now: Now,
        metrics: Metrics,
        *,
        ear: Callable[[], Ear | None],
        label: str = "watching",
    ) -> None:
        self._label = label
        self._account_id = account_id
        self._ear = ear
        self._database = database
        self._clock = clock
        self._now = now
        self._metrics = metrics
        self._polled: Polled | None = None
        self._hearing = Hearing(asked=True, since=clock.now())
        self._idle_polls = 0
        self._failures = 0
        self._soon = anyio.Event()
        self._anew = anyio.Event()
        self._generation = 0

    def start(self) -> None:
        """Say that Trakt's word counts: until it is first heard the state is unknown, not idle."""
        if self._listening():
            self._now.show_polled(self._account_id, None, self._hearing)

    def reset(self) -> None:
        """Another login, or none: forget what was heard, also what is being heard at this moment, and ask at once."""
        self._generation += 1
        self._polled, self._failures, self._idle_polls = None, 0, 0
        self._hearing = Hearing(asked=self._listening(), since=self._clock.now())
        self._now.show_polled(self._account_id, None, self._hearing)
        self._anew.set()

    def _listening(self) -> bool:
        """Whether Trakt's word counts, be it that it cannot be had at the moment."""
        try:
            asked = self._ear() is not None
        except LoginRequired:
            asked = True
        self._metrics.poll_asked.labels(self._label).set(1 if asked else 0)
        return asked

    def nudge(self) -> None:
        """Something happened that Trakt's answer should show shortly: ask again in 2 s."""
        self._soon.set()

    @property
    def hearing(self) -> Hearing:
        return self._hearing

    async def run(self) -> None:
        """Poll for ever; never returns."""
        while True:
            self._soon, self._anew = anyio.Event(), anyio.Event()
            wait = await self.poll_once()
            # A nudge does not hurry what fails: whoever acts tries Trakt by itself.
            soon = anyio.Event() if self._failures else self._soon
            await self._rest(wait, soon, self._anew)

    async def _rest(self, wait: int, soon: anyio.Event, anew: anyio.Event) -> None:
        """Until the next poll is due, a nudge asks for it, or a `reset` does, which waits for nothing."""
        async with anyio.create_task_group() as tasks:

            async def renewed() -> None:
                await anew.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(renewed)
            await sleep_or(self._clock, wait / 1000, soon, AFTER_RELAY / 1000)
            tasks.cancel_scope.cancel()

    async def poll_once(self) -> int:
        """Ask once and show what is true; return when to ask next (ms)."""
        generation = self._generation
        began = self._clock.monotonic()
        try:
            ear = self._ear()
            if ear is None:
                return HOUR
            polled = await self._understood(ear, await ear.trakt.watching(ear.user))
        except (UpstreamError, StoreUnavailable) as error:
            return self._unheard(error, generation)
        except UNFORESEEN as error:
            log.exception("poller.failed")
            self._metrics.internal_errors.labels("poller").inc()
            return self._unheard(error, generation)
        finally:
            self._metrics.poll_seconds.labels(self._label).observe(max(0.0, self._clock.monotonic() - began))
        if generation != self._generation:
            return 0
        now = self._clock.now()
        self._failures = 0
        self._idle_polls = 0 if polled is not None else self._idle_polls + 1
        self._polled = polled
        self._hearing = replace(self._hearing, last_heard=now, failing=False)
        self._metrics.poll_last_success.labels(self._label).set(now / 1000)
        self._now.show_polled(self._account_id, polled, self._hearing)
        return self._wait(now)

    def _wait(self, now: int) -> int:
        running = self._polled is not None and not self._polled.paused
        return next_poll(
            now,
            expires_at=self._polled.expires_at if self._polled is not None and running else None,
            idle_polls=self._idle_polls,
            failures=self._failures,
            local=self._now.local_state(self._account_id),
        )

    def _unheard(self, error: Exception, generation: int) -> int:
        if generation != self._generation:
            return 0
        self._failures += 1
        self._hearing = replace(self._hearing, failing=True)
        log.info("poller.unheard", error=str(error), failures=self._failures)
        self._now.show_polled(self._account_id, self._polled, self._hearing)
        refused = isinstance(error, UpstreamRefusal) and error.status in _HOPELESS and not error.is_html
        if refused or isinstance(error, LoginRequired):
            return HOUR
        return self._wait(self._clock.now())

    async def _understood(self, ear: Ear, told: TraktWatching | None) -> Polled | None:
        now = self._clock.now()
        offset = ear.trakt.offset_ms or 0
        if told is None or told.expires_at - offset <= now:
            return await self._vanished(ear, now, offset)
        polled = Polled(told.media, told.started_at - offset, told.expires_at - offset)
        if await self._database.read(lambda connection: is_echo(connection, self._account_id, polled)):
            return None
        return polled

    async def _vanished(self, ear: Ear, now: int, offset: int) -> Polled | None:
        """Nothing is being watched there. What went before its end is asked after once: paused, finished or given up."""
        before = self._polled
        if before is None or before.paused or ear.user != "me":
            return before if before is not None and before.paused else None
        if before.expires_at <= now:
            return None
        for row in await ear.trakt.recent_history(ear.user):
            if same_item(row.media, before.media) and abs(row.watched_at - offset - now) <= _JUST_NOW:
                return None
        for kept in await ear.trakt.playback():
            if same_item(kept.media, before.media) and abs(kept.paused_at - offset - now) <= _JUST_NOW:
                return replace(before, paused=True, progress=kept.progress, paused_at=kept.paused_at - offset)
        return None


def is_echo(connection: sqlite3.Connection, account_id: int, polled: Polled) -> bool:
    """Whether Trakt only repeats a start of ours whose play has ended here."""
    media_id = medias.known(connection, account_id, polled.media)
    if media_id is None:
        return False
    return any(
        not play.open
        and start_of(polled) <= (play.ended_at or play.updated_at) + _ECHO_SLACK
        and deliveries.started_there(connection, play.id)
        for play in plays.of_media(connection, media_id)
    )
