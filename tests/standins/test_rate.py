"""The buckets: one write a second, 500 reads in five minutes."""

import json

import pytest
from aiohttp import ClientSession

from tests.standins.talk import Talk, app_headers, as_user
from watchd.clock import ManualClock, SteeredClock
from watchd.standins import Switches, TraktStandIn

HEAT = {"movies": [{"ids": {"trakt": 616}}]}


async def test_a_second_write_within_a_second_must_wait(clock: ManualClock, session: ClientSession) -> None:
    async with TraktStandIn(clock) as trakt:
        talk = as_user(session, trakt)
        assert (await talk.post("/sync/history", HEAT)).status == 201
        answer = await talk.post("/sync/history", HEAT)
        assert (answer.status, answer.text, answer.headers["Retry-After"]) == (429, "", "1")
        told = json.loads(answer.headers["X-Ratelimit"])
        assert (told["name"], told["limit"], told["period"], told["remaining"]) == ("AUTHED_API_POST_LIMIT", 1, 1, 0)
        assert (await talk.get("/sync/history")).status == 200
        assert (await as_user(session, trakt, "hermit").post("/sync/history", HEAT)).status == 201
        clock.advance(1)
        assert (await talk.post("/sync/history", HEAT)).status == 201
        assert trakt.history_count() == 2


async def test_reads_are_counted_by_user_and_without_one_by_app(clock: ManualClock, session: ClientSession) -> None:
    async with TraktStandIn(clock, switches=Switches(get_limit=3)) as trakt:
        own, other = as_user(session, trakt), Talk(session, trakt.url, app_headers(trakt))
        left = [json.loads((await own.get("/movies/28")).headers["X-Ratelimit"])["remaining"] for _ in range(3)]
        assert left == [2, 1, 0]
        clock.advance(100)
        answer = await own.get("/movies/28")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "200")
        answer = await other.get("/movies/28")
        assert json.loads(answer.headers["X-Ratelimit"])["name"] == "UNAUTHED_API_GET_LIMIT"
        clock.advance(200)
        assert (await own.get("/movies/28")).status == 200


async def test_without_limits_the_headers_are_still_there(trakt: TraktStandIn, watcher: Talk) -> None:
    answers = [await watcher.post("/sync/history", HEAT) for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 201, 201]
    assert json.loads(answers[-1].headers["X-Ratelimit"])["remaining"] == 0
    assert trakt.history_count() == 3


@pytest.mark.parametrize("rate", [20.0, 1000.0])
async def test_writes_a_second_apart_pass_on_a_fast_clock_too(session: ClientSession, rate: float) -> None:
    clock = SteeredClock(rate)
    async with TraktStandIn(clock) as trakt:
        talk = as_user(session, trakt)
        assert (await talk.post("/sync/history", HEAT)).status == 201
        await clock.sleep(1)
        assert (await talk.post("/sync/history", HEAT)).status == 201
