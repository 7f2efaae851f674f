"""Who may read, tell and administrate."""

from typing import Any

import pytest
from aiohttp import encode_basic_auth

from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, HOOK, PLEX_HOOK, READ, House, bearer
from watchd.web.guard import Access, Public, host_name
from watchd.web.tokens import Grant, Scope, TokenTable

READS = ["/api/watching", "/healthz", "/readyz", "/metrics"]
FORWARDING = [
    {"Forwarded": "for=192.0.2.1"},
    {"X-Forwarded-For": "192.0.2.1"},
    {"X-Forwarded-Host": "card.example"},
    {"x-forwarded-proto": "https"},
    {"X-Forwarded-Server": "p"},
    {"X-Real-IP": "192.0.2.1"},
    {"Via": "1.1 proxy"},
    {"CF-Connecting-IP": "192.0.2.1"},
    {"True-Client-IP": "192.0.2.1"},
]


@pytest.mark.parametrize("path", READS)
async def test_a_loopback_request_reads_without_a_token(enter: Enter, path: str) -> None:
    client = await enter()
    assert (await client.get(path)).status == 200


@pytest.mark.parametrize("host", ["127.0.0.1:7373", "localhost", "LOCALHOST:80", "[::1]:7373", "127.8.8.8", "localhost.:1"])
async def test_every_loopback_name_is_ours(enter: Enter, host: str) -> None:
    client = await enter()
    assert (await client.get("/api/watching", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7373", "127.0.0.1.evil.example", "localhost.evil.example", "a b", "x:y"]
)
@pytest.mark.parametrize("path", READS)
async def test_a_foreign_host_is_refused(enter: Enter, path: str, host: str) -> None:
    client = await enter()
    answer = await client.get(path, headers={"Host": host})
    assert answer.status == 403
    assert "error" in await answer.json()


async def test_a_foreign_host_reads_nothing_with_a_token_either(enter: Enter) -> None:
    client = await enter()
    headers = bearer(ADMIN) | {"Host": "evil.example"}
    assert (await client.get("/api/watching", headers=headers)).status == 403
    assert (await client.get("/api/status", headers=headers)).status == 403


async def test_an_address_that_is_not_loopback_needs_a_token(enter: Enter) -> None:
    client = await enter()
    assert (await client.get("/api/watching", headers={"Host": "192.0.2.7:7373"})).status == 401
    assert (await client.get("/api/watching", headers=bearer(READ) | {"Host": "192.0.2.7:7373"})).status == 200


@pytest.mark.parametrize("header", FORWARDING, ids=lambda header: next(iter(header)))
@pytest.mark.parametrize("path", READS)
async def test_a_forwarded_request_needs_a_token(enter: Enter, path: str, header: dict[str, str]) -> None:
    client = await enter()
    answer = await client.get(path, headers=header)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await client.get(path, headers=header | bearer(READ))).status == 200


async def test_a_listener_open_to_the_network_always_wants_a_token(house: House, enter: Enter) -> None:
    house.access = Access(loopback=False, hosts=frozenset({"nas.local"}))
    client = await enter()
    assert (await client.get("/api/watching")).status == 401
    assert (await client.get("/api/watching", headers=bearer(READ))).status == 200
    assert (await client.get("/api/watching", headers=bearer(READ) | {"Host": "nas.local:7373"})).status == 200
    assert (await client.get("/api/watching", headers=bearer(READ) | {"Host": "other.local:7373"})).status == 403


@pytest.mark.parametrize(
    "public, card, rest",
    [(Public.NONE, 401, 401), (Public.CARDS, 200, 401), (Public.ALL, 200, 200)],
)
async def test_the_public_host_shows_what_is_public(house: House, enter: Enter, public: Public, card: int, rest: int) -> None:
    house.access = Access(public=public, public_host="card.example")
    client = await enter()
    headers = {"Host": "Card.Example"}
    assert (await client.get("/api/watching", headers=headers)).status == card
    assert (await client.get("/metrics", headers=headers)).status == rest
    assert (await client.get("/api/status", headers=headers)).status == 401
    assert (await client.get("/api/watching", headers=headers | {"X-Forwarded-For": "192.0.2.1"})).status == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": bearer(READ)},
        {"headers": {"Authorization": f"bearer  {READ} "}},
        {"headers": {"X-API-Key": READ}},
        {"headers": {"Authorization": encode_basic_auth("anybody", READ)}},
        {"params": {"token": READ}},
    ],
)
async def test_a_token_may_come_in_several_ways(house: House, enter: Enter, sent: dict[str, Any]) -> None:
    house.access = Access(loopback=False)
    client = await enter()
    assert (await client.get("/api/watching", **sent)).status == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": bearer("wrong")},
        {"headers": bearer("")},
        {"headers": {"Authorization": READ}},
        {"headers": {"Authorization": "Basic ???"}},
        {"headers": {"Authorization": "Digest abc"}},
        {"headers": {"X-API-Key": ""}},
        {"headers": {"X-API-Key": "wröng"}},
        {"headers": {"Authorization": encode_basic_auth(READ, "")}},
        {"params": {"token": "wrong"}},
        {"params": {"token": ""}},
    ],
)
@pytest.mark.parametrize("path", ["/api/watching", "/api/status"])
async def test_a_wrong_token_is_refused_also_where_none_is_needed(enter: Enter, path: str, sent: dict[str, Any]) -> None:
    client = await enter()
    answer = await client.get(path, **sent)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "token, path, status",
    [
        (HOOK, "/api/watching", 403),
        (HOOK, "/api/status", 403),
        (READ, "/api/watching", 200),
        (READ, "/api/status", 403),
        (ADMIN, "/api/watching", 200),
        (ADMIN, "/api/status", 200),
    ],
)
async def test_a_token_opens_what_its_scope_says(enter: Enter, token: str, path: str, status: int) -> None:
    client = await enter()
    assert (await client.get(path, headers=bearer(token))).status == status


@pytest.mark.parametrize("path", ["/hooks/plex", "/trakt/scrobble/start", "/trakt/checkin"])
@pytest.mark.parametrize("token, status", [(None, 401), ("wrong", 401), (READ, 403)])
async def test_an_event_needs_a_hook_token_also_over_loopback(
    house: House, enter: Enter, path: str, token: str | None, status: int
) -> None:
    client = await enter()
    answer = await client.post(path, json={}, headers=bearer(token) if token else {})
    assert answer.status == status
    assert house.recording.raws == []
    source = "plex" if "plex" in path else "trakt"
    assert house.count("watchd_events_rejected_total", source=source, reason="auth") == 1


async def test_a_stranger_cannot_make_up_metric_labels(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.post("/hooks/made-up", json={})).status == 401
    assert house.count("watchd_events_rejected_total", source="unknown", reason="auth") == 1


@pytest.mark.parametrize("token", [HOOK, ADMIN])
async def test_hook_and_admin_tokens_may_tell_events(enter: Enter, token: str) -> None:
    client = await enter()
    assert (await client.post("/hooks/plex", json={"event": "library.new"}, headers=bearer(token))).status == 200


async def test_a_token_of_one_source_is_for_its_account_and_that_source(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.post("/hooks/plex", json={"event": "library.new"}, headers=bearer(PLEX_HOOK))).status == 200
    assert house.recording.raws[0].account_id == 2
    assert (await client.post("/trakt/checkin", json={}, headers=bearer(PLEX_HOOK))).status == 403
    assert (await client.delete("/trakt/checkin", headers=bearer(PLEX_HOOK))).status == 403


async def test_a_hook_with_a_token_may_call_us_by_any_name(enter: Enter) -> None:
    client = await enter()
    sent: dict[str, Any] = {"json": {"event": "library.new"}, "params": {"token": HOOK}}
    headers = {"Host": "watchd.container:7373", "X-Forwarded-For": "192.0.2.1"}
    assert (await client.post("/hooks/plex", headers=headers, **sent)).status == 200
    assert (await client.post("/hooks/plex", headers=headers, json={})).status == 401


@pytest.mark.parametrize("path", ["/api/status", "/api/watching"])
async def test_an_admin_token_in_an_address_is_refused(enter: Enter, path: str) -> None:
    client = await enter()
    answer = await client.get(path, params={"token": ADMIN})
    assert answer.status == 403
    assert ADMIN not in await answer.text()


async def test_admin_needs_a_token_also_over_loopback(enter: Enter) -> None:
    client = await enter()
    assert (await client.get("/api/status")).status == 401
    assert (await client.post("/api/deliveries/backfill")).status == 401


async def test_a_page_of_another_site_cannot_use_a_kept_password(enter: Enter) -> None:
    client = await enter()
    auth = {"Authorization": encode_basic_auth("me", ADMIN)}
    assert (await client.post("/api/deliveries/backfill", headers=auth | {"Origin": "https://evil.example"})).status == 403
    assert (await client.post("/api/deliveries/backfill", headers=auth | {"Origin": "null"})).status == 403
    own = f"http://{client.host}:{client.port}"
    assert (await client.post("/api/deliveries/backfill", headers=auth | {"Origin": own})).status == 200


def test_an_empty_token_is_never_one() -> None:
    table = TokenTable([("", Grant(Scope.ADMIN, 1)), ("x", Grant(Scope.READ, 1))])
    assert table.find("") is None
    assert table.find("x") == Grant(Scope.READ, 1)
    assert table.find("\udce9") is None


@pytest.mark.parametrize(
    "host, name",
    [("Example.org:80", "example.org"), ("[::1]:7373", "::1"), ("[::1]", "::1"), ("a.b.", "a.b"), ("", ""), (":80", ":80")],
)
def test_the_name_of_a_host_is_taken_without_its_port(host: str, name: str) -> None:
    assert host_name(host) == name
