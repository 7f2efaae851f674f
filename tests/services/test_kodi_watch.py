"""What a watched Kodi is asked, and what is kept of its answers."""

from pathlib import Path
from typing import Any

from tests.services.living_room import Room, a_room
from watchd.model.media import Episode
from watchd.standins.faults import Fault

HOUR = 3600.0
_ABOUT_SHOWS = "VideoLibrary.GetTVShowDetails"


def asked_about_shows(room: Room) -> int:
    calls: list[Any] = [seen.body for seen in room.server.calls("POST", "/jsonrpc")]
    return sum(isinstance(body, dict) and body["method"] == _ABOUT_SHOWS for body in calls)


async def test_a_show_is_asked_for_again_after_an_hour_for_its_number_may_be_another_s(tmp_path: Path) -> None:
    async with a_room(tmp_path, "kodi", logged_in=False) as room:
        room.server.start_playing(room.episode)
        await room.look_for(60)
        assert asked_about_shows(room) == 1
        room.clock.advance(HOUR)
        await room.look()
        assert asked_about_shows(room) == 2


async def test_a_show_that_could_not_be_asked_for_is_asked_for_within_a_minute(tmp_path: Path) -> None:
    async with a_room(tmp_path, "kodi", logged_in=False) as room:
        room.server.faults.add(Fault("status", when=lambda seen: _ABOUT_SHOWS in str(seen.body), status=500))
        room.server.start_playing(room.episode)
        await room.look_for(90)
        assert asked_about_shows(room) == 2
        media = room.shown().media
        assert isinstance(media, Episode)
        assert media.show.ids.tvdb == room.home.trakt.catalogue.show("friends").ids["tvdb"]


async def test_an_older_kodi_has_one_id_of_each_item(tmp_path: Path) -> None:
    async with a_room(tmp_path, "kodi", logged_in=False) as room:
        room.server.older = True  # type: ignore[attr-defined]  # this one is a Kodi
        room.server.start_playing(room.episode)
        await room.look_for(30)
        media = room.shown().media
        assert isinstance(media, Episode)
        assert (media.ids.imdb, media.ids.tvdb) == (room.episode.ids["imdb"], None)
        assert media.show.ids.imdb == room.home.trakt.catalogue.show("friends").ids["imdb"]
