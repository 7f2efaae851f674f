"""What Trakt calls next: read once a day in as few pages as there are, and done without where Trakt will not tell it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.home import ME, Home, a_home
from tests.services.library_at_home import asked, section, sync_of, synced
from watchd.model.personal import Ask, Flowing
from watchd.standins.faults import Fault
from watchd.standins.shelf import Entry

PATH = "/sync/progress/up_next"


async def next_of_friends(home: Home) -> tuple[Any, Any]:
    """The next episode, and the note."""
    document = await home.daemon.ports.library.find(ME, Ask("progress"))
    assert document is not None
    assert not isinstance(document, Flowing)
    found = json.loads(document.body)
    return found["data"][0]["progress"]["next_episode"], found["metadata"].get("note")


def friends(home: Home, season: int, number: int) -> dict[str, Any]:
    show = home.trakt.catalogue.show("friends")
    return {"show": {"title": show.title, "year": show.year, "ids": show.ids}, "episode": {"season": season, "number": number}}


def watch(home: Home, *places: tuple[int, int]) -> None:
    for place in places:
        home.trakt.add_play("watcher", home.trakt.catalogue.episode("friends", *place), home.clock.now())


async def test_the_next_episode_is_as_trakt_has_it_and_follows_what_is_watched(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        watch(home, (1, 1), (1, 2))
        assert asked(await synced(home))[PATH] == 1
        following, note = await next_of_friends(home)
        assert (following["season"], following["number"], note) == (1, 3, None)
        assert following["ids"]["trakt"] == home.trakt.catalogue.episode("friends", 1, 3).ids["trakt"]
        home.clock.advance(300)
        assert PATH not in asked(await synced(home))
        watch(home, (1, 3))
        home.clock.advance(300)
        requests = asked(await synced(home))
        assert (requests[PATH], sum(requests.values())) == (1, 4)
        assert (await next_of_friends(home))[0]["number"] == 4


async def test_where_a_new_play_takes_enough_requests_as_it_is_it_waits_for_the_next_day(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        watch(home, (1, 1))
        wished = home.trakt.catalogue.movie(616)
        home.trakt.user().shelf.watchlist = [Entry(1, wished, home.clock.now())]
        await synced(home)
        watch(home, (1, 2))
        home.trakt.add_play("watcher", wished, home.clock.now())
        home.clock.advance(300)
        requests = asked(await synced(home))
        assert (requests[PATH], sum(requests.values())) == (0, 4)
        assert (await next_of_friends(home))[0] is None
        home.clock.advance(86_400)
        assert asked(await synced(home))[PATH] == 1
        assert (await next_of_friends(home))[0]["number"] == 3


async def test_what_was_watched_since_is_followed_by_what_tmdb_has_after_it(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        watch(home, (1, 1), (1, 3))
        await synced(home)
        await home.daemon.finding.airing.look()
        await home.daemon.finding.airing.fetch_due()
        await home.scrobble("stop", {**friends(home, 1, 4), "progress": 95})
        following, note = await next_of_friends(home)
        assert (following["season"], following["number"], following["ids"]["trakt"], note) == (1, 5, None, None)


@pytest.mark.parametrize("status", [403, 404])
async def test_an_app_that_is_not_told_does_without(tmp_path: Path, status: int) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("status", path=PATH, status=status, times=None))
        watch(home, (1, 1))
        await synced(home)
        facts, found = sync_of(home).facts(), await section(home, "up_next")
        assert (facts["failed"], facts["reason"]) == ({}, None)
        assert found is not None
        assert found.rows == 0
        following, note = await next_of_friends(home)
        assert following is None
        assert "of 1 of these shows" in str(note)
        home.clock.advance(300)
        assert len(await synced(home)) == 1
