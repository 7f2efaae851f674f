"""OAuth: every outcome of the device login and of a refresh is told apart."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aioresponses import aioresponses

from tests.clients.upstream import listening, talking_to
from watchd.clients.trakt_auth import (
    AppRefused,
    DeviceCode,
    DeviceCodeExpired,
    DeviceCodeUnknown,
    DeviceCodeUsed,
    DeviceLoginDenied,
    DeviceLoginEnded,
    Pending,
    SlowDown,
    TraktAuth,
)
from watchd.clock import ManualClock
from watchd.errors import LoginRequired, UpstreamRefusal, UpstreamUnreachable
from watchd.model.tokens import TokenPair
from watchd.telemetry.metrics import Metrics

BASE = "https://auth.example"
CODE = DeviceCode("d" * 64, "ABCD1234", "https://auth.example/activate", 600, 5)
TOKENS = {
    "access_token": "access",
    "token_type": "bearer",
    "expires_in": 604800,
    "refresh_token": "refresh",
    "scope": "public",
    "created_at": 1785600000,
}


@pytest.fixture
async def auth(clock: ManualClock, metrics: Metrics) -> AsyncIterator[TraktAuth]:
    async with talking_to(BASE, clock, metrics) as rest:
        yield TraktAuth(rest, "the-id", "the-secret")


async def test_a_login_begins_with_a_code_for_the_user(auth: TraktAuth) -> None:
    body = {
        "device_code": "d" * 64,
        "user_code": "ABCD1234",
        "verification_url": "https://auth.example/activate",
        "expires_in": 600,
        "interval": 5,
    }
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/code", payload=body)
        code = await auth.device_code()
    assert code == CODE
    assert "d" * 64 not in repr(code)


@pytest.mark.parametrize(
    "body", [{}, [], {"device_code": "d", "user_code": "u", "verification_url": "v", "expires_in": "soon"}]
)
async def test_an_answer_without_a_code_is_torn(auth: TraktAuth, body: object) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/code", payload=body)
        with pytest.raises(UpstreamUnreachable, match="no device code"):
            await auth.device_code()


async def test_a_missing_app_is_told_when_the_login_begins(auth: TraktAuth) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/code", status=401, payload={"error": "invalid_client"})
        with pytest.raises(AppRefused) as caught:
            await auth.device_code()
    assert caught.value.status == 403


async def test_the_bodies_are_those_trakt_documents(clock: ManualClock, metrics: Metrics) -> None:
    async with listening() as upstream, talking_to(upstream.url, clock, metrics) as rest:
        auth = TraktAuth(rest, "the-id", "the-secret")
        for call in (auth.poll_device(CODE), auth.refresh("old")):
            with pytest.raises(UpstreamUnreachable):
                await call
        await auth.revoke("access")
    app = {"client_id": "the-id", "client_secret": "the-secret"}
    oob = "urn:ietf:wg:oauth:2.0:oob"
    assert [(seen.path, seen.json) for seen in upstream.seen] == [
        ("/oauth/device/token", {"code": "d" * 64, **app}),
        ("/oauth/token", {"refresh_token": "old", "redirect_uri": oob, "grant_type": "refresh_token", **app}),
        ("/oauth/revoke", {"token": "access", **app}),
    ]


async def test_an_entered_code_brings_tokens_aged_by_our_clock(auth: TraktAuth, clock: ManualClock) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/token", payload=TOKENS)
        pair = await auth.poll_device(CODE)
    assert pair == TokenPair("access", "refresh", clock.now(), 604800)
    assert "access" not in repr(pair).replace("access_token", "")
    assert "'refresh'" not in repr(pair)


@pytest.mark.parametrize(
    "status,headers,outcome",
    [(400, {}, Pending()), (429, {}, SlowDown()), (429, {"Retry-After": "9"}, SlowDown(9.0))],
)
async def test_a_code_not_entered_yet_is_asked_for_again(
    auth: TraktAuth, status: int, headers: dict[str, str], outcome: Pending | SlowDown
) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/token", status=status, headers=headers)
        assert await auth.poll_device(CODE) == outcome


@pytest.mark.parametrize(
    "status,kind", [(404, DeviceCodeUnknown), (409, DeviceCodeUsed), (410, DeviceCodeExpired), (418, DeviceLoginDenied)]
)
async def test_the_ends_of_a_login_are_told_apart(auth: TraktAuth, status: int, kind: type[DeviceLoginEnded]) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/token", status=status)
        with pytest.raises(kind):
            await auth.poll_device(CODE)


@pytest.mark.parametrize("status", [500, 503, 520])
async def test_a_failing_host_is_no_end_of_a_login(auth: TraktAuth, status: int) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/token", status=status)
        with pytest.raises(UpstreamRefusal) as caught:
            await auth.poll_device(CODE)
    assert caught.value.status == status


async def test_a_page_of_the_proxy_is_no_end_of_a_login(auth: TraktAuth) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/device/token", status=404, body="<html>", content_type="text/html")
        with pytest.raises(UpstreamRefusal):
            await auth.poll_device(CODE)


async def test_a_refresh_brings_a_new_pair(auth: TraktAuth, clock: ManualClock) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/token", payload={**TOKENS, "expires_in": 30})
        pair = await auth.refresh("old")
    assert pair == TokenPair("access", "refresh", clock.now(), 30)
    assert (pair.renew_at, pair.expires_at) == (clock.now() + 15_000, clock.now() + 30_000)


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("body", [b"", b'{"error":"invalid_grant","error_description":"it is used up"}', b"[]"])
async def test_a_refresh_token_that_is_not_accepted_needs_a_login(auth: TraktAuth, status: int, body: bytes) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/token", status=status, body=body)
        with pytest.raises(LoginRequired):
            await auth.refresh("old")


@pytest.mark.parametrize(
    "status,body", [(401, {"error": "invalid_client"}), (400, {"error": "invalid_client"}), (403, None), (403, {"error": "x"})]
)
async def test_an_app_that_is_not_accepted_is_told_as_403(auth: TraktAuth, status: int, body: Any) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/token", status=status, payload=body)
        with pytest.raises(AppRefused) as caught:
            await auth.refresh("old")
    assert caught.value.status == 403


@pytest.mark.parametrize(
    "status,content_type,body",
    [(403, "text/html", "<html>"), (400, "text/html", "<html>"), (429, "text/html", "<html>"), (500, "text/plain", "")],
)
async def test_other_refusals_stay_what_they_are(auth: TraktAuth, status: int, content_type: str, body: str) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/token", status=status, body=body, content_type=content_type)
        with pytest.raises(UpstreamRefusal) as caught:
            await auth.refresh("old")
    assert not isinstance(caught.value, AppRefused)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "gap", [{"access_token": None}, {"refresh_token": ""}, {"expires_in": 0}, {"expires_in": None}, {"access_token": 5}]
)
async def test_an_answer_without_tokens_may_have_spent_the_old_one(auth: TraktAuth, gap: dict[str, Any]) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/token", payload={**TOKENS, **gap})
        with pytest.raises(UpstreamUnreachable) as caught:
            await auth.refresh("old")
    assert caught.value.maybe_done


async def test_a_missing_creation_time_loses_no_tokens(auth: TraktAuth) -> None:
    body = {key: value for key, value in TOKENS.items() if key not in {"created_at", "scope"}}
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/token", payload=body)
        assert (await auth.refresh("old")).access_token == "access"


async def test_revoking_takes_an_empty_answer(auth: TraktAuth) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/oauth/revoke", status=200)
        await auth.revoke("access")
