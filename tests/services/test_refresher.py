"""What the store has learned of open plays reaches the card, also when the store could not be asked at first."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.services.home import ME, Home, a_home
from watchd.clock import ManualClock
from watchd.errors import StoreUnavailable
from watchd.services.refresher import Refresher
from watchd.store.database import Database, Work


class Moody(Database):
    """A database that does not take the first writes."""

    def __init__(self, real: Database, refusals: int) -> None:
        self._real = real
        self.refusals = refusals

    async def write(self, work: Work[Any], *, patient: bool = False) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailable("not now")
        return await self._real.write(work, patient=patient)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home(tmp_path) as home:
        yield home


async def test_a_mark_outlives_a_store_that_is_unavailable_for_a_while(home: Home) -> None:
    told, clock = list[int](), ManualClock()
    moody = Moody(home.daemon.database, refusals=2)
    refresher = Refresher(moody, home.daemon.now, clock, changed=told.append)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(refresher.run)
        refresher.mark(ME)
        async with asyncio.timeout(10):
            while not told:
                await asyncio.sleep(0)
                clock.advance(1.0)
        tasks.cancel_scope.cancel()
    assert (told, moody.refusals) == ([ME], 0)


async def test_what_is_marked_while_another_refresh_is_under_way_is_refreshed_too(home: Home) -> None:
    told, over = list[int](), asyncio.Event()

    def again(account: int) -> None:
        told.append(account)
        if len(told) < 3:
            refresher.mark(account)
        else:
            over.set()

    refresher = Refresher(home.daemon.database, home.daemon.now, ManualClock(), changed=again)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(refresher.run)
        refresher.mark(ME)
        async with asyncio.timeout(10):
            await over.wait()
        tasks.cancel_scope.cancel()
    assert told == [ME] * 3
