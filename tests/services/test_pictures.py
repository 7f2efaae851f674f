"""The pictures of the library: fetched before anybody asks, never while somebody waits."""

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.services.home import Home, PacedClock, a_home
from watchd.clock import DAY
from watchd.model.library import LibraryRow, Section
from watchd.model.pictures import Shot
from watchd.services.pictures import LIFETIME, NOTHING_LIFETIME, RETRY, Pictures
from watchd.standins.faults import Fault
from watchd.store import library

HALF_A_YEAR = 182 * DAY
HEAT, SEVERANCE, GHOST = 949, 95396, 999_999


def pictures(home: Home) -> Pictures:
    return home.daemon.finding.pictures


def standing(home: Home) -> dict[str, object]:
    return pictures(home).progress()


async def list_it(home: Home, generation: int, *rows: dict[str, Any], section: str = "watchlist") -> None:
    def work(connection: Any) -> None:
        library.append(connection, 1, section, generation, 0, [LibraryRow(str(row["type"]), json.dumps(row)) for row in rows])
        library.keep(connection, 1, Section(section, generation, len(rows)))

    await home.daemon.database.write(work)


def a_movie(tmdb_id: int | None) -> dict[str, Any]:
    return {"type": "movie", "movie": {"title": "Listed", "year": 2000, "ids": {"trakt": 1, "tmdb": tmdb_id}}}


async def fill(home: Home) -> None:
    """Look at the library and fetch all of it that is due."""
    await home.daemon.finding.survey.look()
    while await pictures(home).fetch_due():
        pass


async def play(home: Home) -> None:
    show = {"title": "Severance", "year": 2022, "ids": {"tmdb": SEVERANCE}}
    await home.scrobble("start", {"show": show, "episode": {"season": 2, "number": 10}, "progress": 1})


async def test_plays_and_lists_are_fetched_with_one_call_each_seasons_included(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await play(home)
        await list_it(home, 1, a_movie(HEAT), a_movie(HEAT), a_movie(None), {"type": "person", "person": {"name": "Nobody"}})
        await fill(home)
        assert sorted(seen.path for seen in home.tmdb.calls("GET", "/3/")) == [f"/3/movie/{HEAT}", f"/3/tv/{SEVERANCE}"]
        assert await pictures(home).reload() == {
            "moviePosters": 1, "movieBackdrops": 1, "showPosters": 1, "showBackdrops": 1, "seasonPosters": 3,
        }  # fmt: skip
        special = pictures(home).kept("show", SEVERANCE, 0, backdrop=False)
        season = pictures(home).kept("show", SEVERANCE, 2, backdrop=False)
        assert special is not None
        assert season is not None
        assert special.file_path != season.file_path
        assert pictures(home).kept("show", SEVERANCE, 9, backdrop=False) is None
        assert not await pictures(home).soon("show", SEVERANCE)
        assert pictures(home).progress() == {"tmdb": True, "found": 2, "none": 0, "waiting": 0, "failing": 0, "reason": None}
        assert home.daemon.metrics.registry.get_sample_value("watchd_library_pictures_titles", {"state": "found"}) == 2


async def test_what_was_fetched_is_there_after_a_restart_without_a_call(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await list_it(home, 1, a_movie(HEAT))
        await fill(home)
        poster = pictures(home).kept("movie", HEAT, None, backdrop=False)
    async with a_home(tmp_path, logged_in=False) as home:
        await pictures(home).reload()
        assert poster is not None
        assert pictures(home).kept("movie", HEAT, None, backdrop=False) == poster
        await fill(home)
        assert home.tmdb.calls("GET", "/3/") == []


async def test_what_is_kept_is_shown_before_the_library_was_looked_through(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await list_it(home, 1, a_movie(HEAT))
        await fill(home)
    async with a_home(tmp_path, logged_in=False, clock=PacedClock()) as home, anyio.create_task_group() as tasks:
        tasks.start_soon(pictures(home).run)
        with anyio.fail_after(20):
            while pictures(home).kept("movie", HEAT, None, backdrop=False) is None:
                await home.daemon.database.read(lambda _connection: None)
        tasks.cancel_scope.cancel()


async def test_a_poster_is_of_the_readers_language_and_a_backdrop_without_text(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await list_it(home, 1, a_movie(HEAT))
        await fill(home)
        offered = {
            one["file_path"]: one for kind in home.tmdb.images(home.trakt.catalogue.movie("heat-1995")).values() for one in kind
        }
        told = [pictures(home).kept("movie", HEAT, None, backdrop=backdrop) for backdrop in (False, True)]
        assert [offered[shot.file_path]["iso_639_1"] for shot in told if shot is not None] == ["en", None]
        (call,) = home.tmdb.calls("GET", "/3/movie/")
        assert (call.query["append_to_response"], call.query["include_image_language"]) == ("images", "en,null")


async def test_a_known_media_asked_for_comes_before_the_rest(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await list_it(home, 1, *[a_movie(number) for number in range(1, 30)])
        await home.daemon.finding.survey.look()
        await play(home)
        assert await pictures(home).soon("show", SEVERANCE)
        assert await pictures(home).soon("show", SEVERANCE)
        assert home.tmdb.calls("GET", "/3/") == []
        await pictures(home).fetch_due()
        assert sum(seen.path == f"/3/tv/{SEVERANCE}" for seen in home.tmdb.calls("GET", "/3/")) == 1
        assert isinstance(pictures(home).kept("show", SEVERANCE, None, backdrop=True), Shot)


async def test_an_unknown_id_is_never_asked_for(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for number in range(1, 200):
            assert not await pictures(home).soon("movie", number)
        await fill(home)
        assert home.tmdb.calls("GET", "/3/") == []


async def test_that_tmdb_has_nothing_is_remembered_for_a_while(tmp_path: Path) -> None:
    assert NOTHING_LIFETIME < LIFETIME < HALF_A_YEAR
    async with a_home(tmp_path) as home:
        await list_it(home, 1, a_movie(GHOST))
        await fill(home)
        await fill(home)
        assert (len(home.tmdb.calls("GET", "/3/")), pictures(home).progress()["none"]) == (1, 1)
        assert not await pictures(home).soon("movie", GHOST)
        home.clock.advance(NOTHING_LIFETIME / 1000 + 1)
        await fill(home)
        assert len(home.tmdb.calls("GET", "/3/")) == 2


async def test_what_left_the_library_is_not_asked_for_again(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await list_it(home, 1, a_movie(HEAT), a_movie(603))
        await fill(home)
        await list_it(home, 2, a_movie(603))
        home.clock.advance(LIFETIME / 1000)
        await fill(home)
        assert [seen.path for seen in home.tmdb.calls("GET", "/3/")].count(f"/3/movie/{HEAT}") == 1
        assert pictures(home).kept("movie", HEAT, None, backdrop=False) is None
        assert pictures(home).kept("movie", 603, None, backdrop=False) is not None


@pytest.mark.parametrize("fault", [Fault("status", status=500, times=None), Fault("garbage", times=None)])
async def test_a_failing_tmdb_is_left_alone_for_a_while(tmp_path: Path, fault: Fault) -> None:
    async with a_home(tmp_path) as home:
        home.tmdb.faults.add(fault)
        await list_it(home, 1, a_movie(HEAT))
        await home.daemon.finding.survey.look()
        assert (standing(home)["waiting"], standing(home)["failing"], standing(home)["reason"]) == (1, 0, None)
        await pictures(home).fetch_due()
        assert (standing(home)["waiting"], standing(home)["failing"]) == (0, 1)
        assert standing(home)["reason"]
        assert await pictures(home).soon("movie", HEAT)
        before = len(home.tmdb.calls("GET", "/3/"))
        assert await pictures(home).fetch_due() == 0
        assert len(home.tmdb.calls("GET", "/3/")) == before
        home.tmdb.faults.clear()
        home.clock.advance(RETRY / 1000 + 1)
        await pictures(home).fetch_due()
        assert pictures(home).kept("movie", HEAT, None, backdrop=False) is not None
        assert (standing(home)["failing"], standing(home)["reason"]) == (0, None)


async def test_without_a_key_there_is_nothing_and_nobody_is_asked(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        there = home.daemon.finding.pictures
        bare = Pictures(home.daemon.database, home.clock, None, home.daemon.metrics, there._album, "en")
        await play(home)
        assert not await bare.soon("show", SEVERANCE)
        assert (await bare.fetch_due(), sum((await bare.reload()).values()), bare.random_backdrop()) == (0, 0, None)


async def test_a_running_daemon_fills_its_album_by_itself(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, clock=PacedClock()) as home, anyio.create_task_group() as tasks:
        await list_it(home, 1, *[a_movie(number) for number in (HEAT, 603, 329865, 105, 568, 550, 36955, 37686, 916224, 584)])
        tasks.start_soon(home.daemon.serve, lambda _url: None)
        with anyio.fail_after(20):
            while pictures(home).progress()["found"] != 10:
                await home.daemon.database.read(lambda _connection: None)
        assert home.daemon.vitals.status()["images"] == {
            "tmdb": True, "found": 10, "none": 0, "waiting": 0, "failing": 0, "reason": None,
        }  # fmt: skip
        tasks.cancel_scope.cancel()
