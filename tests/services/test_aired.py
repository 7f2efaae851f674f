"""What TMDB tells of episodes: fetched in the background, kept through its silence, and what progress makes of it."""

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.services.home import ME, Home, PacedClock, a_home
from watchd.clock import DAY, iso
from watchd.model.library import LibraryRow, Section
from watchd.model.personal import Ask, Flowing
from watchd.rules import aired as rules
from watchd.services.aired import Airing
from watchd.standins.faults import Fault
from watchd.store import library

SHOW, OTHER = 7_000_001, 7_000_002
NOT_THERE = 999_999


def airing(home: Home) -> Airing:
    return home.daemon.finding.airing


def weekly(home: Home, weeks: int = 2, tmdb_id: int = SHOW, title: str = "Weekly") -> None:
    """A show with a season that is long over, and one that began so many weeks ago and has six episodes."""
    begin = home.clock.now() - (364 + 7 * weeks) * DAY
    home.tmdb.catalogue.add_show(title, 2025, seasons={0: 1, 1: 3, 2: 6}, first_aired=iso(begin), ids={"tmdb": tmdb_id})


async def watch(home: Home, season: int, number: int, tmdb_id: int = SHOW) -> None:
    body = {
        "show": {"title": "Weekly", "year": 2025, "ids": {"tmdb": tmdb_id}},
        "episode": {"season": season, "number": number},
    }
    await home.scrobble("stop", {**body, "progress": 95})


async def wish(home: Home, *rows: dict[str, Any]) -> None:
    def work(connection: Any) -> None:
        made = [LibraryRow(str(row["type"]), json.dumps(row), 1, row["show"]["ids"]["tmdb"]) for row in rows]
        library.append(connection, ME, "watchlist", 1, 0, made)
        library.keep(connection, ME, Section("watchlist", 1, len(rows), synced_at=home.clock.now()))

    await home.daemon.database.write(work)


async def fill(home: Home) -> list[str]:
    """Look at the library and fetch all that is due; the paths that were asked for."""
    before = len(home.tmdb.calls("GET", "/3/"))
    await airing(home).look()
    while await airing(home).fetch_due():
        pass
    home.daemon.ports.library.clear()
    return [seen.path for seen in home.tmdb.calls("GET", "/3/")[before:]]


async def told(home: Home, endpoint: str, **asked: Any) -> dict[str, Any]:
    document = await home.daemon.ports.library.find(ME, Ask(endpoint, **asked))
    assert document is not None
    assert not isinstance(document, Flowing)
    found: dict[str, Any] = json.loads(document.body)
    return found


async def far(home: Home) -> dict[str, Any]:
    (row,) = (await told(home, "progress"))["data"]
    found: dict[str, Any] = row["progress"]
    return found


def place(episode: dict[str, Any] | None) -> tuple[int, int] | None:
    return None if episode is None else (episode["season"], episode["number"])


async def test_progress_knows_what_aired_and_what_comes_next(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        for at in ((0, 1), (1, 1), (1, 2)):
            await watch(home, *at)
        assert await fill(home) == [f"/3/tv/{SHOW}", f"/3/tv/{SHOW}/season/1", f"/3/tv/{SHOW}/season/2"]
        found = await told(home, "progress")
        (row,) = found["data"]
        assert (row["progress"]["aired"], row["progress"]["completed"]) == (6, 2)
        assert row["progress"]["next_episode"] == {
            "season": 1, "number": 3, "title": "Episode 3",
            "ids": {"trakt": None, "tvdb": None, "imdb": None, "tmdb": home.tmdb.catalogue.episode("weekly", 1, 3).ids["tmdb"]},
        }  # fmt: skip
        assert "note" not in found["metadata"]
        await watch(home, 1, 3)
        assert place((await far(home))["next_episode"]) == (2, 1)
        for number in (1, 2, 3):
            await watch(home, 2, number)
        assert (await far(home))["next_episode"] is None
        home.clock.advance(7 * DAY / 1000)
        home.daemon.ports.library.clear()
        now = await far(home)
        assert (now["aired"], place(now["next_episode"])) == (7, (2, 4))


async def test_a_running_show_is_asked_for_daily_and_a_finished_one_rarely(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        weekly(home, 300, OTHER, "Over")
        await watch(home, 1, 1)
        await watch(home, 1, 1, OTHER)
        assert len(await fill(home)) == 6
        assert await fill(home) == []
        home.clock.advance(DAY / 1000 + 1)
        assert await fill(home) == [f"/3/tv/{SHOW}", f"/3/tv/{SHOW}/season/2"]
        home.clock.advance(rules.OVER / 1000)
        assert f"/3/tv/{OTHER}/season/1" in await fill(home)


async def test_what_was_told_is_there_after_a_restart_without_a_call(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        await fill(home)
    async with a_home(tmp_path, logged_in=False) as home:
        assert ((await far(home))["aired"], await fill(home)) == (6, [])
        assert airing(home).progress() == {"tmdb": True, "told": 1, "none": 0, "waiting": 0, "failing": 0, "reason": None}


@pytest.mark.parametrize("fault", [Fault("status", status=500, times=None), Fault("garbage", times=None)])
async def test_while_tmdb_is_down_what_it_told_stays_and_it_is_asked_ever_more_seldom(tmp_path: Path, fault: Fault) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        await fill(home)
        home.clock.advance(DAY / 1000 + 1)
        home.tmdb.faults.add(fault)
        asked = []
        for _ in range(24):
            asked.append(len(await fill(home)))
            home.clock.advance(600 + 1)
        assert [number for number, calls in enumerate(asked) if calls] == [0, 1, 3, 7, 15]
        assert (await far(home))["aired"] == 6
        stands = airing(home).progress()
        assert (stands["told"], stands["failing"]) == (1, 1)
        assert stands["reason"]
        gauge = home.daemon.metrics.registry.get_sample_value("watchd_library_aired_shows", {"state": "failing"})
        assert gauge == 1
        home.tmdb.faults.clear()
        home.clock.advance(DAY / 1000)
        assert len(await fill(home)) == 2
        stands = airing(home).progress()
        assert (stands["failing"], stands["reason"]) == (0, None)


async def test_a_season_that_fails_leaves_the_show_as_it_was(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        home.tmdb.faults.add(Fault("status", status=503, path=f"/3/tv/{SHOW}/season/2", times=1))
        await fill(home)
        assert (await far(home))["aired"] is None
        home.clock.advance(601)
        await fill(home)
        assert (await far(home))["aired"] == 6


async def test_a_show_tmdb_has_not_got_or_that_has_no_id_is_not_told_and_that_is_said(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await watch(home, 1, 1, NOT_THERE)
        await home.scrobble("stop", {"show": {"title": "Untold"}, "episode": {"season": 1, "number": 1}, "progress": 95})
        assert await fill(home) == [f"/3/tv/{NOT_THERE}"]
        assert await fill(home) == []
        found = await told(home, "progress")
        assert "of 2 of these shows" in found["metadata"]["note"]
        assert [(row["progress"]["aired"], row["progress"]["next_episode"]) for row in found["data"]] == [(None, None)] * 2
        assert airing(home).progress()["none"] == 1


async def test_the_calendar_has_what_comes_of_watched_and_wished_for_shows(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        weekly(home, 1, OTHER, "Wished")
        await watch(home, 1, 1)
        assert "note" in (await told(home, "calendar"))["metadata"]
        await wish(
            home, {"type": "show", "show": {"title": "Wished, as listed", "year": 2025, "ids": {"trakt": 5, "tmdb": OTHER}}}
        )
        await fill(home)
        found = await told(home, "calendar")
        assert "days are told" in found["metadata"]["note"]
        rows = found["data"]
        weekly_ones, wished = [("Weekly", (2, number)) for number in (3, 4, 5, 6)], [(2, number) for number in (2, 3, 4, 5, 6)]
        by_week = [pair for week, one in enumerate(weekly_ones) for pair in (one, ("Wished, as listed", wished[week]))]
        assert [(row["show"]["title"], place(row["episode"])) for row in rows] == [*by_week, ("Wished, as listed", (2, 6))]
        assert rows[0].keys() == {"first_aired", "episode", "show"}
        assert {row["show"]["ids"]["trakt"] for row in rows} == {None, 5}
        second = await told(home, "calendar", limit=3, page=2)
        assert (second["data"], second["metadata"]["total"]) == (rows[3:6], len(rows))


async def test_trakts_calendar_comes_first_until_it_is_old(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        await fill(home)
        row = {"first_aired": iso(home.clock.now()), "episode": {"season": 9, "number": 9}, "show": {"title": "Trakt's"}}

        def work(connection: Any) -> None:
            library.append(connection, ME, "calendar", 1, 0, [LibraryRow("episode", json.dumps(row))])
            library.keep(connection, ME, Section("calendar", 1, 1, synced_at=home.clock.now()))

        await home.daemon.database.write(work)
        home.daemon.ports.library.clear()
        assert (await told(home, "calendar"))["data"] == [row]
        home.clock.advance(8 * DAY / 1000)
        home.daemon.ports.library.clear()
        assert (await told(home, "calendar"))["data"][0]["show"]["title"] == "Weekly"


async def test_what_left_the_library_is_asked_for_no_more(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await wish(home, {"type": "show", "show": {"title": "Weekly", "year": 2025, "ids": {"tmdb": SHOW}}})
        assert len(await fill(home)) == 3
        await home.daemon.database.write(lambda connection: library.keep(connection, ME, Section("watchlist", 2, 0)))
        home.clock.advance(8 * DAY / 1000)
        assert (await fill(home), airing(home).progress()["told"]) == ([], 0)


async def test_a_running_daemon_tells_by_itself_and_says_so(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, clock=PacedClock()) as home, anyio.create_task_group() as tasks:
        weekly(home)
        await watch(home, 1, 1)
        assert (await far(home))["aired"] is None
        tasks.start_soon(home.daemon.serve, lambda _url: None)
        with anyio.fail_after(20):
            while (await far(home))["aired"] != 6:
                await home.daemon.database.read(lambda _connection: None)
        assert home.daemon.vitals.status()["aired"] == {
            "tmdb": True, "told": 1, "none": 0, "waiting": 0, "failing": 0, "reason": None,
        }  # fmt: skip
        tasks.cancel_scope.cancel()
