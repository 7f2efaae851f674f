"""How far shows are watched: anew where Trakt says so, and saying what is not known."""

from pathlib import Path

import pytest

from tests.services.shelf import a_shelf, dark
from watchd.clock import DAY, iso

T = 1_700_000_000_000


@pytest.mark.parametrize(
    "reset_at, completed", [(iso(T + DAY), 2), (iso(T + 9 * DAY), 0), (None, 3), ("", 3), ("soon", 3), (5, 3)]
)
async def test_a_show_watched_anew_is_as_far_as_since_then(tmp_path: Path, reset_at: str | int | None, completed: int) -> None:
    async with a_shelf(tmp_path) as shelf:
        for place, at in (((1, 1), T), ((1, 1), T + DAY), ((1, 2), T), ((1, 3), T + 2 * DAY), ((0, 1), T + 3 * DAY)):
            await shelf.watched(dark(*place), at)
        show = {"title": "Dark", "ids": {"trakt": 113938}, "aired_episodes": 26}
        await shelf.synced("watched_shows", {"show": show, "reset_at": reset_at})
        (row,) = (await shelf.told("progress"))["data"]
        told = row["progress"]
        assert (told["completed"], told["aired"], told["reset_at"]) == (completed, 26, reset_at)


async def test_that_nobody_knows_the_next_episode_is_said(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 1), T)
        found = await shelf.told("progress")
        assert found["data"][0]["progress"]["next_episode"] is None
        assert "next_episode is not known" in found["metadata"]["note"]
        assert "note" not in (await shelf.told("watched", type="shows"))["metadata"]
