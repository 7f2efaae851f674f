"""How often Trakt is asked for what it does not give, and what is read when it does: nothing in vain, nothing missed."""

from pathlib import Path

import anyio
import pytest

from tests.services.home import a_home
from tests.services.library_at_home import asked, history, query, section, shown, sync_of, synced
from watchd.demo.players import plex_payload
from watchd.services.sync import EVERY
from watchd.services.syncing import NoSync
from watchd.settings import AccountSettings
from watchd.standins.faults import Fault
from watchd.standins.much import fill_library
from watchd.standins.shelf import Entry, UserList
from watchd.standins.switches import Switches

HOUR = 3_600_000


async def test_more_lists_than_fit_on_a_page_come_whole(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for number in range(1, 151):
            home.trakt.user().shelf.lists[number] = UserList(number, f"List {number}", 0, 0, ())
        await synced(home)
        assert sync_of(home).facts()["failed"] == {}
        assert len(await shown(home, "lists")) == 150


async def test_pages_that_are_always_the_same_come_to_an_end(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        row = {"id": 1, "rank": 1, "type": "movie", "movie": {"title": "Heat", "ids": {"trakt": 1}}}
        headers = {"X-Pagination-Page-Count": "100000"}
        same = Fault("status", status=200, body=[row], headers=headers, path="/users/me/watchlist", times=40)
        home.trakt.faults.add(same)
        requests = await synced(home)
        assert asked(requests)["/users/me/watchlist"] == 11
        assert sync_of(home).facts()["failed"] == {"watchlist": "10 pages in a row brought nothing new"}


async def test_a_page_count_that_is_too_low_does_not_end_a_list(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=600, shows=10)
        home.trakt.faults.add(Fault("lie", path="/users/me/history", headers={"X-Pagination-Page-Count": "1"}, times=None))
        requests = await synced(home)
        assert len(await history(home)) == 600
        assert asked(requests)["/users/me/history"] == 3


@pytest.mark.parametrize(
    "fault, most, reason, wait",
    [
        (Fault("status", status=423, path="/users*", times=None), 2, "locked or deactivated", HOUR),
        (Fault("status", status=403, path="/sync/last_activities"), 1, "refuses the API app", HOUR),
        (Fault("status", status=403, path="/users*", times=None), 4, "refuses the API app", EVERY),
        (Fault("html", status=403, path="/users*", times=None), 2, "turned away before Trakt", EVERY),
    ],
)
async def test_an_account_that_gets_nothing_is_not_tried_on_every_section(
    tmp_path: Path, fault: Fault, most: int, reason: str, wait: int
) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=100, shows=5, items=30)
        home.trakt.faults.add(fault)
        before = len(home.trakt.requests)
        assert await sync_of(home).sync() == wait
        assert len(home.trakt.requests) - before == most
        assert reason in str(sync_of(home).facts()["reason"])


async def test_what_is_refused_is_asked_for_once_an_hour_and_by_hand(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=50, shows=5, items=30)
        home.trakt.faults.add(Fault("status", status=404, path="/users/hidden*", times=None))
        tries = 0
        for _ in range(25):
            tries += asked(await synced(home))["/users/hidden/calendar"]
            home.clock.advance(300)
        assert tries == 3
        assert sync_of(home).facts()["failed"] == {"hidden": "refused: HTTP 404"}
        home.trakt.faults.clear()
        await synced(home, full=True)
        assert sync_of(home).facts()["failed"] == {}


async def test_a_new_user_is_read_once_though_the_history_fails(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=50, shows=5, items=60)
        await synced(home)
        assert len(await shown(home, "watchlist")) == 60
        home.trakt.add_user("somebody-else")
        code = await home.login.begin(confirm=True)
        home.trakt.approve(code.user_code, "somebody-else")
        await home.login.wait(code)
        home.trakt.faults.add(Fault("status", status=404, path="/users/me/history", times=None))
        home.clock.advance(300)
        await synced(home)
        assert await shown(home, "watchlist") == []  # of another user: no shrunk list
        home.clock.advance(300)
        assert asked(await synced(home)) == {"/sync/last_activities": 1}


async def test_a_clock_that_ran_ahead_leaves_nothing_unread(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=50, shows=5)
        await synced(home)
        ahead = 400 * 24 * HOUR
        await home.daemon.database.write(
            lambda connection: connection.execute("UPDATE sections SET synced_at = synced_at + ?", (ahead,))
        )
        home.clock.advance(300)
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now())
        await synced(home)
        assert len(await history(home)) == 51
        found = await section(home, "history_full")
        assert found is not None
        assert found.synced_at is not None
        assert found.synced_at <= home.clock.now()


@pytest.mark.parametrize("skew", [0, 420, -420])
async def test_a_play_that_can_be_read_only_a_little_later_is_not_missed(tmp_path: Path, skew: int) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.clock_skew = skew
        fill_library(home.trakt, plays=50, shows=5)
        home.clock.advance(300)
        await synced(home)
        home.clock.advance(300)
        await synced(home)
        home.trakt.switches = Switches(read_lag=5.0)
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.trakt.now())
        began = home.clock.now()
        await synced(home)
        assert len(await history(home)) == 51
        assert 5_000 < home.clock.now() - began <= 11_000
        home.clock.advance(300)
        began = home.clock.now()
        await synced(home)
        assert home.clock.now() == began  # nothing new to wait for


async def test_plays_that_come_while_pages_are_read_are_neither_lost_nor_doubled(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=900, shows=10)
        begun = len(home.trakt.requests)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync_of(home).sync)
            for page in (1, 2, 3):
                await home.trakt.until(lambda page=page: asked(home.trakt.requests[begun:])["/users/me/history"] >= page)  # type: ignore[misc]
                home.clock.advance(1)
                home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now())
        assert sync_of(home).facts()["failed"] == {}
        await synced(home)
        assert len(await history(home)) == home.trakt.history_count() == 903
        assert await query(home, "SELECT 1 FROM plays WHERE missing_at IS NOT NULL") == []


async def test_an_outcome_whose_row_the_sync_brought_is_not_sent_any_more(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        episode = home.trakt.catalogue.episode("friends", 1, 1)
        home.trakt.add_play("watcher", episode, home.clock.now(), "watch")
        home.clock.advance(20)
        await home.plex(plex_payload("media.scrobble", episode, None))
        await synced(home)
        assert await home.owed() == []
        await home.relay_all()
        assert home.trakt.history_count() == len(await history(home)) == 1
        [delivery] = await home.deliveries()
        assert (delivery.state, delivery.history_id) == ("delivered", home.trakt.user().history[0].id)


async def test_a_list_that_went_before_its_items_were_read_is_forgotten(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        user, now = home.trakt.user(), home.clock.now()
        rows = tuple(Entry(number, movie, now) for number, movie in enumerate(home.trakt.catalogue.movies[:5], start=1))
        for number in (1, 2):
            user.shelf.lists[number] = UserList(number, f"List {number}", now, now, rows)
        home.trakt.faults.add(Fault("status", status=404, path="/users/me/lists/2/items", times=1))
        await synced(home)
        assert sync_of(home).facts()["failed"] == {"list:2": "refused: HTTP 404"}
        assert len(await shown(home, "list:1")) == 5
        del user.shelf.lists[2]
        home.clock.advance(300)
        user.touch("lists.updated_at", home.clock.now())
        await synced(home)
        assert (sync_of(home).facts()["failed"], sync_of(home).facts()["reason"]) == ({}, None)


async def test_a_private_name_is_one_request_and_says_why(tmp_path: Path) -> None:
    me = AccountSettings(name="me", trakt_username="hermit")
    async with a_home(tmp_path, logged_in=False, accounts=(me,)) as home:
        assert len(await synced(home)) == 1
        assert "private" in str(sync_of(home).facts()["reason"])


async def test_a_sync_of_nobody_is_refused_with_the_mend(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        syncing = home.daemon.ports.syncing
        assert syncing is not None
        with pytest.raises(NoSync, match="watchd login"):
            syncing.ask(None, full=False)
        await home.log_in()
        syncing.ask(None, full=False)
        assert sync_of(home).running


async def test_some_private_sections_do_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    me = AccountSettings(name="me", trakt_username="watcher")
    async with a_home(tmp_path, logged_in=False, accounts=(me,)) as home:
        fill_library(home.trakt, plays=50, shows=5, items=30)
        for name in ("followers", "following", "friends", "favorites*"):
            home.trakt.faults.add(Fault("status", status=403, path=f"/users/watcher/{name}", times=None))
        for _ in range(30):
            await synced(home)
            home.clock.advance(3600)
        for name in ("likes_lists", "list:26000001"):
            found = await section(home, name)
            assert found is not None
            assert found.synced_at is not None
            assert home.clock.now() - found.synced_at < 26 * HOUR, name
