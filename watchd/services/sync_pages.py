"""Reading a list of Trakt's page by page, patiently, and saying whether that was all of it."""

from collections.abc import Awaitable, Callable

import structlog

from watchd.clients.trakt_sections import Page
from watchd.clock import Clock
from watchd.errors import LoginRequired, UpstreamError, UpstreamRefusal, WatchdError
from watchd.rules.pages import Tally, goes_on

log = structlog.get_logger()

_WAITS = (2.0, 15.0, 60.0, 300.0)
_PASSING = frozenset({408, 429})


class NotWhole(WatchdError):
    """A list did not come whole; what was shown of it before stays."""


Fetch = Callable[[int], Awaitable[Page]]
Take = Callable[[Page], Awaitable[int]]


async def read_pages(fetch: Fetch, take: Take, clock: Clock, *, paged: bool) -> int:
    """Hand each page to `take`, which says how many of its rows are new; return how many that were in the end.

    NotWhole when the headers told of more rows than came.
    """
    tally, number = Tally(), 1
    while True:
        page = await patiently(lambda asked=number: fetch(asked), clock)  # type: ignore[misc]
        fresh = await take(page)
        tally.add(fresh, page.items)
        if not goes_on(number, len(page.rows), tally, page.count, paged=paged):
            break
        number += 1
    trouble = tally.trouble()
    if trouble is not None:
        raise NotWhole(trouble)
    return tally.seen


async def patiently(call: Callable[[], Awaitable[Page]], clock: Clock) -> Page:
    """The answer, asked for again some times when it fails for the moment: a long reading is not to be begun anew for that."""
    for wait in _WAITS:
        try:
            return await call()
        except UpstreamError as error:
            if not passing(error):
                raise
            log.info("sync.page_failed", error=str(error), again_in=wait)
            await clock.sleep(wait)
    return await call()


def passing(error: UpstreamError) -> bool:
    """Whether it may be gone in a moment; a page of the proxy's with 403 takes longer than that."""
    if isinstance(error, UpstreamRefusal):
        return error.status >= 500 or error.status in _PASSING
    return not isinstance(error, LoginRequired)
