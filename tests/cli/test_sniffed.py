"""Telling by its looks where a payload comes from."""

import json

import pytest

from watchd.cli.sniffed import source_of, verb_of


@pytest.mark.parametrize(
    "payload, source",
    [
        ({"event": "media.play", "Metadata": {}}, "plex"),
        ({"event": "media.play", "Metadata": {}, "server": "tautulli"}, "tautulli"),
        ({"event": "tautulli.play", "Metadata": {}}, "tautulli"),
        ({"source": "tautulli", "event": "play"}, "tautulli"),
        ({"NotificationType": "PlaybackStart"}, "jellyfin"),
        ({"Event": "playback.start", "Item": {}}, "emby"),
        ({"Event": "Play", "Item": {}}, "jellyfin"),
        ({"jsonrpc": "2.0", "method": "Player.OnPlay"}, "kodi"),
        ({"event": "start", "uniqueIds": {}}, "kodi"),
        ({"notification": {"method": "Player.OnStop"}, "getItem": None}, "kodi"),
        ({"entity_id": "media_player.tv", "state": "playing"}, "homeassistant"),
        ({"movie": {}, "progress": 1}, "trakt"),
        ({"episodes": []}, "trakt"),
        ({"event": "start", "filename": "a.mkv"}, "generic"),
        ([], "generic"),
    ],
)
def test_a_payload_is_known_by_its_looks(payload: object, source: str) -> None:
    assert source_of(json.dumps(payload).encode()) == source


def test_what_is_torn_looks_like_nothing() -> None:
    assert source_of(b"{") == "generic"


@pytest.mark.parametrize(
    "payload, verb",
    [
        ({"movie": {}, "progress": 1}, "stop"),
        ({"movie": {}}, "checkin"),
        ({"movies": [{}]}, "history"),
        ({"episodes": [{"rating": 7}]}, "ratings"),
    ],
)
def test_a_call_is_known_by_what_it_carries(payload: object, verb: str) -> None:
    assert verb_of(json.dumps(payload).encode()) == verb
