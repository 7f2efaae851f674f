"""Home Assistant's media players."""

import json
from typing import Any

import pytest

from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, MediaType, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, UnnamedEvent
from watchd.sources import homeassistant

PLAYER = "media_player.attic"
EPISODE: dict[str, Any] = {
    "media_content_type": "tvshow",
    "media_title": "Cold Harbor",
    "media_series_title": "Severance (2022)",
    "media_season": "2",
    "media_episode": "10",
    "media_duration": 4500,
    "media_position": 1125,
    "media_position_updated_at": "2026-06-24T12:00:00+02:00",
    "friendly_name": "Attic",
}
MOVIE: dict[str, Any] = {"media_content_type": "movie", "media_title": "Alien", "media_duration": 7000}
DELIVERY: dict[str, Any] = {
    "event": "media.pause",
    "Account": {"id": 1, "title": "Ada"},
    "Metadata": {
        "type": "movie",
        "title": "Alien",
        "year": 1979,
        "Guid": [{"id": "tmdb://348"}],
        "viewOffset": 1,
        "duration": 2,
    },
}


def told(state: str, attributes: object, **more: object) -> dict[str, object]:
    return {"source": "homeassistant", "entity_id": PLAYER, "state": state, "attributes": attributes, **more}


def event(attributes: dict[str, Any], state: str = "playing", **more: object) -> PlaybackEvent:
    parsed = homeassistant.parse(told(state, attributes, **more))
    assert isinstance(parsed, PlaybackEvent)
    return parsed


def test_an_episode_is_read_with_the_moment_of_its_position() -> None:
    found = event(EPISODE, user="ada")
    assert found.media == Episode(Show("Severance", 2022), 2, 10, title="Cold Harbor", runtime=4500.0)
    assert (found.source, found.action, found.user) == ("homeassistant", Action.START, "ada")
    assert (found.position, found.duration, found.position_at, found.at) == (1125.0, 4500.0, 1_782_295_200_000, None)
    assert (found.player, found.player_name, found.session) == (PLAYER, "Attic", None)


@pytest.mark.parametrize(
    "state, action",
    [
        ("playing", Action.START),
        ("Paused", Action.PAUSE),
        ("idle", Action.STOP),
        ("off", Action.STOP),
        ("standby", Action.STOP),
    ],
)
def test_each_state_is_an_action(state: str, action: Action) -> None:
    assert event(MOVIE, state).action is action


@pytest.mark.parametrize("state", ["unavailable", "unknown", "buffering", "on"])
def test_a_state_that_says_nothing_of_playing_is_waited_out(state: str) -> None:
    assert homeassistant.parse(told(state, EPISODE)) == Ignored(IgnoreReason.NOISE)


@pytest.mark.parametrize(
    "state, attributes, action",
    [
        ("off", {"friendly_name": "Attic"}, Action.STOP),
        ("idle", {}, Action.STOP),
        ("standby", None, Action.STOP),
        ("paused", {"media_title": ""}, Action.PAUSE),
    ],
)
def test_an_end_without_an_item_is_of_what_is_open_there(state: str, attributes: object, action: Action) -> None:
    parsed = homeassistant.parse(told(state, attributes))
    assert isinstance(parsed, UnnamedEvent)
    assert (parsed.action, parsed.player) == (action, PLAYER)


@pytest.mark.parametrize(
    "change, numbers",
    [
        ({"media_season": 2, "media_episode": 10}, (2, 10, None)),
        ({"media_season": "S02", "media_episode": "E10"}, (2, 10, None)),
        ({"media_season": "Season 2", "media_episode": "Episode 10"}, (2, 10, None)),
        ({"media_season": "0", "media_episode": "0"}, (0, 0, None)),
        ({"media_season": 2.0, "media_episode": "9-10"}, (2, 9, 10)),
    ],
)
def test_numbers_are_read_as_integrations_write_them(change: dict[str, Any], numbers: object) -> None:
    media = event({**EPISODE, **change}).media
    assert isinstance(media, Episode)
    assert (media.season, media.number, media.number_end) == numbers


@pytest.mark.parametrize(
    "attributes, media",
    [
        (
            {**EPISODE, "media_content_type": "video"},
            Episode(Show("Severance", 2022), 2, 10, title="Cold Harbor", runtime=4500.0),
        ),
        (
            {**EPISODE, "media_content_type": "episode"},
            Episode(Show("Severance", 2022), 2, 10, title="Cold Harbor", runtime=4500.0),
        ),
        ({"media_content_type": "movie", "media_title": "Heat"}, Movie("Heat")),
        ({"media_content_type": "movie", "media_title": "Heat.1995.1080p.mkv"}, Movie("Heat", 1995)),
        ({"media_content_type": "video", "media_title": "Heat (1995)"}, Movie("Heat", 1995)),
        ({"media_content_type": "video/mp4", "media_content_id": "http://nas/Heat%20(1995).mp4"}, Movie("Heat", 1995)),
        ({"media_content_type": "tvshow", "media_title": "Dark - S01E03 - Past"}, Episode(Show("Dark"), 1, 3)),
        (
            {"media_content_type": "tvshow", "media_series_title": "Dark", "media_title": "S01E03"},
            Episode(Show("Dark"), 1, 3, title="S01E03"),
        ),
        ({"media_title": "Dark.S01E03.mkv"}, Episode(Show("Dark"), 1, 3)),
    ],
)
def test_an_item_is_known_by_whatever_names_it(attributes: dict[str, Any], media: Movie | Episode) -> None:
    assert event(attributes).media == media


@pytest.mark.parametrize(
    "attributes, reason",
    [
        ({"media_content_type": "channel", "media_title": "News"}, IgnoreReason.LIVE_TV),
        ({"media_content_type": "music", "media_title": "Song"}, IgnoreReason.MUSIC),
        ({"media_content_type": "track", "media_title": "Song"}, IgnoreReason.MUSIC),
        ({"media_content_type": "audio/mpeg", "media_title": "Song"}, IgnoreReason.MUSIC),
        ({"media_title": "Song", "media_artist": "Singer"}, IgnoreReason.MUSIC),
        ({"media_content_type": "image", "media_title": "a.jpg"}, IgnoreReason.PHOTO),
        ({"media_content_type": "game", "media_title": "Chess"}, IgnoreReason.UNSUPPORTED_TYPE),
        ({"media_content_type": "url", "media_title": "Netflix"}, IgnoreReason.UNIDENTIFIABLE),
        ({"media_content_type": "app", "media_title": "YouTube"}, IgnoreReason.UNIDENTIFIABLE),
        ({"media_content_type": "tvshow", "media_title": "Pilot"}, IgnoreReason.UNIDENTIFIABLE),
        ({"media_content_type": "tvshow", "media_series_title": "Dark", "media_season": "?"}, IgnoreReason.UNIDENTIFIABLE),
        ({}, IgnoreReason.UNIDENTIFIABLE),
    ],
)
def test_what_cannot_be_known_is_ignored_with_the_reason(attributes: object, reason: IgnoreReason) -> None:
    parsed = homeassistant.parse(told("playing", attributes, user="ada"))
    assert isinstance(parsed, Ignored)
    assert (parsed.reason, parsed.user, parsed.instead) == (reason, "ada", None)


def test_a_channel_that_tells_of_an_episode_is_kept_for_those_who_want_it() -> None:
    parsed = homeassistant.parse(told("playing", {**EPISODE, "media_content_type": "channel"}))
    assert isinstance(parsed, Ignored)
    assert parsed.reason is IgnoreReason.LIVE_TV
    assert parsed.instead == event(EPISODE) or (parsed.instead is not None and parsed.instead.media == event(EPISODE).media)


@pytest.mark.parametrize(
    "payload",
    [
        {"webhook_id": "abc", "data": DELIVERY},
        {"data": {"payload": DELIVERY, "thumb": "x"}},
        {"data": {"payload": json.dumps(DELIVERY)}},
        {"payload": json.dumps(DELIVERY)},
        DELIVERY,
    ],
)
def test_a_delivery_of_plex_that_was_passed_on_is_read_as_such(payload: object) -> None:
    parsed = homeassistant.parse(payload)
    assert isinstance(parsed, PlaybackEvent)
    assert parsed.media == Movie("Alien", 1979, MediaIds(tmdb=348), runtime=0.002)
    assert (parsed.source, parsed.action, parsed.user) == ("homeassistant", Action.PAUSE, "Ada")


def test_what_plex_would_ignore_stays_ignored() -> None:
    passed = {"data": {**DELIVERY, "Metadata": {"type": "track", "title": "Song"}}}
    assert homeassistant.parse(passed) == Ignored(IgnoreReason.MUSIC, "Ada")


def test_the_type_is_told_where_the_item_is_not() -> None:
    parsed = homeassistant.parse(told("off", {"media_content_type": "movie"}))
    assert isinstance(parsed, UnnamedEvent)
    assert parsed.type is MediaType.MOVIE


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ({}, "no_event"),
        ({"state": 3}, "no_event"),
        ({"data": {"payload": "{"}}, "not_json"),
        ({"data": {"payload": "[]"}}, "wrong_type"),
        (told("playing", []), "wrong_type"),
        (told("playing", {**EPISODE, "media_duration": "long"}), "wrong_type"),
        (told("playing", {**EPISODE, "media_season": []}), "wrong_type"),
        (told("playing", MOVIE, user={}), "wrong_type"),
    ],
)
def test_what_is_of_wrong_types_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        homeassistant.parse(payload)
    assert refusal.value.reason == reason
