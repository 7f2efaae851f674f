"""What is watched leaves the watchlist and what was left in the middle: Trakt tells of neither change, and both are read."""

from pathlib import Path

import pytest

from tests.services.home import Home, a_home
from tests.services.library_at_home import asked, shown, sync_of, synced
from watchd.demo.players import plex_payload
from watchd.services import sync_books, sync_history
from watchd.standins.accounts import PlaybackRow
from watchd.standins.faults import Fault
from watchd.standins.items import Watchable
from watchd.standins.shelf import Entry


def pause(home: Home, item: Watchable, number: int = 1) -> None:
    home.trakt.user().save_position(PlaybackRow(number, 30.0, home.clock.now(), item))


@pytest.mark.parametrize("many, read", [(1000, False), (1, True)])
async def test_of_many_new_plays_any_may_have_been_on_the_watchlist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, read: bool
) -> None:
    for module in (sync_books, sync_history):
        monkeypatch.setattr(module, "MANY", many)
    async with a_home(tmp_path) as home:
        now = home.clock.now()
        home.trakt.user().shelf.watchlist = [Entry(2, home.trakt.catalogue.movie(28), now)]
        await synced(home)
        home.clock.advance(300)
        home.trakt.add_play("watcher", home.trakt.catalogue.movie(616), home.clock.now())
        assert any("watchlist" in path for path in asked(await synced(home))) is read


@pytest.mark.parametrize("where", ["watchlist", "playback"])
async def test_what_was_watched_here_stands_neither_on_the_watchlist_nor_in_the_middle(tmp_path: Path, where: str) -> None:
    async with a_home(tmp_path) as home:
        movie = home.trakt.catalogue.movie(616)
        if where == "playback":
            pause(home, movie)
        else:
            home.trakt.user().shelf.watchlist = [Entry(2, movie, home.clock.now())]
        await synced(home)
        assert len(await shown(home, where)) == 1
        home.clock.advance(3600)
        await home.plex(plex_payload("media.scrobble", movie, None))
        await home.relay_all()
        home.clock.advance(300)
        assert len(await synced(home)) <= 4
        assert await shown(home, where) == []
        home.clock.advance(300)
        assert asked(await synced(home)) == {"/sync/last_activities": 1}


async def test_what_was_watched_elsewhere_is_not_left_in_the_middle(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        episode, user = home.trakt.catalogue.episode("friends", 1, 1), home.trakt.user()
        pause(home, episode)
        await synced(home)
        home.clock.advance(3600)
        home.trakt.add_play("watcher", episode, home.clock.now(), "scrobble")
        user.drop_position(episode, home.clock.now())
        assert len(await synced(home)) <= 4
        assert await shown(home, "playback") == []


async def test_what_a_stopped_run_did_not_come_to_is_read_by_the_next_one(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        movie = home.trakt.catalogue.movie(616)
        pause(home, movie)
        await synced(home)
        home.clock.advance(3600)
        await home.plex(plex_payload("media.scrobble", movie, None))
        await home.relay_all()
        home.clock.advance(300)
        home.trakt.faults.add(Fault("status", status=423, path="/users/me/stats", times=1))
        await synced(home)
        assert len(await shown(home, "playback")) == 1
        await synced(home)
        assert await shown(home, "playback") == []
        assert sync_of(home).facts()["reason"] is None


async def test_what_is_seen_again_has_no_other_play_read_it_anew(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        again, another = home.trakt.catalogue.movie(616), home.trakt.catalogue.movie(28)
        await home.plex(plex_payload("media.scrobble", again, None))
        await home.relay_all()
        home.clock.advance(7200)
        pause(home, again)
        await synced(home)
        home.clock.advance(300)
        home.trakt.add_play("watcher", another, home.clock.now())
        assert "/sync/playback" not in asked(await synced(home))
        assert len(await shown(home, "playback")) == 1


async def test_an_episode_takes_its_season_from_the_watchlist(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        episode = home.trakt.catalogue.episode("friends", 1, 1)
        seasons = [season for season in home.trakt.catalogue.seasons(episode.show) if season.number in (1, 2)]
        now = home.clock.now()
        home.trakt.user().shelf.watchlist = [Entry(number, season, now) for number, season in enumerate(seasons, start=1)]
        await synced(home)
        assert len(await shown(home, "watchlist")) == 2
        home.clock.advance(3600)
        home.trakt.add_play("watcher", episode, home.clock.now(), "scrobble")
        assert len(await synced(home)) <= 4
        assert len(await shown(home, "watchlist")) == 1
