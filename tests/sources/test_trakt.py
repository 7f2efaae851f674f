"""Calls in Trakt's format, each with what it must become."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.playback import Action
from watchd.sources import trakt

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "fixtures" / "trakt.json").read_text("utf-8"))
GOOD = [case for case in CASES if "malformed" not in case["expect"]]
BAD = [case for case in CASES if "malformed" in case["expect"]]


@pytest.mark.parametrize("case", GOOD, ids=[case["name"] for case in GOOD])
def test_a_call_becomes_what_it_says(case: dict[str, Any]) -> None:
    found = facts(trakt.parse(case["verb"], case["payload"]))
    assert {name: found[name] for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
def test_a_call_that_names_nothing_or_has_wrong_types_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        trakt.parse(case["verb"], case["payload"])
    assert refusal.value.reason == case["expect"]["malformed"]


def test_the_end_of_a_checkin_names_no_media() -> None:
    assert trakt.UNCHECKIN.action is Action.UNCHECKIN
    assert trakt.UNCHECKIN.source == "trakt"
