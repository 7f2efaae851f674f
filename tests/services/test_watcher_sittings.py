"""A media server that sends no hooks is asked, and the same sitting makes the same play: issue 3, point 7."""

from pathlib import Path

import pytest

from tests.services.living_room import KINDS, a_room
from watchd.demo.players import plex_payload
from watchd.model.watching import WatchState

MINUTE = 60.0

every_kind = pytest.mark.parametrize("source", KINDS)


@every_kind
async def test_a_sitting_with_ticks_pause_seek_and_resume_is_one_play(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        item = room.episode
        await room.look_for(MINUTE)
        room.server.start_playing(item)
        await room.look_for(5 * MINUTE)
        assert (room.shown().state, room.shown().source) == (WatchState.WATCHING, source)
        room.server.pause()
        await room.look_for(MINUTE)
        assert room.shown().state is WatchState.PAUSED
        room.server.seek(70)
        await room.look_for(MINUTE)
        room.server.resume()
        await room.look_for(item.runtime * MINUTE * 0.25)
        assert room.counted(item) == 0
        room.server.stop_playing()
        await room.look_for(2 * MINUTE)
        assert room.counted(item) == 1
        assert [verb for verb, _ in room.told()] == ["start", "stop", "start", "stop"]
        assert room.told()[-1][1] == pytest.approx(95, abs=2)
        assert room.shown().state is WatchState.IDLE


@every_kind
async def test_a_session_that_vanishes_in_the_middle_keeps_its_place_and_counts_not(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode, 10)
        await room.look_for(room.episode.runtime * MINUTE * 0.4)
        room.server.stop_playing()
        await room.look_for(2 * MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop"]
        assert room.told()[-1][1] == pytest.approx(50, abs=2)
        assert (room.counted(room.episode), room.shown().state) == (0, WatchState.IDLE)


@every_kind
async def test_the_next_episode_on_the_same_screen_ends_the_one_before(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        first, second = room.episode, room.home.trakt.catalogue.episode("friends", 1, 2)
        for item in (first, second):
            room.server.start_playing(item)
            await room.look_for(item.runtime * MINUTE * 0.96)
        room.server.stop_playing()
        await room.look_for(2 * MINUTE)
        assert (room.counted(first), room.counted(second)) == (1, 1)
        assert [verb for verb, _ in room.told()] == ["start", "stop", "start", "stop"]


@every_kind
async def test_what_is_missing_from_one_answer_alone_goes_on(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        viewing = room.server.start_playing(room.episode)
        await room.look_for(MINUTE)
        room.server.viewings.remove(viewing)
        await room.look()
        room.server.viewings.append(viewing)
        await room.look_for(MINUTE)
        assert [verb for verb, _ in room.told()] == ["start"]
        assert room.shown().state is WatchState.WATCHING


@every_kind
async def test_what_is_first_seen_paused_is_started_when_it_goes_on(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode, 40)
        room.server.pause()
        await room.look_for(MINUTE)
        assert (room.told(), room.shown().state) == ([], WatchState.IDLE)
        room.server.resume()
        await room.look_for(MINUTE)
        ((verb, progress),) = room.told()
        assert verb == "start"
        assert progress == pytest.approx(40, abs=2)


@every_kind
async def test_ids_of_the_show_are_learned_from_the_server(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode)
        await room.look_for(MINUTE)
        media = room.shown().media
        assert media is not None
        assert dict(media.ids.items())["imdb"] == room.episode.ids["imdb"]
        assert "tvdb" in str(room.home.trakt.calls("POST", "/scrobble/start")[-1].body["show"]["ids"])


@every_kind
async def test_a_restart_in_the_middle_neither_starts_nor_loses_anything(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode, 10)
        await room.look_for(room.episode.runtime * MINUTE * 0.5)
        room.watcher = room.another()
        await room.look_for(room.episode.runtime * MINUTE * 0.35)
        room.server.pause()
        await room.look_for(MINUTE)
        room.watcher = room.another()
        await room.look_for(MINUTE)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop", "stop"]
        assert room.counted(room.episode) == 1


@every_kind
async def test_what_ended_while_the_daemon_was_down_is_stopped_where_it_was(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.episode, 10)
        await room.look_for(room.episode.runtime * MINUTE * 0.2)
        room.server.stop_playing()
        room.watcher = room.another()
        await room.look_for(MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop"]
        assert room.shown().state is WatchState.IDLE


@pytest.mark.parametrize("hook_first", [True, False])
async def test_a_hook_and_a_watcher_that_tell_of_one_sitting_make_one_play(tmp_path: Path, hook_first: bool) -> None:
    async with a_room(tmp_path, "plex") as room:
        item, home, tv = room.episode, room.home, "living-room-tv"
        room.server.start_playing(item, device=tv)
        if not hook_first:
            await room.look_for(MINUTE)
        await home.plex(plex_payload("media.play", item, 0 if hook_first else 5))
        await room.look_for(10 * MINUTE)
        room.server.pause(tv)
        await home.plex(plex_payload("media.pause", item, 100 * room.server.on(tv).position / (item.runtime * 60)))
        await room.look_for(2 * MINUTE)
        room.server.resume(tv)
        if not hook_first:
            await room.look_for(MINUTE)
        await home.plex(
            plex_payload("media.resume", item, 100 * room.server.on(tv).place(room.clock.now()) / (item.runtime * 60))
        )
        await room.look_for(item.runtime * MINUTE * 0.96 - 11 * MINUTE)
        if hook_first:
            await home.plex(plex_payload("media.scrobble", item, None))
            await home.plex(plex_payload("media.stop", item, 96))
            await room.look_for(MINUTE)
        room.server.stop_playing(tv)
        await room.look_for(MINUTE)
        if not hook_first:
            await home.plex(plex_payload("media.stop", item, 96))
            await room.look_for(MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop", "start", "stop"]
        assert room.counted(item) == 1
        assert home.daemon.now.sessions() == {}


async def test_two_screens_are_two_plays(tmp_path: Path) -> None:
    async with a_room(tmp_path, "plex") as room:
        other = room.home.trakt.catalogue.movie("heat-1995")
        room.server.start_playing(room.episode)
        room.server.start_playing(other, device="tablet")
        await room.look_for(MINUTE)
        assert room.home.daemon.now.sessions() == {("plex", "playing"): 2}


async def test_a_kodi_too_old_for_unique_ids_is_asked_without(tmp_path: Path) -> None:
    async with a_room(tmp_path, "kodi") as room:
        room.server.older = True  # type: ignore[attr-defined]  # this one is a Kodi
        room.server.start_playing(room.episode)
        await room.look_for(room.episode.runtime * MINUTE * 0.95)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        assert room.counted(room.episode) == 1


@every_kind
async def test_a_film_of_two_hours_is_written_every_half_minute_at_most(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source, logged_in=False) as room:
        film = room.home.trakt.catalogue.movie("heat-1995")
        room.server.start_playing(film)
        await room.look_for(film.runtime * MINUTE * 0.95)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        kept = await room.home.daemon.database.read(
            lambda connection: connection.execute("SELECT COUNT(*) FROM events").fetchone()[0]
        )
        assert film.runtime * 1.5 < kept <= film.runtime * 2 + 2


@pytest.mark.parametrize("source", ["plex", "jellyfin"])
async def test_a_hook_of_another_source_with_other_ids_tells_of_the_same_sitting(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        item = room.episode
        told = {
            "show": {"title": "Friends", "ids": {"tvmaze": 431}},
            "episode": {"season": 1, "number": 1, "ids": {"tvdb": item.ids["tvdb"] + 900_000_000}},
        }
        room.server.start_playing(item)
        await room.look_for(MINUTE)
        await room.home.scrobble("start", {**told, "progress": 5})
        await room.look_for(item.runtime * MINUTE * 0.9)
        room.server.stop_playing()
        await room.home.scrobble("stop", {**told, "progress": 94})
        await room.look_for(2 * MINUTE)
        assert (room.counted(item), room.home.daemon.now.sessions()) == (1, {})
        plays = await room.home.daemon.database.read(
            lambda connection: connection.execute("SELECT COUNT(*) FROM plays").fetchone()[0]
        )
        assert plays == 1
