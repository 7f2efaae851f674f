"""Health, metrics, and the admin's view."""

import pytest

from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, House, bearer
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb

AUTH = bearer(ADMIN)
OWED = Delivery(
    7, 1, 9, TRAKT, 2, Verb.WATCHED, DeliveryState.DEAD, 1_790_000_000_000, 99.5, 3, settled_at=1_790_000_060_000, status=400
)


async def test_alive_is_not_ready(house: House, enter: Enter) -> None:
    client = await enter()
    assert await (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).status == 200
    house.health.reasons = ["the database does not answer"]
    answer = await client.get("/readyz")
    assert answer.status == 503
    assert (await answer.json())["reasons"] == ["the database does not answer"]
    assert (await client.get("/healthz")).status == 200


async def test_metrics_come_in_the_classic_format(enter: Enter) -> None:
    client = await enter()
    await client.get("/api/watching")
    answer = await client.get("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    text = await answer.text()
    assert 'watchd_http_requests_total{code="200",method="GET",route="/api/watching"} 1.0' in text
    assert "watchd_http_requests_in_flight 1.0" in text


async def test_requests_are_counted_by_route_and_never_by_address(house: House, enter: Enter) -> None:
    client = await enter()
    await client.get("/made/up/123")
    await client.get("/api/watching?user=nobody")
    await client.head("/api/watching")
    await client.post("/hooks/made-up", json={})
    await client.put("/api/status")
    await client.request("PROPFIND", "/api/status")
    count = "watchd_http_requests_total"
    assert house.count(count, route="unmatched", method="GET", code="404") == 1
    assert house.count(count, route="/api/watching", method="GET", code="404") == 1
    assert house.count(count, route="/api/watching", method="HEAD", code="200") == 1
    assert house.count(count, route="/hooks/{source}", method="POST", code="401") == 1
    assert house.count(count, route="/api/status", method="PUT", code="405") == 1
    assert house.count(count, route="/api/status", method="other", code="405") == 1
    assert house.count("watchd_http_request_duration_seconds_count", route="/api/watching", method="GET") == 1
    assert house.count("watchd_http_requests_in_flight") == 0


async def test_deliveries_are_listed(house: House, enter: Enter) -> None:
    client = await enter()
    house.owing.known = [OWED]
    body = await (await client.get("/api/deliveries", params={"state": "dead", "limit": "5"}, headers=AUTH)).json()
    [row] = body["deliveries"]
    assert (row["id"], row["verb"], row["state"], row["attempts"], row["status"]) == (7, "watched", "dead", 3, 400)
    assert (row["at"], row["settled_at"], row["due_at"]) == ("2026-09-21T14:13:20.000Z", "2026-09-21T14:14:20.000Z", None)
    await client.get("/api/deliveries", params={"state": "open"}, headers=AUTH)
    assert house.owing.asked == [("dead", 5), ("open", 100)]


@pytest.mark.parametrize(
    "params", [{"state": "lost"}, {"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"limit": "-1"}, {"limit": "²"}]
)
async def test_a_wrong_question_about_deliveries_is_a_400(house: House, enter: Enter, params: dict[str, str]) -> None:
    client = await enter()
    answer = await client.get("/api/deliveries", params=params, headers=AUTH)
    assert answer.status == 400
    assert (await answer.json())["error"]
    assert house.owing.asked == []


@pytest.mark.parametrize("verb", ["retry", "drop"])
async def test_a_delivery_is_retried_or_dropped_by_hand(house: House, enter: Enter, verb: str) -> None:
    client = await enter()
    house.owing.known = [OWED]
    assert (await client.post(f"/api/deliveries/7/{verb}", headers=AUTH)).status == 200
    assert (await client.post(f"/api/deliveries/8/{verb}", headers=AUTH)).status == 404
    for number in ("x", "-7", "9" * 30, "7.0"):
        assert (await client.post(f"/api/deliveries/{number}/{verb}", headers=AUTH)).status == 404
    assert house.owing.done == [(verb, 7), (verb, 8)]


async def test_the_past_is_owed_when_asked_for(enter: Enter) -> None:
    client = await enter()
    assert await (await client.post("/api/deliveries/backfill", headers=AUTH)).json() == {"owed": 7}
    assert await (await client.post("/api/deliveries/backfill?user=ben", headers=AUTH)).json() == {"owed": 3}
    assert (await client.post("/api/deliveries/backfill?user=eve", headers=AUTH)).status == 404


async def test_the_status_is_told(enter: Enter) -> None:
    client = await enter()
    assert await (await client.get("/api/status", headers=AUTH)).json() == {"backlog": 3}
