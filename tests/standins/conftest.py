"""A Trakt on a clock that the test moves, and somebody who talks to it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.standins.talk import Talk, app_headers, as_user
from watchd.clock import ManualClock
from watchd.standins import Switches, TraktStandIn


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def trakt(clock: ManualClock) -> AsyncIterator[TraktStandIn]:
    """Without rate limits, which stand still with the clock; their own tests turn them on."""
    async with TraktStandIn(clock, switches=Switches(rate_limits=False)) as trakt:
        yield trakt


@pytest.fixture
def watcher(session: ClientSession, trakt: TraktStandIn) -> Talk:
    return as_user(session, trakt)


@pytest.fixture
def stranger(session: ClientSession, trakt: TraktStandIn) -> Talk:
    """The app without a user."""
    return Talk(session, trakt.url, app_headers(trakt))
