"""Kodi's own notifications, with and without the answers to what was asked."""

from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.media import MediaIds, MediaType, Movie
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, UnnamedEvent
from watchd.sources import kodi
from watchd.sources.kodi_rpc import media_of, position_of

MOVIE: dict[str, Any] = {
    "id": 7,
    "type": "movie",
    "label": "Alien",
    "title": "Alien",
    "year": 1979,
    "uniqueid": {"imdb": "tt0078748", "tmdb": "348"},
    "tvshowid": -1,
    "season": -1,
    "episode": -1,
    "showtitle": "",
    "file": "/films/alien.mkv",
    "runtime": 7000,
}
EPISODE: dict[str, Any] = {
    "id": 9,
    "type": "episode",
    "title": "Cold Harbor",
    "showtitle": "Severance",
    "season": 2,
    "episode": 10,
    "year": 2025,
    "tvshowid": 3,
    "uniqueid": {"tvdb": "10551883", "tvshow.tmdb": "95396"},
    "file": "/tv/Severance/Season 02/Severance S02E10.mkv",
}
SHOW = {
    "tvshowdetails": {"tvshowid": 3, "title": "Severance", "year": 2022, "uniqueid": {"tvdb": "371980", "imdb": "tt11280740"}}
}
BARE = {"type": "unknown", "season": -1, "episode": -1, "tvshowid": -1, "showtitle": "", "title": ""}


def time(seconds: int) -> dict[str, int]:
    return {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60, "milliseconds": 0}


def playing(percent: object = 25.0, position: int = 1750, total: int = 7000, **more: object) -> dict[str, Any]:
    return {"speed": 1, "percentage": percent, "time": time(position), "totaltime": time(total), "live": False, **more}


def note(method: str, item: object = None, **data: object) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": {"sender": "xbmc", "data": {"item": item, **data}}}


def bundle(method: str, item: object, properties: object = None, show: object = None, **data: object) -> dict[str, Any]:
    player = {"player": {"playerid": 1, "speed": 1}, **data}
    said = note(method, {"id": 7, "type": "movie"}, **player)
    answer = None if item is None else {"item": item}
    return {"notification": said, "getItem": answer, "getProperties": properties, "getTVShowDetails": show}


@pytest.mark.parametrize(
    "method, speed, action",
    [
        ("Player.OnPlay", 1, Action.START),
        ("Player.OnAVStart", 1, Action.START),
        ("Player.OnResume", 1, Action.START),
        ("Player.OnPause", 0, Action.PAUSE),
        ("Player.OnStop", 1, Action.STOP),
        ("Player.OnSeek", 1, Action.PROGRESS),
        ("Player.OnSeek", 0, Action.PAUSE),
        ("Player.OnAVChange", 1, Action.PROGRESS),
        ("Player.OnAVChange", 0, Action.PAUSE),
        ("Player.OnSpeedChanged", 4, Action.PROGRESS),
        ("Player.OnSpeedChanged", 0, Action.PAUSE),
        ("Player.OnPlay", 0, Action.PAUSE),
    ],
)
def test_each_notification_is_an_action_and_no_speed_is_a_pause(method: str, speed: int, action: Action) -> None:
    parsed = kodi.parse(bundle(method, MOVIE, playing(), player={"playerid": 1, "speed": speed}))
    assert isinstance(parsed, PlaybackEvent)
    assert (parsed.source, parsed.action, parsed.progress, parsed.position, parsed.duration) == ("kodi", action, 25, 1750, 7000)
    assert parsed.media == Movie("Alien", 1979, MediaIds(imdb="tt0078748", tmdb=348), runtime=7000.0)


def test_an_episode_gets_its_show_from_the_answer_about_it() -> None:
    found = facts(kodi.parse(bundle("Player.OnAVStart", EPISODE, playing(), SHOW)))
    assert (found["title"], found["year"], found["season"], found["number"]) == ("Severance", 2022, 2, 10)
    assert found["ids"] == {"tvdb": 10551883}
    assert found["show_ids"] == {"imdb": "tt11280740", "tmdb": 95396, "tvdb": 371980}


def test_answers_may_come_in_their_envelopes() -> None:
    envelope: dict[str, Any] = {"jsonrpc": "2.0", "id": 1}
    whole = {
        **bundle("Player.OnPause", None),
        "getItem": {**envelope, "result": {"item": EPISODE}},
        "getProperties": {**envelope, "result": playing()},
        "getTVShowDetails": {**envelope, "result": SHOW},
    }
    assert kodi.parse(whole) == kodi.parse(bundle("Player.OnPause", EPISODE, playing(), SHOW))


def test_an_answer_that_is_an_error_is_none() -> None:
    failed = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32100, "message": "Failed to execute method."}}
    parsed = kodi.parse({**bundle("Player.OnStop", None), "getItem": failed, "getProperties": failed})
    assert isinstance(parsed, UnnamedEvent)


@pytest.mark.parametrize("end, progress", [(True, 100.0), (False, None)])
def test_a_stop_says_only_whether_it_came_to_the_end(end: bool, progress: float | None) -> None:
    parsed = kodi.parse(note("Player.OnStop", {"id": 9, "type": "episode"}, end=end))
    assert isinstance(parsed, UnnamedEvent)
    assert (parsed.action, parsed.type, parsed.completed, parsed.progress) == (Action.STOP, MediaType.EPISODE, end, progress)


@pytest.mark.parametrize(
    "method, action",
    [
        ("Player.OnPause", Action.PAUSE),
        ("Player.OnResume", Action.START),
        ("Player.OnSeek", Action.PROGRESS),
        ("System.OnSleep", Action.STOP),
        ("System.OnQuit", Action.STOP),
    ],
)
def test_what_goes_on_or_rests_without_a_name_is_of_what_is_open(method: str, action: Action) -> None:
    parsed = kodi.parse(note(method, {"id": 7, "type": "movie"} if method.startswith("Player") else None))
    assert isinstance(parsed, UnnamedEvent)
    assert parsed.action is action


@pytest.mark.parametrize("method", ["Player.OnPlay", "Player.OnAVStart"])
def test_a_start_without_a_name_is_of_nothing_known(method: str) -> None:
    assert kodi.parse(note(method, {"id": 7, "type": "movie"})) == Ignored(IgnoreReason.UNIDENTIFIABLE, type=MediaType.MOVIE)


def test_a_notification_alone_may_name_its_item() -> None:
    item = {"type": "episode", "title": "Cold Harbor", "showtitle": "Severance", "season": 2, "episode": 10}
    found = facts(kodi.parse(note("Player.OnPlay", item, player={"playerid": 1, "speed": 1})))
    assert (found["action"], found["title"], found["season"], found["number"]) == ("start", "Severance", 2, 10)


def test_a_seek_alone_tells_where_to() -> None:
    parsed = kodi.parse(note("Player.OnSeek", {"id": 7, "type": "movie"}, player={"speed": 1, "time": time(3600)}))
    assert isinstance(parsed, UnnamedEvent)
    assert parsed.position == 3600.0


@pytest.mark.parametrize(
    "item, properties, reason",
    [
        ({**BARE, "label": "stream", "file": "http://x/stream.m3u8"}, playing(0, 0, 0), IgnoreReason.UNIDENTIFIABLE),
        ({**BARE, "type": "movie", "label": "holiday.mp4", "title": "holiday.mp4"}, playing(), IgnoreReason.UNIDENTIFIABLE),
        ({**BARE, "label": "Alien", "file": "plugin://plugin.video.x/play/7"}, playing(), IgnoreReason.UNIDENTIFIABLE),
        ({**BARE, "type": "channel", "label": "News"}, playing(), IgnoreReason.LIVE_TV),
        ({**BARE, "label": "News", "file": "pvr://channels/tv/1.pvr"}, playing(), IgnoreReason.LIVE_TV),
        ({**BARE, "type": "musicvideo", "title": "Song"}, playing(), IgnoreReason.MUSIC),
        ({**BARE, "type": "song", "title": "Song"}, playing(), IgnoreReason.MUSIC),
        ({**BARE, "type": "picture", "label": "a.jpg"}, playing(), IgnoreReason.PHOTO),
        ({**MOVIE}, playing(live=True), IgnoreReason.LIVE_TV),
    ],
)
def test_what_is_nothing_of_ours_is_ignored(item: object, properties: object, reason: IgnoreReason) -> None:
    parsed = kodi.parse(bundle("Player.OnAVStart", item, properties))
    assert isinstance(parsed, Ignored)
    assert parsed.reason is reason
    assert (parsed.instead is not None) == (item == MOVIE)


@pytest.mark.parametrize(
    "method, reason",
    [
        ("VideoLibrary.OnUpdate", IgnoreReason.LIBRARY_EVENT),
        ("AudioLibrary.OnScanFinished", IgnoreReason.LIBRARY_EVENT),
        ("Player.OnPropertyChanged", IgnoreReason.NOISE),
        ("Playlist.OnAdd", IgnoreReason.NOISE),
        ("Application.OnVolumeChanged", IgnoreReason.SYSTEM_EVENT),
        ("GUI.OnScreensaverActivated", IgnoreReason.SYSTEM_EVENT),
        ("System.OnWake", IgnoreReason.SYSTEM_EVENT),
        ("Other.Thing", IgnoreReason.UNKNOWN_EVENT),
    ],
)
def test_other_notifications_are_ignored(method: str, reason: IgnoreReason) -> None:
    assert kodi.parse(note(method)) == Ignored(reason)


@pytest.mark.parametrize(
    "item, named",
    [
        ({**BARE, "type": "movie", "label": "Heat.1995.1080p.mkv"}, ("movie", "Heat", 1995, None, None)),
        ({**BARE, "label": "x", "file": "smb://a:b@nas/Heat (1995)/heat.mkv"}, ("movie", "Heat", 1995, None, None)),
        ({**BARE, "type": "movie", "file": "/tv/Dark/Season 1/E03.mkv"}, ("episode", "Dark", None, 1, 3)),
        ({**BARE, "type": "episode", "title": "Lies", "file": "Dark.S01E02.mkv"}, ("episode", "Dark", None, 1, 2)),
        ({**BARE, "showtitle": "Dark (2017)", "season": 1, "episode": 2}, ("episode", "Dark", 2017, 1, 2)),
        ({**BARE, "title": "Heat", "uniqueid": {"tmdb": "949"}, "file": "plugin://x"}, ("movie", "Heat", None, None, None)),
        ({**BARE, "type": "movie", "title": "Heat", "year": 1995, "file": "plugin://x"}, ("movie", "Heat", 1995, None, None)),
        ({**MOVIE, "uniqueid": {"unknown": "tt0078748"}, "year": 1601}, ("movie", "Alien", None, None, None)),
        ({**MOVIE, "uniqueid": {}, "imdbnumber": "tt0078748"}, ("movie", "Alien", 1979, None, None)),
    ],
)
def test_what_is_not_in_the_library_is_understood_as_far_as_it_says(item: object, named: object) -> None:
    found = facts(kodi.parse(bundle("Player.OnAVStart", item, playing())))
    assert tuple(found[name] for name in ("type", "title", "year", "season", "number")) == named


def test_the_file_tells_of_the_last_of_several_episodes() -> None:
    file = "/tv/Severance/Severance S02E10E11.mkv"
    first, second = media_of({**EPISODE, "file": file}), media_of({**EPISODE, "episode": 11, "file": file})
    assert [getattr(media, "number_end", None) for media in (first, second)] == [11, None]


def test_zeros_of_an_empty_player_are_no_position() -> None:
    assert position_of(playing(0, 0, 0)) == (None, None, None)
    assert position_of({}) == (None, None, None)
    assert position_of(playing(0, 0)) == (0.0, 7000.0, 0.0)
    assert position_of({**playing("99.999", 7200), "time": {"seconds": 1e308}}) == (7000.0, 7000.0, 100.0)


@pytest.mark.parametrize(
    "payload, reason",
    [
        ({"notification": None}, "no_event"),
        ({"notification": []}, "wrong_type"),
        ({"method": 7}, "no_event"),
        ({"method": "Player.OnPlay", "params": []}, "wrong_type"),
        ({**bundle("Player.OnPlay", MOVIE), "getItem": 3}, "wrong_type"),
        (bundle("Player.OnPlay", {**MOVIE, "file": 3}), "wrong_type"),
        (bundle("Player.OnPlay", MOVIE, playing(time=5)), "wrong_type"),
    ],
)
def test_what_is_of_wrong_types_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        kodi.parse(payload)
    assert refusal.value.reason == reason
