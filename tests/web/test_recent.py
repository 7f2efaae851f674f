"""The admin's look back, and hooks that are only a rehearsal."""

from dataclasses import replace

import pytest

from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, HOOK, House, bearer
from watchd.model.media import Movie
from watchd.model.playback import Ignored, IgnoreReason
from watchd.model.trace import Trace
from watchd.rules.household import Household, Lists, Member, Refused

AT = 1_790_000_000_000
HEAT = Movie("Heat", 1995)
PLAYS = {
    "event": "media.play",
    "Account": {"id": 9, "title": "You"},
    "Metadata": {"type": "episode", "grandparentTitle": "Friends", "parentIndex": 1, "index": 1},
}


A_TRACE = Trace(3, AT, "plex", "", "me", "ana", "accepted", None, "started", 7, HEAT, 12)


async def test_what_came_in_is_listed_with_its_fate_and_its_play(house: House, enter: Enter) -> None:
    house.recalling.known = [
        A_TRACE,
        replace(A_TRACE, id=2, play_id=None, media=None, fate="refused", step=None, reason="nobody's"),
    ]
    client = await enter()
    answer = await client.get("/api/hooks/recent", headers=bearer(ADMIN))
    assert answer.status == 200
    first, second = (await answer.json())["events"]
    assert first == {
        "id": 3,
        "received_at": "2026-09-21T14:13:20.000Z",
        "source": "plex",
        "verb": None,
        "account": "me",
        "user": "ana",
        "fate": "accepted",
        "reason": None,
        "step": "started",
        "play": 7,
        "title": "Heat (1995)",
        "bytes": 12,
    }
    assert (second["title"], second["reason"]) == (None, "nobody's")
    assert house.recalling.asked == [(50, None, None, False)]


async def test_it_is_sifted_and_shows_bodies_when_asked(house: House, enter: Enter) -> None:
    house.recalling.known = [replace(A_TRACE, body="{}")]
    client = await enter()
    answer = await client.get("/api/hooks/recent?limit=500&source=plex&fate=refused&body=1", headers=bearer(ADMIN))
    assert (await answer.json())["events"][0]["body"] == "{}"
    assert house.recalling.asked == [(500, "plex", "refused", True)]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=", "fate=lost", "source=Pl%20ex", "source="])
async def test_what_makes_no_sense_is_refused(enter: Enter, query: str) -> None:
    client = await enter()
    answer = await client.get(f"/api/hooks/recent?{query}", headers=bearer(ADMIN))
    assert answer.status == 400


@pytest.mark.parametrize("path", ["/api/hooks/recent", "/api/plays/7/explain"])
async def test_only_the_admin_may_look(enter: Enter, path: str) -> None:
    client = await enter()
    assert (await client.get(path)).status == 401
    assert (await client.get(path, headers=bearer(HOOK))).status == 403


async def test_a_play_is_explained_or_unknown(house: House, enter: Enter) -> None:
    house.recalling.plays = {7: {"play": {"id": 7}}}
    client = await enter()
    answer = await client.get("/api/plays/7/explain", headers=bearer(ADMIN))
    assert await answer.json() == {"play": {"id": 7}}
    for number in ("8", "x", "9" * 30):
        assert (await client.get(f"/api/plays/{number}/explain", headers=bearer(ADMIN))).status == 404


async def test_a_rehearsal_says_what_would_be_recorded_and_records_a_test(house: House, enter: Enter) -> None:
    house.household = Household((Member(1, "me"), Member(2, "you", Lists.of((), users=["you"]))))
    client = await enter()
    answer = await client.post("/hooks/plex?dry=1", json=PLAYS, headers=bearer(HOOK))
    told = await answer.json()
    assert (answer.status, told["status"], told["reason"], told["play"]) == (200, "ignored", "test_event", None)
    assert (told["would"]["action"], told["would"]["title"], told["would"]["account"]) == ("start", "Friends S1E1", "you")
    assert (house.recording.seen, house.recording.raws[0].account_id) == ([Ignored(IgnoreReason.TEST_EVENT, "You")], 2)


async def test_a_rehearsal_of_a_stranger_is_refused_with_the_reason(house: House, enter: Enter) -> None:
    house.household = Household((Member(1, "me", Lists.of((), users=["me"])),))
    client = await enter()
    told = await (await client.post("/hooks/plex?dry=1", json=PLAYS, headers=bearer(HOOK))).json()
    assert told["status"] == "refused"
    assert "would" not in told
    assert isinstance(house.recording.seen[0], Refused)


async def test_a_rehearsal_of_nonsense_is_malformed_and_without_the_flag_nothing_changes(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.post("/hooks/plex?dry=1", data=b"{", headers=bearer(HOOK))).status == 400
    told = await (await client.post("/hooks/plex?dry=0", json=PLAYS, headers=bearer(HOOK))).json()
    assert (told["status"], "would" in told) == ("accepted", False)


async def test_a_rehearsal_tells_the_progress_of_a_position(house: House, enter: Enter) -> None:
    client = await enter()
    sent = {**PLAYS, "Metadata": {**PLAYS["Metadata"], "duration": 1_200_000, "viewOffset": 300_000}}  # type: ignore[dict-item]
    told = await (await client.post("/hooks/plex?dry=1", json=sent, headers=bearer(HOOK))).json()
    assert told["would"]["progress"] == 25
