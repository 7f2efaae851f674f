"""Plex's deliveries, each with what it must become."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.playback import PlaybackEvent
from watchd.sources import HOOKS, plex

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "fixtures" / "plex.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_delivery_becomes_what_it_says(case: dict[str, Any]) -> None:
    found = facts(plex.parse(case["payload"]))
    assert {name: found[name] for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ([], "wrong_type"),
        ("media.play", "wrong_type"),
        ({}, "no_event"),
        ({"event": 7}, "no_event"),
        ({"event": "media.play", "Metadata": []}, "wrong_type"),
        ({"event": "media.play", "Account": "Ada"}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": 4}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "movie", "title": ["Alien"]}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "movie", "title": "Alien", "viewOffset": True}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "movie", "title": "Alien", "duration": "long"}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "movie", "title": "Alien", "Guid": {"id": "imdb://tt1"}}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "movie", "title": "Alien", "Guid": [7]}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "episode", "index": {}}}, "wrong_type"),
        ({"event": "media.play", "Metadata": {"type": "movie", "title": "Alien"}, "Player": 3}, "wrong_type"),
        ({"event": "media.rate", "rating": [], "Metadata": {"type": "movie", "title": "Alien"}}, "wrong_type"),
    ],
)
def test_a_delivery_of_wrong_types_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        plex.parse(payload)
    assert refusal.value.reason == reason


def test_a_refusal_never_shows_the_value() -> None:
    with pytest.raises(MalformedPayload) as refusal:
        plex.parse({"event": "media.play", "Account": "a-secret"})
    assert "a-secret" not in str(refusal.value)


def test_an_event_of_plex_claims_neither_session_nor_completion() -> None:
    event = plex.parse(CASES[0]["payload"])
    assert isinstance(event, PlaybackEvent)
    assert (event.source, event.session, event.completed, event.at) == ("plex", None, False, None)


def test_a_title_no_database_could_store_is_mended() -> None:
    item = {"type": "movie", "title": "Al\ud800ie\x00n " + "x" * 5000}
    event = plex.parse({"event": "media.play", "Metadata": item})
    assert isinstance(event, PlaybackEvent)
    title = event.media.title or ""
    assert title.startswith("Al?ie n x")
    assert len(title) <= 300
    title.encode()


def test_plex_is_a_source_of_hooks() -> None:
    assert HOOKS["plex"] is plex.parse
