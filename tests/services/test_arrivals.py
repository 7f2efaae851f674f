"""What is no repeat, and what poison may not do."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.home import ME, a_home
from watchd.clock import iso
from watchd.demo.players import trakt_item
from watchd.model.media import MediaIds, Movie
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Fate, Step
from watchd.rules.tracker import Outcome
from watchd.services import sittings

HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277"))
RONIN = Movie("Ronin", 1998, MediaIds(imdb="tt0122690"))


async def test_a_checkin_told_again_when_the_running_one_is_over_is_taken(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        first, second = (home.trakt.catalogue.episode("friends", 1, number) for number in (1, 2))
        running = await home.scrobble("checkin", trakt_item(first))
        assert (running.step, running.until is not None) == (Step.CHECKED_IN, True)
        home.clock.advance((running.until or 0) / 1000 - home.clock.now() / 1000 - 3)
        busy = await home.scrobble("checkin", trakt_item(second))
        assert (busy.step, iso(busy.until or 0)) == (Step.BUSY, iso(running.until or 0))
        home.clock.advance(4)
        taken = await home.scrobble("checkin", trakt_item(second))
        assert (taken.fate, taken.step) == (Fate.ACCEPTED, Step.CHECKED_IN)


async def test_a_play_that_cannot_be_ended_stops_neither_hooks_nor_other_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        for media in (HEAT, RONIN):
            event = PlaybackEvent("kodi", Action.START, media, progress=0, duration=600, player=str(media.title))
            await home.event(event)
        home.clock.advance(3600)
        real = sittings.keep

        def poisoned(connection: sqlite3.Connection, outcome: Outcome, at: int) -> Outcome:
            if outcome.play.media.ids == HEAT.ids:
                raise ZeroDivisionError
            return real(connection, outcome, at)

        monkeypatch.setattr(sittings, "keep", poisoned)
        await home.settle()
        assert list(home.daemon.now.sessions()) == [("kodi", "playing")]
        other = replace(RONIN, title="Ronin again", ids=MediaIds(imdb="tt0122691"))
        receipt = await home.event(PlaybackEvent("kodi", Action.START, other, progress=0, duration=600, player="Heat"))
        assert receipt.fate is Fate.INTERNAL
        monkeypatch.setattr(sittings, "keep", real)
        again = await home.event(PlaybackEvent("kodi", Action.PAUSE, other, progress=1, duration=600, player="Heat"))
        assert again.fate is Fate.ACCEPTED


async def test_every_play_that_ends_counts_in_the_metric(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        start = PlaybackEvent("kodi", Action.START, HEAT, progress=85, duration=600, player="tv")
        await home.event(start)
        home.clock.advance(30)
        await home.event(replace(start, media=RONIN))
        home.clock.advance(3600)
        await home.settle()
        counted = home.daemon.metrics.registry.get_sample_value("watchd_plays_recorded_total", {"kind": "movie"})
        assert counted == 2
        assert ME in home.daemon.now.accounts
