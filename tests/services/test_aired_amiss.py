"""What TMDB tells of episodes makes no sense, will not be stored, or is numbered otherwise: nothing else suffers for it."""

from pathlib import Path
from typing import Any

import pytest

from tests.services.home import a_home
from tests.services.test_aired import OTHER, SHOW, airing, far, fill, watch, weekly
from watchd.clock import DAY
from watchd.standins.faults import Fault


@pytest.mark.parametrize("path", [f"/3/tv/{SHOW}", f"/3/tv/{SHOW}/season/2"])
async def test_an_answer_that_makes_no_sense_takes_nothing_away(tmp_path: Path, path: str) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        await watch(home, 1, 1)
        await fill(home)
        home.clock.advance(DAY / 1000 + 1)
        home.tmdb.faults.add(Fault("status", status=200, body="{}", path=path, times=None))
        await fill(home)
        assert ((await far(home))["aired"], airing(home).progress()["failing"]) == (6, 1)


async def test_a_show_the_store_will_not_take_keeps_no_other_waiting(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        weekly(home, 1, OTHER, "Other")
        await watch(home, 1, 1, OTHER)
        await watch(home, 1, 1)

        def work(connection: Any) -> None:
            connection.execute(
                f"CREATE TRIGGER no BEFORE UPDATE ON aired_shows WHEN new.tmdb_id = {OTHER} AND new.title IS NOT NULL "
                "BEGIN SELECT raise(ABORT, 'no'); END"
            )

        await home.daemon.database.write(work)
        await fill(home)
        stands = airing(home).progress()
        assert (stands["told"], stands["failing"], stands["reason"]) == (1, 1, "an unforeseen error (IntegrityError)")


async def test_where_tmdb_numbers_otherwise_no_next_episode_is_made_up(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        weekly(home)
        for at in ((1, 1), (1, 2), (1, 3), (1, 4)):  # in one season what TMDB has in two
            await watch(home, *at)
        await fill(home)
        now = await far(home)
        assert (now["aired"], now["completed"], now["next_episode"]) == (6, 4, None)
