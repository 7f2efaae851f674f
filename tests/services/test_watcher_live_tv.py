"""Live TV is nothing of ours, unless the settings say that it counts."""

from pathlib import Path
from typing import Any

import pytest

from tests.services.living_room import KINDS, WITH_USERS, Room, a_room
from watchd.model.media import Episode
from watchd.model.watching import WatchState
from watchd.settings import AccountSettings, HooksSettings

MINUTE = 60.0
WANTED = HooksSettings(live_tv=True)
ON_A_CHANNEL: dict[str, dict[str, Any]] = {
    "plex": {"live": "1", "key": "/livetv/sessions/7"},
    "jellyfin": {"PlayState": {"LiveStreamId": "7", "IsPaused": False, "PositionTicks": 36_000_000_000}},
    "emby": {"PlayState": {"LiveStreamId": "7", "IsPaused": False, "PositionTicks": 36_000_000_000}},
    "kodi": {"file": "pvr://channels/tv/7.pvr"},
}

every_kind = pytest.mark.parametrize("source", KINDS)


def tune_in(room: Room, source: str) -> None:
    """The programme is an episode, on a channel."""
    room.server.start_playing(room.episode, **ON_A_CHANNEL[source])


@every_kind
async def test_live_tv_leaves_no_trace_by_default_and_ends_what_was_on(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source) as room:
        room.server.start_playing(room.home.trakt.catalogue.episode("friends", 1, 2))
        await room.look_for(MINUTE)
        tune_in(room, source)
        await room.look_for(10 * MINUTE)
        assert [verb for verb, _ in room.told()] == ["start", "stop"]
        assert room.shown().state is WatchState.IDLE


@every_kind
async def test_live_tv_is_a_play_where_the_settings_want_it(tmp_path: Path, source: str) -> None:
    async with a_room(tmp_path, source, hooks=WANTED) as room:
        tune_in(room, source)
        await room.look_for(10 * MINUTE)
        shown = room.shown()
        assert (shown.state, shown.source) == (WatchState.WATCHING, source)
        assert isinstance(shown.media, Episode)
        assert (shown.media.show.title, shown.media.season, shown.media.number) == ("Friends", 1, 1)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        assert room.shown().state is WatchState.IDLE
        assert room.told()[0][0] == "start"


@pytest.mark.parametrize("source", WITH_USERS)
async def test_a_stranger_s_live_tv_is_a_stranger_s(tmp_path: Path, source: str) -> None:
    ann = (AccountSettings(name="ann", users=("ann",)),)
    async with a_room(tmp_path, source, logged_in=False, hooks=WANTED, accounts=ann) as room:
        tune_in(room, source)
        await room.look_for(MINUTE)
        assert room.shown().state is WatchState.IDLE
