"""Syncs that are asked for while another one runs: no wish is lost, and whoever follows it sees what came of it."""

from pathlib import Path
from typing import cast

import anyio
import pytest
from anyio.lowlevel import checkpoint

from tests.services.home import a_home
from tests.services.library_at_home import asked, sync_of, synced
from watchd.standins.faults import Fault
from watchd.standins.much import fill_library


@pytest.mark.parametrize("down", [False, True])
async def test_a_wish_for_everything_is_not_lost_among_others(tmp_path: Path, *, down: bool) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=300, shows=10)
        await synced(home)
        home.clock.advance(300)
        if down:
            home.trakt.faults.add(Fault("status", status=503, path="/sync/last_activities", times=1))
        sync, begun = sync_of(home), len(home.trakt.requests)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync.run)
            sync.ask(full=True)
            await home.trakt.until(lambda: len(home.trakt.requests) > begun)
            sync.ask()
            while sync.running:
                await checkpoint()
            tasks.cancel_scope.cancel()
        facts = sync.facts()
        assert asked(home.trakt.requests[begun:])["/sync/last_activities"] == 2
        assert facts["requests"] == len(home.trakt.requests) - begun
        assert {"history", "stats", "watchlist", "playback"} <= set(cast("list[str]", facts["read"]))
        assert facts["reason"] is None


async def test_a_wish_that_comes_while_another_run_ends_is_followed_to_its_own_end(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=300, shows=10)
        await synced(home)
        sync = sync_of(home)
        for wait in range(0, 60, 12):
            home.clock.advance(300)
            begun = len(home.trakt.requests)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(sync.run)
                sync.ask()
                for _ in range(wait):
                    await checkpoint()
                sync.ask(full=True)
                while sync.running:
                    await checkpoint()
                tasks.cancel_scope.cancel()
            assert asked(home.trakt.requests[begun:])["/users/me/history"] == 2, wait
            assert "history" in cast("list[str]", sync.facts()["read"]), wait
