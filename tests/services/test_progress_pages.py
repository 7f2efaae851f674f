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
        assert "of 1 of these shows neither Trakt nor TMDB has told" in found["metadata"]["note"]
        assert "note" not in (await shelf.told("watched", type="shows"))["metadata"]


async def test_what_trakt_calls_next_is_given_as_it_came_until_it_is_watched(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 1), T)
        show = {"title": "Dark", "ids": {"trakt": 113938}, "aired_episodes": 26}
        following = {"season": 1, "number": 2, "title": "Lügen", "ids": {"trakt": 7, "tmdb": 8}, "plex": {"guid": "x"}}
        await shelf.synced("watched_shows", {"show": show, "reset_at": None})
        await shelf.synced("up_next", {"show": show, "progress": {"next_episode": following}})
        found = await shelf.told("progress")
        assert found["data"][0]["progress"]["next_episode"] == following
        assert "note" not in found["metadata"]
        await shelf.watched(dark(1, 2), T + DAY)
        assert (await shelf.told("progress"))["data"][0]["progress"]["next_episode"] is None


async def test_a_show_watched_anew_has_its_next_episode_by_what_was_seen_since(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        for number in (1, 2):
            await shelf.watched(dark(1, number), T)
        show = {"title": "Dark", "ids": {"trakt": 113938}, "aired_episodes": 2}
        following = {"season": 1, "number": 1, "title": "Geheimnisse", "ids": {"trakt": 6}}
        await shelf.synced("watched_shows", {"show": show, "reset_at": iso(T + DAY)})
        await shelf.synced("up_next", {"show": show, "progress": {"next_episode": following}})
        (row,) = (await shelf.told("progress"))["data"]
        assert (row["progress"]["completed"], row["progress"]["next_episode"]) == (0, following)


@pytest.mark.parametrize("following", [None, 5, [], {"season": 1}, "text"])
async def test_a_next_episode_of_no_use_is_none(tmp_path: Path, following: object) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 1), T)
        await shelf.synced("up_next", {"show": {"ids": {"trakt": 113938}}, "progress": {"next_episode": following}})
        (row,) = (await shelf.told("progress"))["data"]
        assert row["progress"]["next_episode"] is None


@pytest.mark.parametrize("episodes", ["26", [26], {}, None, 2.5])
async def test_a_count_that_is_none_counts_as_not_told(tmp_path: Path, episodes: object) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 1), T)
        await shelf.synced("watched_shows", {"show": {"ids": {"trakt": 113938}, "aired_episodes": episodes}})
        (row,) = (await shelf.told("progress"))["data"]
        assert (row["progress"]["aired"], row["progress"]["next_episode"]) == (None, None)
