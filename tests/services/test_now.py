"""The card of local plays: right within 1 %, at rest between its steps."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.home import Home, a_home
from watchd.demo.players import plex_payload
from watchd.model.media import MediaIds, Movie
from watchd.model.playback import Action, PlaybackEvent

MINUTE = 60.0


def shown(home: Home, *, live: bool = True) -> dict[str, Any]:
    document = home.daemon.now.live(None) if live else home.daemon.now.document(None)
    assert document is not None
    told: dict[str, Any] = json.loads(document.body)
    return told


def percentage(home: Home) -> float:
    percent: float = shown(home)["content"]["progress"]["percentage"]
    return percent


@pytest.mark.parametrize("resumed_at", [0.0, 60.0])
async def test_the_percentage_follows_the_truth_from_any_start(tmp_path: Path, resumed_at: float) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        movie = home.trakt.catalogue.movie("heat-1995")
        await home.plex(plex_payload("media.play", movie, resumed_at))
        for minutes in (0, 7, 20):
            home.clock.advance(minutes * MINUTE)
        assert percentage(home) == pytest.approx(resumed_at + 100 * 27 / movie.runtime, abs=1)


async def test_a_pause_freezes_and_a_seek_moves_the_percentage(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        movie = home.trakt.catalogue.movie("heat-1995")
        await home.plex(plex_payload("media.play", movie, 10))
        home.clock.advance(17 * MINUTE)
        await home.plex(plex_payload("media.pause", movie, 20))
        home.clock.advance(90 * MINUTE)
        assert (shown(home)["state"], shown(home)["isWatching"]) == ("paused", True)
        assert percentage(home) == pytest.approx(20, abs=1)
        await home.plex(plex_payload("media.resume", movie, 70))
        home.clock.advance(17 * MINUTE)
        assert percentage(home) == pytest.approx(70 + 100 * 17 / movie.runtime, abs=1)


async def test_the_runtime_a_script_did_not_tell_is_looked_up(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        episode = home.trakt.catalogue.episode("friends", 1, 1)
        body = {"show": {"ids": {"tvdb": 79168}}, "episode": {"season": 1, "number": 1}, "progress": 10}
        receipt = await home.scrobble("start", body)
        assert receipt.play is not None
        await home.lookup.complete(receipt.play.media)
        await home.daemon.refresher.refresh(1)
        home.clock.advance(5 * MINUTE)
        assert percentage(home) == pytest.approx(10 + 100 * 5 / episode.runtime, abs=1)
        assert shown(home)["content"]["title"] == "Friends"
        assert shown(home)["content"]["subtitle"].startswith("S1E1 - ")


async def test_a_play_whose_stop_was_lost_is_idle_after_its_end(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        episode = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.play", episode, 0))
        home.clock.advance((episode.runtime + 5) * MINUTE)
        assert shown(home)["state"] == "idle"
        await home.settle()
        assert home.daemon.now.sessions() == {}


async def test_the_bytes_and_the_etag_rest_between_two_steps(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        movie = home.trakt.catalogue.movie("heat-1995")
        await home.plex(plex_payload("media.play", movie, 0))
        first = home.daemon.now.document(None)
        home.clock.advance(movie.runtime * 0.015 * MINUTE)
        second = home.daemon.now.document(None)
        home.clock.advance(movie.runtime * 0.01 * MINUTE)
        third = home.daemon.now.document(None)
        assert first == second
        assert third is not None
        assert third != second
        assert json.loads(third.body)["content"]["progress"]["percentage"] == 2


async def test_of_two_local_plays_the_newest_playing_one_is_shown(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        for player, title in (("tv", "Heat"), ("tablet", "Ronin")):
            media = Movie(title, 1995, MediaIds(imdb=f"tt00{len(title)}{len(player)}000"))
            await home.event(PlaybackEvent("kodi", Action.START, media, progress=0, duration=6000, player=player))
            home.clock.advance(60)
        assert shown(home)["content"]["title"] == "Ronin"
        media = Movie("Ronin", 1995, MediaIds(imdb="tt0056000"))
        await home.event(PlaybackEvent("kodi", Action.PAUSE, media, progress=1, duration=6000, player="tablet"))
        assert shown(home)["content"]["title"] == "Heat"


async def test_an_account_nobody_knows_has_no_card(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        assert home.daemon.now.document("nobody") is None
        assert home.daemon.now.live("nobody") is None
        assert home.daemon.now.document("me") == home.daemon.now.document(None)
