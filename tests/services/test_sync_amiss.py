"""Sync where much is amiss: nothing is asked for over and over, nothing stops the rest, nobody else's plays come in."""

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.services.home import ME, a_home
from tests.services.library_at_home import asked, history, leftovers, shown, sync_of, synced
from watchd.clients.trakt_sections import library_row
from watchd.demo.players import plex_payload
from watchd.model.library import LibraryRow
from watchd.model.personal import Ask, Ready
from watchd.services import sync_sections
from watchd.services.library import Library
from watchd.standins.faults import Fault
from watchd.standins.much import fill_library


async def test_a_history_that_cannot_be_read_has_nothing_else_read_again_and_again(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=600, shows=10, items=40)
        await synced(home)
        home.trakt.faults.add(Fault("status", status=404, path="/users/me/history", times=None))
        home.clock.advance(86_400)
        await synced(home)
        assert set(sync_of(home).facts()["failed"]) == {"history"}  # type: ignore[call-overload]
        home.clock.advance(300)
        assert asked(await synced(home)) == {"/sync/last_activities": 1}
        home.clock.advance(3600)
        assert asked(await synced(home)) == {"/sync/last_activities": 1, "/users/me/history": 1}
        home.trakt.faults.clear()
        home.clock.advance(3600)
        await synced(home)
        assert sync_of(home).facts()["failed"] == {}


async def test_a_section_with_an_unforeseen_error_lets_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(told: Any, kind: str | None) -> LibraryRow | None:
        if isinstance(told, dict) and told.get("rating"):
            raise KeyError("rating")
        return library_row(told, kind)

    monkeypatch.setattr(sync_sections, "library_row", spoilt)
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=60, shows=5, items=40)
        await synced(home)
        facts = sync_of(home).facts()
        assert facts["failed"] == {"ratings": "an unforeseen error (KeyError)"}
        assert (len(await history(home)), len(await shown(home, "watchlist"))) == (60, 40)
        assert len(await shown(home, "list:26000001")) == 40
        assert await leftovers(home) == 0


async def test_a_login_as_another_user_in_the_middle_brings_nothing_of_theirs(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=900, shows=10)
        theirs = home.trakt.add_user("somebody-else")
        for number in range(600):
            home.trakt.add_play("somebody-else", home.trakt.catalogue.movie(616), home.clock.now() - number * 3_600_000)
        begun = len(home.trakt.requests)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync_of(home).sync)
            await home.trakt.until(lambda: len(home.trakt.requests) >= begun + 3)
            code = await home.login.begin(confirm=True)
            home.trakt.approve(code.user_code, "somebody-else")
            await home.login.wait(code)
        assert "the login changed" in str(sync_of(home).facts()["reason"]) or "checked" in str(sync_of(home).facts()["reason"])
        numbers = {row.id for row in theirs.history}
        assert not numbers & {number for _, number, _ in await history(home)}
        await synced(home)
        assert numbers <= {number for _, number, _ in await history(home)}


async def test_documents_say_while_the_history_was_not_read_to_its_end(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=600, shows=10, items=20)
        home.trakt.faults.add(Fault("status", status=404, path="/users/me/history", after=1, times=1))
        await synced(home)

        async def note(endpoint: str) -> object:
            shelf = Library(home.daemon.database, home.clock, lambda _: "me")
            found = await shelf.find(ME, Ask(endpoint, "movies"))
            assert isinstance(found, Ready)
            return json.loads(found.body)["metadata"].get("note")

        assert len(await history(home)) == 250
        assert [await note(name) for name in ("history", "watched", "watchlist")] == [
            "Trakt's history was not read to its end yet", "Trakt's history was not read to its end yet", None,
        ]  # fmt: skip
        home.clock.advance(3600)
        await synced(home)
        assert await note("history") is None


async def test_a_new_play_shows_at_once_whatever_trakt_does(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=20, shows=5, items=20)
        await synced(home)

        async def newest() -> list[str]:
            found = await home.daemon.ports.library.find(ME, Ask("history", "movies", limit=1))
            assert isinstance(found, Ready)
            return [row["movie"]["title"] for row in json.loads(found.body)["data"]]

        heat = home.trakt.catalogue.movie(616)
        assert await newest() != [heat.title]
        home.trakt.faults.add(Fault("status", status=503, path="/*", times=None))
        home.clock.advance(60)
        before = len(home.trakt.requests)
        await home.plex(plex_payload("media.scrobble", heat, None))
        assert await newest() == [heat.title]
        assert len(home.trakt.requests) == before
