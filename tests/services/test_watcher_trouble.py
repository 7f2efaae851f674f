"""What becomes of a watched sitting when the server is away, talks nonsense, or its players die."""

from pathlib import Path

import pytest

from tests.services.home import LeapingClock, a_home
from tests.services.living_room import KINDS, WITH_USERS, a_room
from watchd.errors import StoreUnavailable
from watchd.model.receipts import RawEvent, Receipt
from watchd.model.watching import WatchState
from watchd.sources import plex_sessions
from watchd.standins.faults import Fault

MINUTE = 60.0

every_kind = pytest.mark.parametrize("source", KINDS)


class HurriedClock(LeapingClock):
    """Time limits of the network are as short as they can be."""

    def real(self, seconds: float) -> float:
        return seconds / 1000


@every_kind
async def test_a_server_that_is_away_is_unknown_and_what_is_true_when_it_is_back(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode)
        await room.look_for(2 * MINUTE)
        assert room.shown().state is WatchState.WATCHING
        began = room.clock.now()
        await room.server.stop()
        for _ in range(10):
            await room.watcher.look()
            room.clock.advance(10)
        assert room.shown().state is WatchState.WATCHING
        for _ in range(9):
            await room.watcher.look()
            room.clock.advance(10)
        shown = room.shown()
        assert (shown.state, shown.media is not None, shown.play_id) == (WatchState.UNKNOWN, True, None)
        assert shown.stale_since is not None
        assert abs(shown.stale_since - began) < 15_000
        assert room.watcher.facts()["failing"] is True
        await room.server.start()
        await room.watcher.look()
        assert room.shown().state is WatchState.WATCHING
        assert (room.watcher.facts()["failing"], room.watcher.facts()["reason"]) == (False, None)
        await room.look_for(room.episode.runtime * MINUTE * 0.95 - 7 * MINUTE)
        room.server.stop_playing()
        await room.look_for(2 * MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop"]
        assert room.counted(room.episode) == 1


@pytest.mark.parametrize("source", WITH_USERS)
async def test_what_ended_during_an_outage_is_not_shown_as_playing_when_the_server_is_back(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode)
        await room.look_for(2 * MINUTE)
        await room.server.stop()
        await room.look_for(6 * MINUTE)
        room.server.stop_playing()
        await room.server.start()
        await room.look()
        assert room.shown().state is WatchState.UNKNOWN
        await room.look()
        assert room.shown().state is WatchState.IDLE
        await room.look_for(MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop"]


async def test_what_a_kodi_played_dies_with_it(tmp_path: Path) -> None:
    async with a_room(tmp_path, "kodi") as room:
        room.server.start_playing(room.episode)
        await room.look_for(room.episode.runtime * MINUTE * 0.9)
        await room.server.stop()
        await room.look_for(8 * MINUTE)
        assert room.counted(room.episode) == 1
        assert room.shown().state is WatchState.UNKNOWN


@pytest.mark.parametrize("logged_in", [True, False])
async def test_before_a_server_was_first_heard_the_state_is_unknown(tmp_path: Path, logged_in: bool) -> None:
    async with a_room(tmp_path, "plex", logged_in=logged_in) as room:
        assert room.shown().state is WatchState.UNKNOWN
        await room.look()
        assert room.shown().state is WatchState.IDLE


async def test_what_somebody_else_tells_of_is_shown_whoever_is_deaf(tmp_path: Path) -> None:
    async with a_room(tmp_path, "jellyfin") as room:
        room.server.start_playing(room.episode)
        await room.look_for(MINUTE)
        await room.server.stop()
        body = {"show": {"title": "Friends"}, "episode": {"season": 1, "number": 1}, "progress": 5}
        await room.home.scrobble("start", body)
        await room.look_for(10 * MINUTE)
        assert (room.shown().state, room.watcher.facts()["failing"]) == (WatchState.WATCHING, True)


@every_kind
async def test_a_server_that_is_away_is_asked_ever_more_slowly(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source, logged_in=False) as room:
        await room.server.stop()
        waits = [await room.look() for _ in range(12)]
        assert all(0.75 * 2**n <= waits[n] / 2 <= 2**n for n in range(5))
        most = 60 if source == "kodi" else 300
        assert 0.75 * most <= waits[-1] <= most


NONSENSE = [
    Fault("html", status=200, times=None),
    Fault("garbage", times=None),
    Fault("status", status=200, body=[1, "two", None, {"NowPlayingItem": 3}], times=None),
    Fault("status", status=200, body={"MediaContainer": {"Metadata": 7}}, times=None),
    Fault("status", status=200, body="null", times=None),
    Fault("status", status=500, times=None),
    Fault("html", status=503, times=None),
    Fault("drop_before", times=None),
    Fault("truncate", times=None),
    Fault("hang", times=None),
]


@pytest.mark.parametrize(
    "fault", NONSENSE, ids=[f"{fault.kind}-{fault.status}-{number}" for number, fault in enumerate(NONSENSE)]
)
@every_kind
async def test_nonsense_for_a_moment_ends_nothing_and_starts_nothing(tmp_path: Path, source: str, fault: Fault) -> None:
    async with a_room(tmp_path, source, logged_in=False, clock=HurriedClock()) as room:
        room.server.start_playing(room.episode)
        await room.look()
        before = room.shown()
        room.server.faults.add(fault)
        await room.look()
        room.server.faults.clear()
        await room.look()
        assert (room.shown().state, room.shown().play_id) == (WatchState.WATCHING, before.play_id)


@pytest.mark.parametrize("source, name", [("plex", "uuid"), ("jellyfin", "server_id"), ("emby", "server_id")])
async def test_after_an_outage_it_may_be_another_server_that_answers(tmp_path: Path, source: str, name: str) -> None:
    async with a_room(tmp_path, source, logged_in=False) as room:
        await room.look()
        room.server.faults.add(Fault("status", status=502))
        await room.look()
        setattr(room.server, name, "ab" * 16)
        room.server.start_playing(room.episode)
        await room.look_for(MINUTE)
        (player,) = await room.home.daemon.database.read(
            lambda connection: connection.execute("SELECT player FROM plays").fetchone()
        )
        assert player == f"{'ab' * 16}/tv"


async def test_retry_after_is_honoured(tmp_path: Path) -> None:
    async with a_room(tmp_path, "jellyfin", logged_in=False) as room:
        room.server.faults.add(Fault("status", status=503, headers={"Retry-After": "77"}))
        assert await room.look() == 77


@pytest.mark.parametrize("source", WITH_USERS)
async def test_a_player_that_died_is_not_believed_for_ever(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode)
        await room.look_for(5 * MINUTE)
        room.server.kill()
        await room.look_for(3.5 * MINUTE)
        assert room.shown().state is (WatchState.WATCHING if source == "emby" else WatchState.PAUSED)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        assert room.told()[-1][0] == "stop"


async def test_what_could_not_be_recorded_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_raw: RawEvent, _parsed: object) -> Receipt:
        raise StoreUnavailable("the disk is full")

    async with a_room(tmp_path, "plex") as room:
        changes = ((lambda: room.server.start_playing(room.episode), ["start"]), (room.server.pause, ["start", "stop"]))
        for change, verbs in changes:
            change()
            with monkeypatch.context() as patched:
                patched.setattr(room.home.daemon.recorder, "record", full)
                assert await room.look() == 10.0
            assert room.watcher.facts()["failing"] is False
            await room.look_for(MINUTE)
            assert [verb for verb, _ in room.told()] == verbs


async def test_a_bug_in_reading_an_answer_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise LookupError("secret of the answer")

    async with a_room(tmp_path, "plex", logged_in=False) as room:
        room.server.start_playing(room.episode)
        await room.look()
        with monkeypatch.context() as patched:
            patched.setattr(plex_sessions, "parse", broken)
            await room.look()
        assert room.watcher.facts()["reason"] == "the answer could not be used (LookupError)"
        assert room.home.daemon.metrics.registry.get_sample_value("watchd_internal_errors_total", {"part": "watcher"}) == 1
        await room.look()
        assert (room.shown().state, room.watcher.facts()["failing"]) == (WatchState.WATCHING, False)


async def test_a_clock_set_right_neither_pauses_what_plays_nor_makes_a_server_silent(tmp_path: Path) -> None:
    async with a_room(tmp_path, "plex") as room:
        room.server.start_playing(room.episode)
        await room.look_for(2 * MINUTE)
        room.server.faults.add(Fault("status", status=503))
        await room.look()
        room.clock.jump(300 * MINUTE)
        room.server.on().at += 300 * 60_000
        await room.home.daemon.recorder.reanchor(300 * 60_000)
        room.watcher.reanchor(300 * 60_000)
        assert room.shown().state is WatchState.WATCHING
        await room.look_for(2 * MINUTE)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop"]


async def test_a_clock_set_back_does_not_make_a_dead_player_live_longer(tmp_path: Path) -> None:
    async with a_room(tmp_path, "plex") as room:
        room.server.start_playing(room.episode)
        await room.look_for(2 * MINUTE)
        viewing = room.server.on()
        viewing.dead_at = room.clock.now()
        await room.look_for(0.5 * MINUTE)
        room.clock.jump(-300 * MINUTE)
        viewing.at -= 300 * 60_000
        viewing.dead_at -= 300 * 60_000
        await room.home.daemon.recorder.reanchor(-300 * 60_000)
        room.watcher.reanchor(-300 * 60_000)
        await room.look_for(2 * MINUTE)
        assert room.shown().state is WatchState.PAUSED


async def test_a_home_without_watchers_is_idle_as_ever(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        assert home.daemon.now.watching(1).state is WatchState.IDLE
