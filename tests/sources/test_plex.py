"""Plex's deliveries, each with what it must become."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.media import MediaType
from watchd.model.playback import Ignored, IgnoreReason, PlaybackEvent, Sender
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


def test_an_event_says_which_account_server_and_library_it_comes_from() -> None:
    item = {"type": "movie", "title": "Alien", "librarySectionTitle": "Films", "librarySectionID": 3}
    server, account = {"uuid": "5e12ff", "title": "attic"}, {"id": 14444444, "title": " Ada "}
    event = plex.parse({"event": "media.play", "Account": account, "Server": server, "Metadata": item})
    assert isinstance(event, PlaybackEvent)
    assert (event.user, event.sender) == ("Ada", Sender("14444444", "5e12ff", "attic", "Films", "3"))


def test_live_television_is_ignored_and_says_what_it_would_have_been() -> None:
    item = {"type": "episode", "grandparentTitle": "Dark", "parentIndex": 1, "index": 2, "viewOffset": 60_000}
    wanted = plex.parse({"event": "media.stop", "Metadata": item})
    ignored = plex.parse({"event": "media.stop", "Metadata": item | {"live": 1}})
    assert ignored == Ignored(
        IgnoreReason.LIVE_TV, None, MediaType.EPISODE, instead=wanted if isinstance(wanted, PlaybackEvent) else None
    )
    channel = plex.parse({"event": "media.play", "Metadata": {"type": "clip", "live": "1"}})
    assert channel == Ignored(IgnoreReason.LIVE_TV)


@pytest.mark.parametrize("value", ["0", "false", 0, False, None, ""])
def test_a_mark_that_is_not_set_ignores_nothing(value: object) -> None:
    marks = dict.fromkeys(("live", "cinemaTrailer", "extraType"), value)
    assert isinstance(
        plex.parse({"event": "media.play", "Metadata": {"type": "movie", "title": "Alien"} | marks}), PlaybackEvent
    )


@pytest.mark.parametrize(
    "guid, index, expected",
    [
        ("com.plexapp.agents.hama://anidb-69/1/500", (1, 500), {"season": 1, "number": 500, "number_abs": 500}),
        ("com.plexapp.agents.hama://anidb-69/0/3", (0, 3), {"season": 0, "number": 3, "number_abs": None}),
        ("com.plexapp.agents.hama://anidb2-69/4/3", (4, 3), {"season": 4, "number": 3, "number_abs": None}),
        ("net.fribbtastic.coding.plex.myanimelist://21/1/7", (None, None), {"season": 1, "number": 7, "number_abs": 7}),
        ("com.plexapp.agents.thetvdb://69/1/6", (1, "6-7"), {"season": 1, "number": 6, "number_end": 7}),
        ("com.plexapp.agents.thetvdb://69/2/6", (1, "6-7"), {"season": 2, "number": 6, "number_end": None}),
    ],
)
def test_numbers_come_from_the_guid_or_the_index(guid: str, index: tuple[object, object], expected: dict[str, object]) -> None:
    item = {"type": "episode", "grandparentTitle": "One Piece", "guid": guid, "parentIndex": index[0], "index": index[1]}
    found = facts(plex.parse({"event": "media.play", "Metadata": item}))
    assert {name: found[name] for name in expected} == expected


def test_plex_is_a_source_of_hooks() -> None:
    assert HOOKS["plex"] is plex.parse


@pytest.mark.parametrize(
    "passed_on",
    [
        lambda delivery: {"data": delivery, "webhook_id": "from an automation"},
        lambda delivery: {"payload": delivery},
        lambda delivery: {"data": {"payload": json.dumps(delivery)}},
    ],
)
def test_a_delivery_that_a_relay_wrapped_is_read_all_the_same(passed_on: Callable[[object], dict[str, object]]) -> None:
    assert plex.parse(passed_on(CASES[0]["payload"])) == plex.parse(CASES[0]["payload"])
