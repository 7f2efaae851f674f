"""A viewing known here and at Trakt is one row, whoever tells of it first."""

from pathlib import Path
from typing import Any

import anyio

from tests.services.home import ME, Home, a_home
from tests.services.library_at_home import history, query, sync_of, synced
from watchd.clock import MINUTE
from watchd.demo.players import plex_payload
from watchd.model.media import MediaIds, Movie
from watchd.rules.plan import NEAR
from watchd.services import deleting
from watchd.standins.faults import Fault
from watchd.standins.items import Episode
from watchd.standins.much import fill_library
from watchd.store import reconciling

WATCHED = "media.scrobble"


def an_episode(home: Home) -> Episode:
    return home.trakt.catalogue.episode("friends", 1, 1)


def seen(home: Home) -> dict[str, Any]:
    return plex_payload(WATCHED, an_episode(home), None)


async def test_what_was_delivered_before_the_sync_is_one_row(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.plex(seen(home))
        await home.relay_all()
        home.clock.advance(300)
        await synced(home)
        [row] = home.trakt.user().history
        assert [(origin, number) for origin, number, _ in await history(home)] == [("hook", row.id)]
        assert sync_of(home).facts()["mismatch"] == {}


async def test_a_row_whose_answer_never_came_is_claimed_by_the_sync_and_not_sent_again(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("drop_after", method="POST", path="/scrobble/stop", times=1))
        await home.plex(seen(home))
        await home.relay.deliver_next()
        await synced(home)
        [row] = home.trakt.user().history
        assert [(origin, number) for origin, number, _ in await history(home)] == [("hook", row.id)]
        await home.relay_all()
        assert home.trakt.history_count() == 1
        assert len(await history(home)) == 1


async def test_a_row_that_came_before_the_play_from_here_becomes_its_own(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.add_play("watcher", an_episode(home), home.clock.now(), "scrobble")
        await synced(home)
        assert [origin for origin, _, _ in await history(home)] == ["trakt"]
        home.clock.advance(60)
        receipt = await home.plex(seen(home))
        assert receipt.play is not None
        assert len(await history(home)) == 2
        home.trakt.user().touch("episodes.watched_at", home.clock.now())
        await synced(home)
        [row] = home.trakt.user().history
        assert [(origin, number) for origin, number, _ in await history(home)] == [("hook", row.id)]
        await home.relay_all()
        assert home.trakt.history_count() <= 2


async def test_a_delivery_takes_its_row_from_a_play_of_trakt_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("drop_after", method="POST", path="/scrobble/stop", times=1))
        await home.plex(seen(home))
        await home.relay.deliver_next()
        # The row is dated within the sitting and yet too far from the play for the sync to see that they are one.
        await home.daemon.database.write(
            lambda connection: connection.execute("UPDATE plays SET watched_at = watched_at - ?", (5 * MINUTE,))
        )
        await synced(home)
        assert sorted(origin for origin, _, _ in await history(home)) == ["hook", "trakt"]
        await home.relay_all()
        [row] = home.trakt.user().history
        assert [(origin, number) for origin, number, _ in await history(home)] == [("hook", row.id)]


async def test_two_viewings_are_two_rows_and_each_finds_its_own(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.plex(seen(home))
        await home.relay_all()
        home.clock.advance(4 * 3600)
        await home.plex(seen(home))
        await home.relay_all()
        home.trakt.add_play("watcher", an_episode(home), home.clock.now() - 9 * 3_600_000)
        home.clock.advance(120)
        await synced(home)
        found = await history(home)
        assert [origin for origin, _, _ in found] == ["hook", "hook", "trakt"]
        assert len({number for _, number, _ in found}) == 3 == home.trakt.history_count()


async def test_a_row_settles_the_debt_of_the_nearest_viewing_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        short, first = home.trakt.catalogue.movie(616), home.clock.now() - 60 * MINUTE
        media = Movie(short.title, short.year, MediaIds(imdb=short.ids["imdb"]))
        for at in (first, first + 3 * MINUTE):
            await home.daemon.desk.ports.handling.add(ME, media, at)
        home.trakt.add_play("watcher", short, first + 2 * MINUTE)
        home.clock.advance(20)
        await synced(home)
        assert [owed.at for owed in await home.owed()] == [first]
        await home.relay_all()
        assert home.trakt.history_count() == len(await history(home)) == 2
        home.clock.advance(60)
        await synced(home)
        assert {number for _, number, _ in await history(home)} == {row.id for row in home.trakt.user().history}


async def test_nothing_that_came_from_here_goes_with_its_row(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.plex(seen(home))
        await home.relay_all()
        home.clock.advance(300)
        await synced(home)
        [row] = home.trakt.user().history
        home.trakt.user().plays.remove(row.id, home.clock.now())
        for _ in range(3):
            home.clock.advance(86_400)
            await synced(home)
        assert [origin for origin, _, _ in await history(home)] == ["hook"]
        assert sync_of(home).facts()["mismatch"] == {}
        assert await query(home, "SELECT gone_at FROM plays") == [(None,)]


async def test_a_play_of_trakt_alone_owes_nothing_and_is_no_sitting(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.add_play("watcher", an_episode(home), home.clock.now() - 10 * MINUTE)
        await synced(home)
        assert await home.owed() == []
        await home.plex(plex_payload("media.play", an_episode(home), 0.0))
        assert await query(home, "SELECT origin FROM plays ORDER BY id") == [("trakt",), ("hook",)]


async def test_a_marked_item_that_trakt_has_counts_once(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.add_play("watcher", an_episode(home), home.clock.now() - 10 * MINUTE)
        await synced(home)
        row = home.trakt.user().history[0]
        changed = type(row)(row.id, row.watched_at - 60 * MINUTE, "checkin", row.item)
        home.trakt.user().add_play(changed, home.clock.now())
        home.clock.advance(86_400)
        await synced(home)
        shown = home.trakt.core.shown(changed.watched_at)
        assert await query(home, "SELECT watched_at, action FROM plays") == [(shown, "checkin")]


async def test_a_live_scrobble_does_not_wait_for_the_sync(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        fill_library(home.trakt, plays=3000, shows=20)
        begun = len(home.trakt.requests)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sync_of(home).sync)
            await home.trakt.until(lambda: len(home.trakt.requests) >= begun + 5)
            at = home.clock.now()
            await home.plex(seen(home))
            await home.relay.deliver_next()
            [stop] = home.trakt.calls("POST", "/scrobble/stop")
            assert stop.at - at <= 2000
            assert sync_of(home).running
        assert len(await history(home)) == 3001
        home.clock.advance(300)
        await synced(home)
        assert sync_of(home).facts()["mismatch"] == {}
        assert len(await history(home)) == 3001


async def test_a_play_deleted_before_its_row_was_known_does_not_come_back(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("drop_after", method="POST", path="/scrobble/stop", times=1))
        receipt = await home.plex(seen(home))
        await home.relay.deliver_next()
        assert receipt.play is not None
        await home.plex(plex_payload("media.stop", an_episode(home), 0.99))
        number, now = receipt.play.id, home.clock.now()
        told = await home.daemon.database.write(lambda connection: deleting.delete(connection, number, now))
        assert told.at_trakt == "sought"
        home.clock.advance(300)
        await synced(home)
        assert await history(home) == []
        [row] = home.trakt.user().history
        assert await query(home, "SELECT history_id FROM removals") == [(row.id,)]
        home.trakt.add_play("watcher", an_episode(home), home.clock.now())
        home.clock.advance(300)
        await synced(home)
        assert [origin for origin, _, _ in await history(home)] == ["trakt"]


async def test_a_twin_is_found_with_a_clock_that_is_minutes_off(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        row = home.trakt.add_play("watcher", an_episode(home), home.clock.now(), "scrobble")
        await synced(home)
        receipt = await home.plex(seen(home))
        assert receipt.play is not None
        offset = 7 * MINUTE
        await home.daemon.database.write(
            lambda connection: connection.execute(
                "UPDATE plays SET watched_at = ? WHERE origin = 'hook'", (row.watched_at - offset,)
            )
        )

        def twins(assumed: int) -> Any:
            return home.daemon.database.read(lambda connection: reconciling.linked(connection, ME, [row.id], NEAR, assumed))

        assert (await twins(offset))[row.id].twin
        assert not (await twins(0))[row.id].twin
