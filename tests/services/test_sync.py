"""The library comes whole, with few requests, and only what changed is read again."""

import json
from pathlib import Path

import anyio

from tests.services.home import a_home
from tests.services.library_at_home import asked, history, leftovers, section, shown, sync_of, synced
from watchd.clock import DAY, MINUTE
from watchd.settings import AccountSettings
from watchd.standins.much import fill_library
from watchd.standins.shelf import Entry, UserList


async def test_a_first_sync_is_whole_and_asks_for_no_page_twice(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=1300, shows=40, items=300)
        requests = await synced(home)
        assert len(await history(home)) == 1300 == home.trakt.history_count()
        for name, rows in {"watchlist": 300, "lists": 2, "list:26000000": 300, "comments": 30, "ratings": 80}.items():
            found = await section(home, name)
            assert found is not None
            assert (found.rows, found.failed_at, len(await shown(home, name))) == (rows, None, rows), name
        assert max(asked(requests).values()) == 6  # 1300 plays in pages of 250
        assert len(requests) == 6 + 1 + 3 + 2 + 2 * 2 + 1 + 1 + 1 + 1 + 1 + 2 + 1 + 3 + 2 + 3 + 1 + 1 + 2
        facts = sync_of(home).facts()
        assert (facts["mismatch"], facts["failed"], facts["in_doubt"], facts["reason"]) == ({}, {}, {}, None)
        assert await leftovers(home) == 0


async def test_nothing_changed_is_one_request_and_a_new_play_at_most_four(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=300, shows=10, items=20)
        await synced(home)
        home.clock.advance(300)
        assert asked(await synced(home)) == {"/sync/last_activities": 1}
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now())
        home.clock.advance(300)
        requests = await synced(home)
        assert len(requests) <= 4
        assert len(await history(home)) == 301
        assert (await history(home))[0][0] == "trakt"
        home.clock.advance(300)
        assert len(await synced(home)) == 1


async def test_what_is_watched_leaves_the_watchlist_here_too(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        heat = home.trakt.catalogue.movie(616)
        user = home.trakt.user()
        user.shelf.watchlist = [Entry(1, heat, home.clock.now()), Entry(2, home.trakt.catalogue.movie(28), home.clock.now())]
        await synced(home)
        assert len(await shown(home, "watchlist")) == 2
        home.clock.advance(300)
        home.trakt.add_play("watcher", heat, home.clock.now())
        assert len(await synced(home)) <= 4
        assert [json.loads(body)["movie"]["ids"]["trakt"] for body in await shown(home, "watchlist")] == [28]


async def test_what_was_added_with_an_old_date_comes_with_the_daily_reading_or_when_the_counts_differ(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=300, shows=10)
        await synced(home)
        home.clock.advance(7200)
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now() - 400 * DAY)
        await synced(home)
        assert len(await history(home)) == 300
        assert sync_of(home).facts()["mismatch"] == {"movie": 1}
        home.clock.advance(300)
        await synced(home)
        assert len(await history(home)) == 301
        assert sync_of(home).facts()["mismatch"] == {}
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(28), 0)
        home.trakt.user().activities.clear()
        home.clock.advance(86_400)
        await synced(home)
        assert (await history(home))[-1][2] == 0
        assert len(await history(home)) == 302


async def test_a_deleted_list_takes_its_items_with_it_and_a_changed_one_is_read_again(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        user, now, movies = home.trakt.user(), home.clock.now(), home.trakt.catalogue.movies
        rows = tuple(Entry(number, movie, now) for number, movie in enumerate(movies[:5], start=1))
        for number in (1, 2):
            user.shelf.lists[number] = UserList(number, f"List {number}", now, now, rows)
        await synced(home)
        home.clock.advance(300)
        user.shelf.lists[1] = user.shelf.lists[1].holding(rows[:2], home.clock.now())
        del user.shelf.lists[2]
        user.touch("lists.updated_at", home.clock.now())
        assert set(asked(await synced(home))) == {"/sync/last_activities", "/users/me/lists", "/users/me/lists/1/items"}
        assert (len(await shown(home, "list:1")), await shown(home, "list:2")) == (2, [])
        assert await section(home, "list:2") is None
        assert await leftovers(home) == 0


async def test_rows_are_kept_as_they_came_and_those_that_name_nothing_are_counted(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        user = home.trakt.user()
        odd = {"rank": 3, "id": 9, "type": "movie", "movie": {"title": None, "ids": {"trakt": 7, "new": None}}, "later": [1]}
        user.shelf.ghosts["watchlist"] = [odd, {"rank": 4, "id": 10, "type": "movie", "movie": {"ids": {"trakt": None}}}]
        user.ghost_plays = [
            {"id": 77, "watched_at": "2020-01-01T00:00:00.000Z", "type": "movie", "movie": {"title": None, "ids": {}}},
            {
                "id": 78, "watched_at": "2020-01-02T00:00:00.000Z", "action": "new", "type": "episode", "more": {"x": None},
                "show": {"title": "Lost \ud800", "year": None, "ids": {"trakt": 73, "imdb": ""}},
                "episode": {"ids": {"trakt": 4}},
            },
        ]  # fmt: skip
        await synced(home)
        [body] = await shown(home, "watchlist")
        assert json.loads(body) == odd
        assert [row[1] for row in await history(home)] == [78]
        facts = sync_of(home).facts()
        assert (facts["mismatch"], facts["reason"]) == ({}, None)
        assert facts["nameless"] == 1


async def test_a_public_name_syncs_what_is_public(tmp_path: Path) -> None:
    me = AccountSettings(name="me", trakt_username="watcher")
    async with a_home(tmp_path, logged_in=False, accounts=(me,)) as home:
        fill_library(home.trakt, plays=120, shows=5, items=10)
        home.trakt.user().shelf.lists[5] = UserList(5, "Secret", 0, 0, (), "private")
        await synced(home)
        assert len(await history(home)) == 120
        assert [len(await shown(home, name)) for name in ("watchlist", "lists", "settings", "playback")] == [10, 2, 0, 0]
        assert sync_of(home).facts()["failed"] == {}
        home.clock.advance(1800)
        assert asked(await synced(home)) == {"/users/watcher/stats": 1}
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now())
        home.clock.advance(1800)
        assert set(asked(await synced(home))) == {"/users/watcher/stats", "/users/watcher/history"}
        assert len(await history(home)) == 121


async def test_another_user_behind_the_login_stops_the_sync(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=60, shows=2)
        await synced(home)
        home.trakt.add_user("somebody-else")
        code = await home.login.begin()
        home.trakt.approve(code.user_code, "somebody-else")
        await home.login.wait(code)
        home.clock.advance(300)
        assert await synced(home, full=True) == []
        assert "another Trakt user" in str(sync_of(home).facts()["reason"])
        assert len(await history(home)) == 60
        await home.log_in(confirm=True)
        assert len(await history(home)) == 60


async def test_plays_within_the_last_minutes_are_not_missed(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await synced(home)
        for number, movie in enumerate(home.trakt.catalogue.movies):
            home.clock.advance(300)
            home.trakt.add_play("watcher", movie, home.clock.now() - 3 * 60 * MINUTE)
            await synced(home)
            assert len(await history(home)) == number + 1


async def test_what_is_asked_for_while_it_reads_is_done_afterwards(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=900, shows=10)
        sync, begun = sync_of(home), len(home.trakt.requests)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync.run)
            sync.ask()
            await home.trakt.until(lambda: len(home.trakt.requests) >= begun + 3)
            sync.ask()
            await home.trakt.until(lambda: asked(home.trakt.requests[begun:])["/sync/last_activities"] == 2)
            tasks.cancel_scope.cancel()
