"""Shows that sources know by other ids than TMDB's, or by nothing but their episodes': what TMDB says of them serves all."""

from pathlib import Path

import pytest

from tests.services.home import ME, Home, a_home
from tests.services.test_aired import OTHER, SHOW, airing, far, fill, place, told, weekly, wish
from watchd.clock import DAY
from watchd.model.media import MediaIds, Show
from watchd.rules.derive import Telling, shows
from watchd.standins.faults import Fault
from watchd.store import found_shows, pictures

FIND = "/3/find/"


async def watch(home: Home, season: int, number: int, *, by: str = "imdb", title: str | None = "Weekly") -> None:
    """As today's Plex agent tells of it: the title of the show and the ids of the episode."""
    slug = {SHOW: "weekly", OTHER: "other"}[SHOW if title != "Other" else OTHER]
    own = home.tmdb.catalogue.episode(slug, season, number).ids[by]
    body = {"show": {"title": title}, "episode": {"season": season, "number": number, "ids": {by: own}}, "progress": 95}
    await home.scrobble("stop", body)


def found(paths: list[str]) -> int:
    return sum(1 for path in paths if path.startswith(FIND))


async def known(home: Home) -> dict[int, int]:
    return await home.daemon.database.read(lambda connection: found_shows.of_account(connection, ME))


@pytest.mark.parametrize("by", ["imdb", "tvdb"])
async def test_a_show_is_found_by_one_of_its_episodes_for_progress_calendar_and_pictures(tmp_path: Path, by: str) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1, by=by)
        await watch(home, 1, 2, by=by)
        paths = await fill(home)
        assert (found(paths), paths[1:]) == (1, [f"/3/tv/{SHOW}", f"/3/tv/{SHOW}/season/1", f"/3/tv/{SHOW}/season/2"])
        now = await far(home)
        assert (now["aired"], place(now["next_episode"])) == (6, (1, 3))
        found_out = await told(home, "progress")
        assert "note" not in found_out["metadata"]
        coming = (await told(home, "calendar"))["data"]
        watched = (await told(home, "watched", type="shows"))["data"]
        assert [row["show"]["title"] for row in coming] == ["Weekly"] * 4
        assert {row["show"]["ids"]["tmdb"] for row in (*found_out["data"], *coming, *watched)} == {SHOW}
        await home.daemon.finding.survey.look()
        assert home.daemon.finding.pictures.knows(("show", SHOW))
        assert await home.daemon.database.read(lambda connection: pictures.is_played(connection, ("show", SHOW)))
        assert not await home.daemon.database.read(lambda connection: pictures.is_played(connection, ("movie", SHOW)))


async def test_what_is_found_shows_at_once_where_tmdb_had_told_of_the_show(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await wish(home, {"type": "show", "show": {"title": "As listed", "year": 2025, "ids": {"tmdb": SHOW}}})
        await fill(home)
        await watch(home, 1, 1)
        assert (await far(home))["aired"] is None
        await airing(home).look()
        assert (await far(home))["aired"] == 6


async def test_it_is_asked_once_and_the_episodes_that_follow_need_no_call(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        assert found(await fill(home)) == 1
        await watch(home, 1, 2)
        assert found(await fill(home)) == 0
        home.clock.advance(2 * DAY / 1000)
        assert found(await fill(home)) == 0
        home.clock.advance(171 * DAY / 1000)
        assert found(await fill(home)) == 1
    async with a_home(tmp_path, logged_in=False) as home:
        assert found(await fill(home)) == 0
        assert list((await known(home)).values()) == [SHOW]


async def test_what_tmdb_does_not_know_is_asked_for_thrice_and_again_after_a_month(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        for number in range(1, 6):
            episode = {"season": 1, "number": number, "ids": {"imdb": f"tt777777{number}"}}
            await home.scrobble("stop", {"show": {"title": "Nowhere"}, "episode": episode, "progress": 95})
        assert found(await fill(home)) == 3
        home.clock.advance(2 * DAY / 1000)
        assert found(await fill(home)) == 0
        home.clock.advance(30 * DAY / 1000)
        assert found(await fill(home)) == 3
        assert "of 1 of these shows" in (await told(home, "progress"))["metadata"]["note"]


async def test_while_tmdb_does_not_answer_nothing_is_given_up(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        home.tmdb.faults.add(Fault("status", status=503, times=None))
        await fill(home)
        assert await known(home) == {}
        home.tmdb.faults.clear()
        home.clock.advance(600)
        assert found(await fill(home)) == 1
        assert (await far(home))["aired"] == 6


async def test_shows_without_a_title_are_each_asked_for_and_what_is_known_elsewhere_is_not(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1, title=None)
        await watch(home, 1, 2, title=None)
        assert found(await fill(home)) == 2
        body = {
            "show": {"title": "Told", "ids": {"tmdb": OTHER}},
            "episode": {"season": 1, "number": 1, "ids": {"imdb": "tt5"}},
        }
        await home.scrobble("stop", {**body, "progress": 95})
        assert found(await fill(home)) == 0


@pytest.mark.parametrize("told_by_source, by_row, expected", [(1, {7: 2}, 1), (None, {7: 2}, 2), (None, {8: 2}, None)])
def test_what_a_source_told_goes_before_what_was_found(
    told_by_source: int | None, by_row: dict[int, int], expected: int | None
) -> None:
    telling = Telling(Show("A", None, MediaIds(imdb="tt1", tmdb=told_by_source)), 1, 5, 5, (6, 7))
    (one,) = shows([telling], by_row)
    assert (one.show.ids.tmdb, one.show.ids.imdb) == (expected, "tt1")
