"""Hooks of a household: whose they are, and what is said of those that are nobody's."""

from typing import Any

import pytest
import structlog

from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, HOOK, READ, YOURS, House, bearer
from watchd.model.playback import Action, PlaybackEvent
from watchd.rules.household import Household, Lists, Member, Refused

MINE, YOUR_OWN = 1, 2
MOVIE = {"movie": {"title": "Ran", "year": 1985}, "progress": 10}


def a_play(user: str) -> dict[str, Any]:
    return {
        "event": "media.play",
        "Account": {"title": user},
        "Player": {"uuid": "p", "title": "Den TV"},
        "Server": {"uuid": "s", "title": "attic"},
        "Metadata": {"type": "movie", "title": "Alien", "year": 1979},
    }


@pytest.fixture
def house(house: House) -> House:
    mine, yours = Lists.of(("plex",), users=["alice"]), Lists.of(("plex",), users=["bob", "robert"])
    house.household = Household((Member(MINE, "me", mine), Member(YOUR_OWN, "you", yours)))
    return house


async def test_one_address_serves_everybody(house: House, enter: Enter) -> None:
    client = await enter()
    for user in ("alice", "bob", "Robert"):
        answer = await client.post("/hooks/plex", json=a_play(user), headers=bearer(HOOK))
        assert (await answer.json())["status"] == "accepted"
    assert [(raw.account_id, raw.user) for raw in house.recording.raws] == [
        (MINE, "alice"),
        (YOUR_OWN, "bob"),
        (YOUR_OWN, "Robert"),
    ]


async def test_who_is_on_no_list_is_refused_with_the_reason_and_kept_as_a_trace(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.post("/hooks/plex", json=a_play("eve"), headers=bearer(HOOK))
    assert answer.status == 200
    told = await answer.json()
    assert (told["status"], told["id"], told["play"]) == ("refused", 1, None)
    assert told["reason"].startswith("user 'eve' (player 'Den TV'")
    assert "belongs to no account" in told["reason"]
    [refused] = house.recording.seen
    assert isinstance(refused, Refused)
    assert (house.recording.raws[0].account_id, house.recording.raws[0].user) == (MINE, "eve")
    assert house.count("watchd_events_rejected_total", source="plex", reason="refused") == 1


async def test_an_accounts_own_token_needs_no_map(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.post("/hooks/plex", json=a_play("eve"), headers=bearer(YOURS))
    assert (await answer.json())["status"] == "accepted"
    assert house.recording.raws[0].account_id == YOUR_OWN


async def test_hooks_do_not_take_the_account_from_the_address(house: House, enter: Enter) -> None:
    client = await enter()
    await client.post("/hooks/plex?user=you", json=a_play("alice"), headers=bearer(HOOK))
    assert house.recording.raws[0].account_id == MINE


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_token_may_end_the_path(house: House, enter: Enter, method: str) -> None:
    client = await enter()
    answer = await client.request(method, f"/hooks/plex/{YOURS}", json=a_play("eve"))
    assert answer.status == 200
    assert house.recording.raws[0].account_id == YOUR_OWN
    assert (await client.request(method, "/hooks/plex", json=a_play("alice"), headers=bearer(HOOK))).status == 200


async def test_a_slash_too_many_at_the_end_of_a_pasted_address_loses_nothing(house: House, enter: Enter) -> None:
    client = await enter()
    for address in (f"/hooks/plex/{YOURS}/", f"/hooks/plex/?token={YOURS}"):
        assert (await client.post(address, json=a_play("eve"))).status == 200
    assert [raw.account_id for raw in house.recording.raws] == [YOUR_OWN, YOUR_OWN]


async def test_a_token_in_the_path_shows_neither_in_metrics_nor_in_logs_nor_in_answers(
    house: House, enter: Enter, capfd: pytest.CaptureFixture[str]
) -> None:
    client = await enter()
    with structlog.testing.capture_logs() as logs:
        answers = [
            await client.post("/hooks/plex/s3cret-token", json=a_play("alice")),
            await client.get("/hooks/plex/s3cret-token"),
            await client.delete("/hooks/plex/s3cret-token"),
            await client.post("/hooks/betamax/s3cret-token", json={}),
            await client.post("/hooks/plex/s3cret-token/more", json={}),
            await client.post(f"/hooks/plex/{HOOK}", data=b"{"),
        ]
    assert [answer.status for answer in answers] == [401, 405, 405, 401, 404, 400]
    assert answers[1].headers["Allow"] == "POST, PUT"
    metrics = await client.get("/metrics", headers=bearer(READ))
    text = await metrics.text()
    assert 'route="/hooks/{source}/{token}"' in text
    everything = text + repr(logs) + "".join(capfd.readouterr()) + "".join([await answer.text() for answer in answers])
    assert "s3cret-token" not in everything
    assert HOOK not in everything


@pytest.mark.parametrize("token, status", [("wrong", 401), (READ, 403), (ADMIN, 403)])
async def test_only_hook_tokens_open_the_path(enter: Enter, token: str, status: int) -> None:
    client = await enter()
    assert (await client.post(f"/hooks/plex/{token}", json=a_play("alice"))).status == status


@pytest.mark.parametrize(
    "token, query, owner",
    [
        (HOOK, "", MINE),
        (HOOK, "?user=you", YOUR_OWN),
        (HOOK, "?user=YOU", YOUR_OWN),
        (YOURS, "", YOUR_OWN),
        (YOURS, "?user=you", YOUR_OWN),
    ],
)
async def test_calls_in_trakts_format_are_the_named_accounts(
    house: House, enter: Enter, token: str, query: str, owner: int
) -> None:
    client = await enter()
    assert (await client.post(f"/trakt/scrobble/start{query}", json=MOVIE, headers=bearer(token))).status == 201
    assert (await client.post(f"/trakt/checkin{query}", json=MOVIE, headers=bearer(token))).status == 201
    assert (await client.delete(f"/trakt/checkin{query}", headers=bearer(token))).status == 204
    assert [raw.account_id for raw in house.recording.raws] == [owner] * 3


@pytest.mark.parametrize("token, name, status", [(HOOK, "eve", 404), (HOOK, "", 404), (YOURS, "me", 403)])
async def test_a_name_that_is_nobodys_or_not_the_tokens_is_refused(
    house: House, enter: Enter, token: str, name: str, status: int
) -> None:
    client = await enter()
    answer = await client.post(f"/trakt/scrobble/start?user={name}", json=MOVIE, headers=bearer(token))
    assert answer.status == status
    assert (await client.delete(f"/trakt/checkin?user={name}", headers=bearer(token))).status == status
    assert house.recording.raws == []


async def test_the_event_itself_is_passed_on_whole(house: House, enter: Enter) -> None:
    client = await enter()
    await client.post("/hooks/plex", json=a_play("bob"), headers=bearer(HOOK))
    [event] = house.recording.seen
    assert isinstance(event, PlaybackEvent)
    assert (event.action, event.user, event.player_name) == (Action.START, "bob", "Den TV")
