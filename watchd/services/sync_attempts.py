"""Trying sections one after the other: what fails keeps what was shown, and the rest goes on while that makes sense."""

from collections.abc import Awaitable, Callable

import structlog

from watchd.errors import LoginRequired, UpstreamError, UpstreamRefusal
from watchd.rules.due_sections import REFUSED
from watchd.services.sync_pages import NotWhole, passing
from watchd.services.sync_sections import SectionSync
from watchd.services.unforeseen import UNFORESEEN
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

_DOWN = 2
_REFUSED = 3


class Attempts:
    """Of one run: `read` is what came, `trouble` the first thing that went wrong."""

    def __init__(self, shelves: SectionSync, metrics: Metrics) -> None:
        self._shelves = shelves
        self._metrics = metrics
        self._down = self._refused = 0
        self.read: list[str] = []
        self.trouble: str | None = None

    async def make(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do it, or write down why not; an error that is not this section's alone is raised on."""
        try:
            await work()
        except (NotWhole, UpstreamError) as error:
            if isinstance(error, LoginRequired) or _closed(error):
                raise
            await self._failed(name, error)
            if self._down >= _DOWN or (self._refused >= _REFUSED and not self.read):
                raise
            return False
        except UNFORESEEN as error:
            reason = f"an unforeseen error ({type(error).__name__})"
            self.trouble = self.trouble or f"{name}: {reason}"
            log.exception("sync.section_failed", section=name)
            self._metrics.internal_errors.labels("sync").inc()
            await self._shelves.failed(name, reason)
            return False
        self._down = self._refused = 0
        self.read.append(name)
        return True

    async def _failed(self, name: str, error: Exception) -> None:
        """Trakt may be down, or refuse everything: then neither is every section tried nor any of them again soon."""
        down = isinstance(error, UpstreamError) and passing(error)
        refused = isinstance(error, UpstreamRefusal) and not down
        self._down = self._down + 1 if down else 0
        self._refused = self._refused + 1 if refused else 0
        self.trouble = self.trouble or f"{name}: {error}"
        log.warning("sync.section_failed", section=name, error=str(error))
        await self._shelves.failed(name, f"{REFUSED}{error}" if refused else str(error))


def _closed(error: Exception) -> bool:
    """Whether nothing more can be had for now: the account is locked, or the proxy before Trakt keeps us out."""
    return isinstance(error, UpstreamRefusal) and (error.status == 423 or (error.status == 403 and error.is_html))
