"""What goes wrong while the library is read: what was shown stays, nothing of ours goes, and it can be seen."""

from pathlib import Path

import anyio
import pytest

from tests.services.home import ME, Home, a_home
from tests.services.library_at_home import asked, history, leftovers, query, section, shown, sync_of, synced
from watchd.demo.players import plex_payload
from watchd.model.library import LibraryRow
from watchd.standins.faults import Fault
from watchd.standins.much import fill_library
from watchd.standins.shelf import Entry
from watchd.store import library


def wishes(home: Home, count: int) -> None:
    """So many movies on the watchlist."""
    now = home.clock.now()
    movies = [home.trakt.catalogue.add_movie(f"Wish {number}", 2000) for number in range(count)]
    home.trakt.user().shelf.watchlist = [Entry(number + 1, movie, now) for number, movie in enumerate(movies)]
    home.trakt.user().touch("watchlist.updated_at", now)


async def test_a_tenth_of_a_list_under_lying_headers_is_not_shown(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        wishes(home, 3846)
        await synced(home)
        assert len(await shown(home, "watchlist")) == 3846
        home.clock.advance(300)
        home.trakt.user().touch("watchlist.updated_at", home.clock.now())
        lie = Fault("lie", path="/users/me/watchlist", headers={"X-Pagination-Page-Count": "1"}, rows=100, times=None)
        home.trakt.faults.add(lie)
        await synced(home)
        found = await section(home, "watchlist")
        assert found is not None
        assert (found.rows, found.failed) == (3846, "1596 of 3846 rows came")
        assert len(await shown(home, "watchlist")) == 3846
        assert sync_of(home).facts()["failed"] == {"watchlist": "1596 of 3846 rows came"}
        assert home.daemon.metrics.registry.get_sample_value("watchd_sync_failed_sections", {"sync": "trakt"}) == 1
        assert await leftovers(home) == 0
        home.clock.advance(300)
        assert asked(await synced(home)) == {"/sync/last_activities": 1}
        home.trakt.faults.clear()
        home.clock.advance(900)
        await synced(home)
        assert sync_of(home).facts()["failed"] == {}


async def test_a_list_that_lost_most_is_believed_at_the_second_look(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        wishes(home, 400)
        await synced(home)
        home.clock.advance(300)
        wishes(home, 0)
        await synced(home)
        assert len(await shown(home, "watchlist")) == 400
        assert sync_of(home).facts()["in_doubt"]
        home.clock.advance(3600)
        await synced(home, full=True)
        assert len(await shown(home, "watchlist")) == 400
        home.clock.advance(5 * 3600)
        await synced(home)
        assert await shown(home, "watchlist") == []
        assert sync_of(home).facts()["in_doubt"] == {}


async def test_a_short_list_may_be_emptied_at_once(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        wishes(home, 20)
        await synced(home)
        home.clock.advance(300)
        wishes(home, 0)
        await synced(home)
        assert await shown(home, "watchlist") == []


async def test_a_page_that_fails_is_asked_for_again(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=600, shows=10, items=300)
        home.trakt.faults.add(Fault("status", status=502, path="/users/me/history", after=1, times=2))
        home.trakt.faults.add(Fault("garbage", path="/users/me/watchlist", after=1, times=1))
        await synced(home)
        assert len(await history(home)) == 600
        assert sync_of(home).facts()["failed"] == {}


async def test_a_section_that_fails_lets_the_others_go_on_and_keeps_what_was_shown(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=100, shows=5, items=40)
        await synced(home)
        home.clock.advance(86_400)
        home.trakt.faults.add(Fault("status", status=500, path="/users/me/watchlist", times=None))
        home.trakt.faults.add(Fault("status", status=404, path="/users/me/comments*", times=None))
        await synced(home)
        assert set(sync_of(home).facts()["failed"]) == {"watchlist", "comments"}  # type: ignore[call-overload]
        assert len(await shown(home, "watchlist")) == 40
        found = await section(home, "ratings")
        assert found is not None
        assert found.synced_at == home.clock.now() or found.failed_at is None


async def test_while_trakt_is_down_the_sync_gives_up_early(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("status", status=503, path="/users/me*", times=None))
        requests = await synced(home)
        assert len(requests) <= 1 + 2 * 5
        assert sync_of(home).facts()["reason"] is not None


async def test_what_a_killed_reading_left_behind_goes_with_the_next_one(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        wishes(home, 300)
        await synced(home)
        torn = [LibraryRow("movie", "{}") for _ in range(450)]
        for name, generation in (("watchlist", 2), ("list:404", 1)):
            await home.daemon.database.write(
                lambda connection, name=name, generation=generation: library.append(  # type: ignore[misc]
                    connection, ME, name, generation, 0, torn
                )
            )
        assert len(await shown(home, "watchlist")) == 300
        assert await leftovers(home) == 900
        home.clock.advance(300)
        await synced(home)
        assert await leftovers(home) == 0
        assert len(await shown(home, "watchlist")) == 300


@pytest.mark.parametrize("requests", [2, 4, 7, 9, 15])
async def test_a_reading_stopped_anywhere_is_completed_by_the_next_one(tmp_path: Path, requests: int) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=900, shows=10, items=300)
        begun = len(home.trakt.requests)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync_of(home).sync)
            await home.trakt.until(lambda: len(home.trakt.requests) >= begun + requests)
            tasks.cancel_scope.cancel()
        for name in ("watchlist", "ratings", "list:26000000"):
            assert len(await shown(home, name)) in (0, 300, 20)
        await synced(home)
        assert len(await history(home)) == 900
        assert [len(await shown(home, name)) for name in ("watchlist", "list:26000000", "list:26000001")] == [300] * 3
        assert await leftovers(home) == 0
        assert sync_of(home).facts()["mismatch"] == {}


async def test_an_account_wiped_at_trakt_loses_nothing_of_ours_and_the_rest_only_at_the_second_look(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=200, shows=5)
        await home.plex(plex_payload("media.scrobble", home.trakt.catalogue.episode("friends", 1, 1), None))
        await home.relay_all()
        home.clock.advance(300)
        await synced(home)
        assert len(await history(home)) == 201
        user = home.trakt.user()
        for row in user.history:
            user.plays.remove(row.id, home.clock.now())
        home.clock.advance(86_400)
        await synced(home)
        assert len(await history(home)) == 201
        home.clock.advance(86_400)
        await synced(home)
        [[origin, _, _]] = await history(home)
        assert origin == "hook"
        assert (await query(home, "SELECT count(*) FROM plays"))[0][0] == 201


async def test_a_row_that_was_away_comes_back_as_the_play_it_was(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        row = home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now() - 60_000)
        await synced(home)
        before = await query(home, "SELECT id FROM plays")
        home.trakt.user().plays.remove(row.id, home.clock.now())
        for _ in range(2):
            home.clock.advance(86_400)
            await synced(home)
        assert await history(home) == []
        home.trakt.user().add_play(row, home.clock.now())
        home.clock.advance(86_400)
        await synced(home)
        assert [found[1] for found in await history(home)] == [row.id]
        assert await query(home, "SELECT id FROM plays") == before


async def test_lists_that_come_short_of_themselves_say_so(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=600, shows=10)
        home.trakt.faults.add(Fault("lie", path="/users/me/history", after=1, rows=200))
        await synced(home)
        assert sync_of(home).facts()["failed"] == {"history": "550 of 600 rows came"}
        home.clock.advance(900)
        await synced(home)
        assert len(await history(home)) == 600
