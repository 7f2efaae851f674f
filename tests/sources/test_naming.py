"""Whether a payload says what it is about is asked in one way, whoever sends it."""

from typing import Any

import pytest

from watchd.model.media import Episode, MediaType
from watchd.model.playback import Ignored, IgnoreReason, PlaybackEvent
from watchd.sources import HOOKS

UNNUMBERED: dict[str, dict[str, Any]] = {
    "plex": {"event": "media.play", "Metadata": {"type": "episode", "grandparentTitle": "Dark", "title": "Lies"}},
    "jellyfin": {"NotificationType": "PlaybackStart", "ItemType": "Episode", "SeriesName": "Dark", "Name": "Lies"},
    "emby": {"Event": "playback.start", "Item": {"Type": "Episode", "SeriesName": "Dark", "Name": "Lies"}},
    "kodi": {"event": "start", "mediaType": "episode", "tvShowTitle": "Dark", "title": "Lies"},
    "tautulli": {"source": "tautulli", "event": "play", "media_type": "episode", "show": "Dark", "episode_title": "Lies"},
    "homeassistant": {
        "state": "playing",
        "attributes": {"media_content_type": "tvshow", "media_series_title": "Dark", "media_title": "Lies"},
    },
    "generic": {"event": "start", "mediaType": "episode", "tvShowTitle": "Dark", "title": "Lies"},
}
NOTIFIED = {
    "method": "Player.OnPlay",
    "params": {"data": {"item": {"type": "episode", "showtitle": "Dark", "title": "Lies"}, "player": {"speed": 1}}},
}
TITLES = ("title", "Name", "episode_title", "media_title")


def test_there_is_one_of_every_source() -> None:
    assert UNNUMBERED.keys() == HOOKS.keys()


@pytest.mark.parametrize("source, payload", [*UNNUMBERED.items(), ("kodi", NOTIFIED)])
def test_an_episode_named_without_numbers_is_named_for_every_source(source: str, payload: dict[str, Any]) -> None:
    parsed = HOOKS[source](payload)
    assert isinstance(parsed, PlaybackEvent)
    assert isinstance(parsed.media, Episode)
    assert (parsed.media.show.title, parsed.media.title, parsed.media.number) == ("Dark", "Lies", None)


@pytest.mark.parametrize("source, payload", UNNUMBERED.items())
def test_a_show_alone_names_no_episode_for_any_source(source: str, payload: dict[str, Any]) -> None:
    parsed = HOOKS[source](_without_title(payload))
    assert isinstance(parsed, Ignored)
    assert (parsed.reason, parsed.type) == (IgnoreReason.UNIDENTIFIABLE, MediaType.EPISODE)


def _without_title(payload: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in payload.items() if name not in TITLES}
    return {name: _without_title(value) if isinstance(value, dict) else value for name, value in kept.items()}
