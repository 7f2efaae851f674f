"""The generic format, as scripts for mpv, VLC and others send it."""

from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, UnnamedEvent
from watchd.sources import generic


def event(**payload: Any) -> PlaybackEvent:
    parsed = generic.parse({"event": "start", **payload})
    assert isinstance(parsed, PlaybackEvent)
    return parsed


def test_a_file_name_is_enough() -> None:
    found = event(
        source="mpv", sessionId="4711-1", user="ana", filename="Severance.S02E09E10.mkv", duration=5400, progress={"percent": 0}
    )
    assert found.media == Episode(Show("Severance"), 2, 9, 10, runtime=5400.0)
    assert (found.source, found.user, found.session, found.progress) == ("generic", "ana", "4711-1", 0.0)
    assert (found.player, found.player_name) == ("mpv", "mpv")


def test_fields_come_before_the_file_name_and_the_file_name_fills_the_gaps() -> None:
    told: dict[str, Any] = {
        "filename": "/tv/svr/svr 2x09-10.mkv",
        "tvShowTitle": "Severance",
        "tvShowUniqueIds": {"tmdb": 95396},
    }
    show = Show("Severance", None, MediaIds(tmdb=95396))
    assert event(**told).media == Episode(show, 2, 9, 10)
    assert event(**told, season=2, episode=9).media == Episode(show, 2, 9, 10)
    assert event(**told, season=1, episode=1, tvShowYear="2022").media == Episode(Show("Severance", 2022, show.ids), 1, 1)


@pytest.mark.parametrize(
    "told, media",
    [
        ({"title": "Heat", "year": 1995}, Movie("Heat", 1995)),
        ({"title": "Heat", "mediaType": "movie"}, Movie("Heat")),
        ({"title": "Heat.1995.1080p.x264.mkv", "mediaType": "movie"}, Movie("Heat", 1995)),
        ({"title": "Heat (1995)"}, Movie("Heat", 1995)),
        ({"title": "clip", "filename": "Heat (1995).mkv"}, Movie("Heat", 1995)),
        ({"uniqueIds": {"imdb": "tt0113277"}}, Movie(None, None, MediaIds(imdb="tt0113277"))),
        ({"tvShowTitle": "Dark (2017)", "season": "1", "episode": "03"}, Episode(Show("Dark", 2017), 1, 3)),
        ({"tvShowUniqueIds": {"tvdb": 1}, "season": 0, "episode": "6-7"}, Episode(Show(ids=MediaIds(tvdb=1)), 0, 6, 7)),
        ({"mediaType": "episode", "uniqueIds": {"tvdb": 5}}, Episode(ids=MediaIds(tvdb=5))),
        ({"mediaType": "video", "filename": "Dark S01E03.mkv"}, Episode(Show("Dark"), 1, 3)),
        ({"filename": "[Subs] Frieren - 12.mkv"}, Episode(Show("Frieren"), number_abs=12)),
        ({"mediaType": "movie", "filename": "https://nas/Heat%20(1995).mkv?key=1"}, Movie("Heat", 1995)),
    ],
)
def test_an_item_is_known_by_whatever_names_it(told: dict[str, Any], media: Movie | Episode) -> None:
    assert event(**told).media == media


@pytest.mark.parametrize(
    "verb, action",
    [("play", Action.START), ("progress", Action.PROGRESS), ("watched", Action.WATCHED), ("END", Action.STOP)],
)
def test_a_few_more_words_are_understood(verb: str, action: Action) -> None:
    assert event(event=verb, filename="Heat (1995).mkv").action is action


@pytest.mark.parametrize(
    "progress, expected",
    [(51, (51.0, None)), ("51.5", (51.5, None)), ({"time": 65}, (None, 65.0)), (None, (None, None)), ({}, (None, None))],
)
def test_progress_may_be_a_bare_percentage(progress: object, expected: object) -> None:
    found = event(filename="Heat (1995).mkv", progress=progress)
    assert (found.progress, found.position) == expected


@pytest.mark.parametrize(
    "timestamp, at",
    [
        ("2026-06-24T12:00:00+02:00", 1_782_295_200_000),
        ("2026-06-24T10:00:00.1234567Z", 1_782_295_200_123),
        (1_782_295_200, 1_782_295_200_000),
        ("1782295200.5", 1_782_295_200_500),
        (1_782_295_200_000, 1_782_295_200_000),
        (1e300, None),
        (-5, None),
    ],
)
def test_a_script_gives_the_time_as_it_can(timestamp: object, at: int | None) -> None:
    assert event(filename="Heat (1995).mkv", timestamp=timestamp).at == at


def test_players_of_one_name_may_be_told_apart() -> None:
    found = event(filename="Heat (1995).mkv", source="vlc", player="Bedroom")
    assert (found.player, found.player_name) == ("vlc/Bedroom", "Bedroom")
    assert event(filename="Heat (1995).mkv").player == ""


@pytest.mark.parametrize(
    "told, reason",
    [
        ({"title": "Heat"}, IgnoreReason.UNIDENTIFIABLE),
        ({"filename": "holiday.mp4"}, IgnoreReason.UNIDENTIFIABLE),
        ({"event": "stop", "filename": ""}, IgnoreReason.UNIDENTIFIABLE),
        ({"tvShowTitle": "Dark", "season": 1}, IgnoreReason.UNIDENTIFIABLE),
        ({}, IgnoreReason.UNIDENTIFIABLE),
        ({"mediaType": "music", "title": "Song"}, IgnoreReason.MUSIC),
        ({"mediaType": "channel", "title": "News"}, IgnoreReason.LIVE_TV),
        ({"event": "dance", "filename": "Heat (1995).mkv"}, IgnoreReason.UNKNOWN_EVENT),
    ],
)
def test_what_cannot_be_known_is_ignored_with_the_reason(told: dict[str, Any], reason: IgnoreReason) -> None:
    parsed = generic.parse({"event": "start", "user": " ana ", **told})
    assert isinstance(parsed, Ignored)
    assert (parsed.reason, parsed.user, parsed.instead) == (reason, "ana", None)


def test_a_pause_may_leave_the_item_out() -> None:
    parsed = generic.parse({"event": "pause", "source": "mpv", "sessionId": "1", "progress": 40, "user": "ana"})
    assert isinstance(parsed, UnnamedEvent)
    assert (parsed.action, parsed.player, parsed.session, parsed.progress, parsed.user) == (
        Action.PAUSE,
        "mpv",
        "1",
        40.0,
        "ana",
    )


def test_the_same_facts_come_out_as_of_the_add_on() -> None:
    found = facts(
        generic.parse({"event": "interval", "tvShowTitle": "Dark", "season": 1, "episode": 3, "progress": {"percent": 51.0}})
    )
    assert (found["action"], found["title"], found["season"], found["number"], found["progress"]) == (
        "progress",
        "Dark",
        1,
        3,
        51.0,
    )


@pytest.mark.parametrize(
    "payload, reason",
    [
        ("start", "wrong_type"),
        ({"source": "mpv"}, "no_event"),
        ({"event": None}, "no_event"),
        ({"event": "start", "filename": 7}, "wrong_type"),
        ({"event": "start", "user": ["ana"]}, "wrong_type"),
        ({"event": "start", "source": {}}, "wrong_type"),
        ({"event": "start", "title": "Heat", "year": "old"}, "wrong_type"),
    ],
)
def test_what_is_of_wrong_types_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        generic.parse(payload)
    assert refusal.value.reason == reason
