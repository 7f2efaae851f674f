"""Logging in, staying logged in, and being thrown out."""

from dataclasses import replace
from typing import Any

import pytest

from tests.standins.talk import Answer, Talk
from watchd.clock import ManualClock
from watchd.standins import Fault, TraktStandIn

OOB = "urn:ietf:wg:oauth:2.0:oob"


def app(trakt: TraktStandIn, **more: Any) -> dict[str, Any]:
    return {"client_id": trakt.client_id, "client_secret": trakt.client_secret, **more}


async def refresh(talk: Talk, trakt: TraktStandIn, token: str) -> Answer:
    return await talk.post(
        "/oauth/token", app(trakt, refresh_token=token, grant_type="refresh_token", redirect_uri=OOB), trakt_api_key=None
    )


async def begin(talk: Talk, trakt: TraktStandIn) -> dict[str, Any]:
    answer = await talk.post("/oauth/device/code", {"client_id": trakt.client_id})
    assert answer.status == 200
    return dict(answer.json)


async def poll(talk: Talk, trakt: TraktStandIn, clock: ManualClock, code: str, wait: float = 5) -> Answer:
    clock.advance(wait)
    return await talk.post("/oauth/device/token", app(trakt, code=code))


async def test_a_device_waits_until_the_user_says_yes(trakt: TraktStandIn, stranger: Talk, clock: ManualClock) -> None:
    device = await begin(stranger, trakt)
    assert (device["expires_in"], device["interval"], len(device["device_code"]), len(device["user_code"])) == (600, 5, 64, 8)
    assert (await stranger.get(device["verification_url"].removeprefix(trakt.url), Content_Type=None)).status == 200
    pending = await poll(stranger, trakt, clock, device["device_code"])
    assert (pending.status, pending.text) == (400, "")
    trakt.approve(device["user_code"])
    tokens = (await poll(stranger, trakt, clock, device["device_code"])).json
    assert tokens == trakt.user().tokens[-1]
    assert (tokens["token_type"], tokens["scope"], tokens["expires_in"]) == ("bearer", "public", 604_800)
    assert tokens["created_at"] == clock.now() // 1000
    answer = await stranger.get("/users/settings", Authorization=f"Bearer {tokens['access_token']}")
    assert answer.json["user"]["ids"]["slug"] == "watcher"
    assert (await poll(stranger, trakt, clock, device["device_code"])).status == 409


async def test_a_device_that_is_denied_expired_unknown_or_hasty_is_told_so(
    trakt: TraktStandIn, stranger: Talk, clock: ManualClock
) -> None:
    denied, slow = await begin(stranger, trakt), await begin(stranger, trakt)
    trakt.deny(denied["user_code"])
    assert (await poll(stranger, trakt, clock, denied["device_code"])).status == 418
    assert (await poll(stranger, trakt, clock, "unknown")).status == 404
    assert (await poll(stranger, trakt, clock, slow["device_code"])).status == 400
    assert (await poll(stranger, trakt, clock, slow["device_code"], wait=1)).status == 429
    assert (await poll(stranger, trakt, clock, slow["device_code"], wait=600)).status == 410


async def test_a_device_may_be_approved_at_once(trakt: TraktStandIn, stranger: Talk, clock: ManualClock) -> None:
    trakt.auto_approve = True
    device = await begin(stranger, trakt)
    assert (await poll(stranger, trakt, clock, device["device_code"])).status == 200


async def test_the_wrong_client_is_refused(trakt: TraktStandIn, stranger: Talk) -> None:
    wrong = await stranger.post("/oauth/device/code", {"client_id": "another"})
    assert (wrong.status, wrong.json["error"]) == (401, "invalid_client")
    body = {**app(trakt), "client_secret": "guess", "grant_type": "refresh_token", "redirect_uri": OOB}
    assert (await stranger.post("/oauth/token", body)).json["error"] == "invalid_client"
    trakt.oauth.app_deleted = True
    assert (await stranger.post("/oauth/device/code", {"client_id": trakt.client_id})).json["error"] == "invalid_client"


async def test_a_refresh_token_works_once(trakt: TraktStandIn, stranger: Talk) -> None:
    first = trakt.issue_tokens()
    second = (await refresh(stranger, trakt, first["refresh_token"])).json
    assert second["refresh_token"] != first["refresh_token"]
    again = await refresh(stranger, trakt, first["refresh_token"])
    assert (again.status, again.json["error"]) == (400, "invalid_grant")
    assert (await refresh(stranger, trakt, second["refresh_token"])).status == 200
    assert trakt.refresh_tokens_seen == {first["refresh_token"]: 2, second["refresh_token"]: 1}


@pytest.mark.parametrize("kills, status", [(False, 200), (True, 401)])
async def test_the_old_access_token_outlives_a_refresh_unless_told_otherwise(
    trakt: TraktStandIn, stranger: Talk, kills: bool, status: int
) -> None:
    trakt.switches = replace(trakt.switches, refresh_kills_access=kills)
    first = trakt.issue_tokens()
    await refresh(stranger, trakt, first["refresh_token"])
    assert (await stranger.get("/users/me", Authorization=f"Bearer {first['access_token']}")).status == status


async def test_a_refresh_token_is_spent_also_when_the_answer_is_lost(trakt: TraktStandIn, stranger: Talk) -> None:
    first = trakt.issue_tokens()
    trakt.faults.add(Fault("status", path="/oauth/token"), Fault("status", path="/oauth/token", work=True))
    assert (await refresh(stranger, trakt, first["refresh_token"])).status == 503
    assert (await refresh(stranger, trakt, first["refresh_token"])).status == 503
    assert (await refresh(stranger, trakt, first["refresh_token"])).status == 400
    assert trakt.refresh_tokens_seen[first["refresh_token"]] == 3


async def test_a_grace_lets_a_used_refresh_token_answer_for_a_while(
    trakt: TraktStandIn, stranger: Talk, clock: ManualClock
) -> None:
    trakt.switches = replace(trakt.switches, refresh_grace=30.0)
    first = trakt.issue_tokens()
    for _ in range(2):
        assert (await refresh(stranger, trakt, first["refresh_token"])).status == 200
    clock.advance(31)
    assert (await refresh(stranger, trakt, first["refresh_token"])).status == 400


async def test_another_redirect_uri_or_grant_type_is_refused(trakt: TraktStandIn, stranger: Talk) -> None:
    token = trakt.issue_tokens()["refresh_token"]
    body = app(trakt, refresh_token=token, grant_type="refresh_token", redirect_uri="https://elsewhere.example/")
    assert (await stranger.post("/oauth/token", body)).json["error"] == "invalid_grant"
    body = app(trakt, grant_type="password", redirect_uri=OOB)
    assert (await stranger.post("/oauth/token", body)).json["error"] == "unsupported_grant_type"


async def test_revoking_ends_both_tokens(trakt: TraktStandIn, stranger: Talk) -> None:
    pair = trakt.issue_tokens()
    answer = await stranger.post("/oauth/revoke", app(trakt, token=pair["access_token"]))
    assert (answer.status, answer.text) == (200, "")
    assert (await stranger.get("/users/me", Authorization=f"Bearer {pair['access_token']}")).status == 401
    assert (await refresh(stranger, trakt, pair["refresh_token"])).status == 400
    assert (await stranger.post("/oauth/revoke", app(trakt, token="unknown"))).status == 200


async def test_a_user_may_disconnect_the_app_or_let_its_tokens_run_out(trakt: TraktStandIn, stranger: Talk) -> None:
    pair = trakt.issue_tokens()
    trakt.expire_tokens()
    assert (await stranger.get("/users/me", Authorization=f"Bearer {pair['access_token']}")).status == 401
    pair = (await refresh(stranger, trakt, pair["refresh_token"])).json
    trakt.revoke_tokens()
    assert (await stranger.get("/users/me", Authorization=f"Bearer {pair['access_token']}")).status == 401
    assert (await refresh(stranger, trakt, pair["refresh_token"])).status == 400


async def test_a_code_of_the_browser_is_exchanged_once(trakt: TraktStandIn, stranger: Talk) -> None:
    page = f"/oauth/authorize?response_type=code&client_id={trakt.client_id}&redirect_uri={OOB}&state=x"
    assert "Waiting" in (await stranger.get(page)).text
    trakt.auto_approve = True
    code = (await stranger.get(page)).text
    body = app(trakt, code=code, grant_type="authorization_code", redirect_uri=OOB)
    assert (await stranger.post("/oauth/token", body)).status == 200
    assert (await stranger.post("/oauth/token", body)).json["error"] == "invalid_grant"
    assert (await stranger.get(page.replace(OOB, "https://elsewhere.example/"))).status == 401
    trakt.oauth.redirect_uris = ("https://app.example/back",)
    there = (await stranger.get(page.replace(OOB, "https://app.example/back"))).headers["Location"]
    assert there.startswith("https://app.example/back?code=")
    assert there.endswith("&state=x")
