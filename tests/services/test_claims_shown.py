"""Trakt's number of a viewing shows in the history as soon as it is known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio

from tests.services.home import ME, Home, a_home
from watchd.model.media import MediaIds, Movie
from watchd.model.personal import Ask, Ready
from watchd.model.playback import Action, PlaybackEvent

HEAT = Movie("Heat", 1995, MediaIds(trakt=616), 10_200)
"""With all that the relay needs, so that nothing is looked up and learned on the way."""
HISTORY = Ask("history", type="movies")


async def shown(home: Home) -> list[dict[str, Any]]:
    found = await home.daemon.ports.library.find(ME, HISTORY)
    assert isinstance(found, Ready)
    rows: list[dict[str, Any]] = json.loads(found.body)["data"]
    return rows


async def until(home: Home, good: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    with anyio.fail_after(10):
        while not good(rows := await shown(home)):
            await anyio.lowlevel.checkpoint()
    return rows


async def test_the_number_an_answer_told_shows_at_once(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home, anyio.create_task_group() as tasks:
        tasks.start_soon(home.daemon.refresher.run)
        await home.event(PlaybackEvent("plex", Action.START, HEAT, progress=0, duration=10_200, player="tv"))
        home.clock.advance(9_900)
        await home.event(PlaybackEvent("plex", Action.STOP, HEAT, progress=97, duration=10_200, player="tv"))
        assert [row["trakt_id"] for row in await shown(home)] == [None]
        await home.relay_all()
        number = home.trakt.user().history[0].id
        assert [row["trakt_id"] for row in await until(home, lambda rows: rows[0]["trakt_id"] is not None)] == [number]
        tasks.cancel_scope.cancel()


async def test_the_number_that_was_read_back_shows_at_once(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home, anyio.create_task_group() as tasks:
        tasks.start_soon(home.daemon.refresher.run)
        await home.event(PlaybackEvent("plex", Action.WATCHED, HEAT, player="tv"))
        await home.relay_all()
        await home.daemon.database.write(lambda connection: connection.execute("UPDATE plays SET trakt_history_id = NULL"))
        await home.daemon.database.write(lambda connection: connection.execute("UPDATE deliveries SET history_id = NULL"))
        home.clock.advance(3_600)
        home.daemon.ports.library.clear()
        assert [row["trakt_id"] for row in await shown(home)] == [None]
        ledger = home.relay._ledger
        await ledger.claim_next()
        number = home.trakt.user().history[0].id
        assert [row["trakt_id"] for row in await until(home, lambda rows: rows[0]["trakt_id"] is not None)] == [number]
        tasks.cancel_scope.cancel()
