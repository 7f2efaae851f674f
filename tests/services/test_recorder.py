"""Kept before answered: the raw event and its fate, whatever becomes of it."""

import sqlite3
from pathlib import Path

import pytest

from tests.services.home import ME, Home, a_home
from watchd.errors import MalformedPayload
from watchd.model.media import MediaIds, Movie
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent
from watchd.model.receipts import Fate, RawEvent, Step
from watchd.services import sittings

HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277"))


async def fates(home: Home) -> list[tuple[str, str | None]]:
    def work(connection: sqlite3.Connection) -> list[tuple[str, str | None]]:
        return connection.execute("SELECT fate, reason FROM events ORDER BY id").fetchall()

    return await home.daemon.database.read(work)


def heat(action: Action, progress: float | None, at: int | None = None) -> PlaybackEvent:
    return PlaybackEvent("kodi", action, HEAT, progress=progress, duration=10_000, at=at, player="tv")


async def test_an_ignored_and_a_malformed_event_leave_a_trace_and_nothing_else(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        raw = RawEvent(ME, "plex", home.clock.now(), "{}")
        ignored = await home.daemon.recorder.record(raw, Ignored(IgnoreReason.MUSIC))
        torn = await home.daemon.recorder.record(raw, MalformedPayload("torn_json", "the body is torn"))
        assert (ignored.fate, torn.fate) == (Fate.IGNORED, Fate.MALFORMED)
        assert await fates(home) == [("ignored", "music"), ("malformed", "torn_json")]
        assert home.daemon.now.sessions() == {}


async def test_the_same_event_within_the_window_is_one_and_later_it_is_another(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(heat(Action.START, 0))
        home.clock.advance(9)
        assert (await home.event(heat(Action.START, 0))).fate is Fate.DUPLICATE
        home.clock.advance(11)
        assert (await home.event(heat(Action.START, 0))).fate is Fate.ACCEPTED


async def test_play_pause_resume_and_pause_within_seconds_are_four_events(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        steps = []
        for action in (Action.START, Action.PAUSE, Action.START, Action.PAUSE):
            steps.append((await home.event(heat(action, 10))).step)
            home.clock.advance(1)
        assert steps == [Step.STARTED, Step.PAUSED, Step.STARTED, Step.PAUSED]


async def test_an_event_with_its_own_time_is_recognised_for_ever(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        at = home.clock.now()
        assert (await home.event(heat(Action.STOP, 95, at))).step is Step.WATCHED
        home.clock.advance(7 * 86_400)
        assert (await home.event(heat(Action.STOP, 95, at))).fate is Fate.DUPLICATE


async def test_heartbeats_move_memory_and_are_written_every_thirty_seconds(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        receipt = await home.event(heat(Action.START, 0))
        for _ in range(60):
            home.clock.advance(1)
            position = (home.clock.now() - 1_790_000_000_000) / 1000
            receipt = await home.event(
                PlaybackEvent("kodi", Action.PROGRESS, HEAT, position=position, duration=10_000, player="tv")
            )
            assert receipt.play is not None
        assert len(await fates(home)) in (2, 3)
        assert receipt.play is not None
        assert receipt.play.progress == pytest.approx(0.6, abs=0.01)


async def test_a_heartbeat_that_shows_a_seek_is_written_at_once(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(heat(Action.START, 0))
        home.clock.advance(1)
        await home.event(heat(Action.PROGRESS, 0.01))
        home.clock.advance(1)
        assert (await home.event(heat(Action.PROGRESS, 50))).step is Step.MOVED


async def test_an_unforeseen_error_quarantines_one_event_and_intake_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        real = sittings.apply

        def poisoned(connection: sqlite3.Connection, *rest: object) -> object:
            connection.execute("INSERT INTO accounts (name, created_at) VALUES ('half done', 0)")
            raise ZeroDivisionError

        monkeypatch.setattr(sittings, "apply", poisoned)
        broken = await home.event(heat(Action.START, 0))
        monkeypatch.setattr(sittings, "apply", real)
        assert (broken.fate, broken.play) == (Fate.INTERNAL, None)
        assert (await home.event(heat(Action.PAUSE, 1))).fate is Fate.ACCEPTED
        assert await fates(home) == [("internal", "ZeroDivisionError"), ("accepted", None)]
        names = await home.daemon.database.read(lambda connection: connection.execute("SELECT name FROM accounts").fetchall())
        assert names == [("me",)]


async def test_open_plays_jump_with_the_wall_clock(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(heat(Action.START, 0))
        await home.daemon.vitals.look()
        home.clock.jump(3600)
        await home.daemon.vitals.look()
        await home.daemon.refresher.refresh(ME)
        home.clock.advance(1000)
        watching = home.daemon.now.watching(ME)
        assert watching.started_at == 1_790_000_000_000 + 3_600_000
        assert home.daemon.now.summary(ME)["progress"] == pytest.approx(10, abs=0.1)
