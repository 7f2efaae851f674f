"""What goes wrong on order: as asked, as often as asked, and with the work done or not as asked."""

import asyncio

import pytest
from aiohttp import ClientPayloadError, ClientSession, ServerDisconnectedError

from tests.standins.talk import GUARDIANS, HEAT, PILOT, Talk, as_user
from watchd.clock import ManualClock
from watchd.standins import Fault, FaultKind, FaultPlan, Seen, TraktStandIn

STOP = {**PILOT, "progress": 90}


async def stop(talk: Talk) -> int:
    return (await talk.post("/scrobble/stop", STOP)).status


@pytest.mark.parametrize("work, plays", [(False, 0), (True, 1)])
async def test_any_status_comes_with_its_headers_and_body(trakt: TraktStandIn, watcher: Talk, work: bool, plays: int) -> None:
    fault = Fault("status", status=420, headers={"X-Account-Limit": "100"}, body={"error": "full"}, work=work)
    trakt.faults.add(fault)
    answer = await watcher.post("/scrobble/stop", STOP)
    assert (answer.status, answer.headers["X-Account-Limit"], answer.json) == (420, "100", {"error": "full"})
    assert answer.headers["Date"].startswith("Mon, 21 Sep 2026")
    assert trakt.history_count() == plays
    assert trakt.requests[-1].status == 420
    assert trakt.faults.fired(fault) == 1


async def test_a_page_of_the_proxy_is_html(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.faults.add(Fault("html", status=429, headers={"Retry-After": "300"}), Fault("html", status=520))
    answer = await watcher.post("/scrobble/stop", STOP)
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Server"]) == (429, "300", "cloudflare")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "X-Ratelimit" not in answer.headers
    assert await stop(watcher) == 520
    assert trakt.history_count() == 0


@pytest.mark.parametrize("kind, plays", [("drop_before", 0), ("drop_after", 1)])
async def test_a_connection_is_dropped_before_or_after_the_work(
    trakt: TraktStandIn, watcher: Talk, kind: FaultKind, plays: int
) -> None:
    trakt.faults.add(Fault(kind))
    with pytest.raises(ServerDisconnectedError):
        await stop(watcher)
    assert trakt.history_count() == plays
    assert trakt.requests[-1].status is None
    assert await stop(watcher) == (409 if plays else 201)


async def test_a_truncated_answer_has_the_head_of_a_success_and_half_a_body(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.faults.add(Fault("truncate"))
    with pytest.raises(ClientPayloadError):
        await stop(watcher)
    assert trakt.history_count() == 1
    assert trakt.requests[-1].status is None


async def test_a_truncated_empty_answer_is_none_at_all(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.faults.add(Fault("truncate", method="DELETE", times=None))
    with pytest.raises(ServerDisconnectedError):
        await watcher.delete("/checkin")


async def test_garbage_looks_like_json_and_is_none(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.faults.add(Fault("garbage"), Fault("garbage", status=201, work=True))
    first, second = await watcher.post("/scrobble/stop", STOP), await watcher.post("/scrobble/stop", STOP)
    assert (first.status, second.status) == (200, 201)
    for answer in (first, second):
        with pytest.raises(ValueError, match="Unterminated"):
            _ = answer.json
    assert trakt.history_count() == 1


async def test_a_swallowed_request_looks_done_and_is_not(trakt: TraktStandIn, watcher: Talk) -> None:
    await watcher.post("/scrobble/start", {**PILOT, "progress": 10})
    trakt.faults.add(Fault("swallow", path="/scrobble/stop"))
    answer = await watcher.post("/scrobble/stop", STOP)
    assert (answer.status, answer.json["action"]) == (201, "scrobble")
    assert answer.json["id"] > 0
    assert trakt.history_count() == 0
    assert trakt.user().watching is not None
    assert (await watcher.get("/sync/history")).json == []
    assert await stop(watcher) == 201


@pytest.mark.parametrize("work, plays", [(False, 0), (True, 1)])
async def test_a_hanging_request_is_never_answered(trakt: TraktStandIn, watcher: Talk, work: bool, plays: int) -> None:
    trakt.faults.add(Fault("hang", work=work))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await stop(watcher)
    assert trakt.history_count() == plays
    assert trakt.requests[-1].status is None


async def test_a_hanging_request_is_let_go_when_the_stand_in_stops(clock: ManualClock, session: ClientSession) -> None:
    trakt = TraktStandIn(clock)
    await trakt.start()
    trakt.faults.add(Fault("hang"))
    waiting = asyncio.create_task(stop(as_user(session, trakt)))
    await trakt.until(lambda: bool(trakt.requests))
    await trakt.stop()
    with pytest.raises(ServerDisconnectedError):
        await waiting


async def test_a_delayed_request_waits_on_the_clock(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    trakt.faults.add(Fault("delay", seconds=30.0))
    waiting = asyncio.create_task(stop(watcher))
    await trakt.until(lambda: bool(trakt.requests))
    assert trakt.history_count() == 0
    clock.advance(30)
    assert await waiting == 201
    assert trakt.user().history[0].watched_at == clock.now()
    assert trakt.requests[-1].status == 201


async def test_a_delayed_request_is_served_after_its_client_left(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock
) -> None:
    trakt.faults.add(Fault("delay", seconds=30.0))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await stop(watcher)
    assert trakt.history_count() == 0
    clock.advance(31)
    await trakt.until(lambda: trakt.history_count() == 1)
    assert trakt.requests[-1].status is None


async def test_faults_come_in_order_and_only_to_what_they_match(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.faults.add(
        Fault("status", method="POST", path="/scrobble", after=1, times=2, status=500),
        Fault("status", path="/users/*/watching", times=None, status=502),
        Fault("status", when=lambda seen: isinstance(seen.body, dict) and "movie" in seen.body, status=504),
    )
    assert [await stop(watcher) for _ in range(4)] == [201, 500, 500, 409]
    assert [(await watcher.get("/users/me/watching")).status for _ in range(3)] == [502, 502, 502]
    assert (await watcher.get("/users/me")).status == 200
    movie = {**GUARDIANS, "progress": 90}
    assert [(await watcher.post("/scrobble/stop", movie)).status for _ in range(2)] == [504, 201]
    trakt.faults.clear()
    assert (await watcher.get("/users/me/watching")).status == 204


async def test_a_fault_ends_at_its_time(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    trakt.faults.add(Fault("status", times=None, until=clock.now() + 60_000))
    assert (await watcher.get("/users/me")).status == 503
    clock.advance(59)
    assert (await watcher.get("/users/me")).status == 503
    clock.advance(1)
    assert (await watcher.get("/users/me")).status == 200


async def test_one_fault_may_follow_another_on_the_same_path(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.faults.add(Fault("status", status=503, times=2), Fault("status", status=429, headers={"Retry-After": "2"}))
    assert [(await watcher.post("/checkin", HEAT)).status for _ in range(4)] == [503, 503, 429, 201]


def test_a_plan_counts_only_what_it_spoilt() -> None:
    plan, once = FaultPlan(), Fault("status", path="/a")
    plan.add(once)
    taken = [plan.take(Seen(0, "GET", path, {}, {}, None)) for path in ("/b", "/a", "/a")]
    assert taken == [None, once, None]
    assert plan.fired(once) == 1
