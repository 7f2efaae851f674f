"""History and ratings written in Trakt's format, answered as Trakt answers them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import HOOK, House, bearer
from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent
from watchd.model.receipts import Fate, Receipt
from watchd.sources.trakt_sync import MOST_ITEMS
from watchd.web.guard import Guard
from watchd.web.intake import Intake
from watchd.web.middleware import Endpoint, Flights, Route
from watchd.web.tokens import Scope
from watchd.web.trakt_sync import TraktSync

AUTH = bearer(HOOK)
NOWHERE: dict[str, list[object]] = {"movies": [], "shows": [], "seasons": [], "episodes": []}
RAN = {"title": "Ran", "year": 1985, "rating": 9}
SHOW = {"title": "Dark", "seasons": [{"number": 1, "episodes": [{"number": 1, "rating": 8}, {"number": 2, "rating": 7}]}]}


@asynccontextmanager
async def entered(house: House) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    ports, app = house.ports(), web.Application()
    sync, guard, flights = TraktSync(ports, Intake(ports)), Guard(ports.access, ports.tokens), Flights(ports.metrics)
    for path, handler in (("/trakt/sync/history", sync.history), ("/trakt/sync/ratings", sync.ratings)):
        route = Route("POST", path, handler, Scope.HOOK)
        app.router.add_route("*", path, Endpoint(path, (route,), guard, ports.metrics, flights).answer)
    async with TestClient(TestServer(app)) as client:
        yield client


async def posted(house: House, path: str, **request: Any) -> tuple[int, dict[str, Any]]:
    async with entered(house) as client, client.post(f"/trakt/sync/{path}", headers=AUTH, **request) as response:
        return response.status, await response.json()


async def test_each_item_is_kept_as_an_event_of_its_own(house: House) -> None:
    status, body = await posted(house, "history", json={"movies": [RAN], "shows": [SHOW]})
    assert status == 201
    assert body == {
        "added": {"movies": 1, "episodes": 2},
        "updated": {"movies": 0, "episodes": 0},
        "not_found": NOWHERE,
    }
    assert [event.action for event in house.recording.seen if isinstance(event, PlaybackEvent)] == [Action.MARK_WATCHED] * 3
    assert [(raw.source, raw.verb, raw.account_id) for raw in house.recording.raws] == [("trakt", "history", 1)] * 3
    assert "Ran" in house.recording.raws[0].body
    assert "Ran" not in house.recording.raws[1].body
    assert house.count("watchd_events_received_total", source="trakt", action="mark_watched") == 3


async def test_ratings_are_answered_with_all_four_kinds(house: House) -> None:
    status, body = await posted(house, "ratings", json={"movies": [RAN], "shows": [SHOW | {"rating": 9}]})
    assert status == 201
    assert body == {"added": {"movies": 1, "shows": 0, "seasons": 0, "episodes": 2}, "not_found": NOWHERE}
    assert [event.rating for event in house.recording.seen if isinstance(event, PlaybackEvent)] == [9.0, 8.0, 7.0]


async def test_what_is_not_found_is_handed_back(house: House) -> None:
    lost = {"title": "Dark"}
    status, body = await posted(house, "history", json={"movies": [RAN], "shows": [lost]})
    assert (status, body["added"], body["not_found"]["shows"]) == (201, {"movies": 1, "episodes": 0}, [lost])


async def test_a_body_of_nothing_that_could_be_found_leaves_a_trace(house: House) -> None:
    status, body = await posted(house, "ratings", json={"shows": [{"title": "Dark", "rating": 9}]})
    assert (status, sum(body["added"].values())) == (201, 0)
    assert len(house.recording.raws) == 1
    assert house.recording.seen == [Ignored(IgnoreReason.UNSUPPORTED_TYPE)]


async def test_what_was_refused_is_not_counted(house: House) -> None:
    house.recording.answers = [Receipt(1, Fate.ACCEPTED), Receipt(2, Fate.REFUSED), Receipt(3, Fate.DUPLICATE)]
    _, body = await posted(house, "history", json={"movies": [RAN], "shows": [SHOW]})
    assert sum(body["added"].values()) == 2


async def test_a_great_many_items_are_all_kept(house: House) -> None:
    movies = [{"title": f"Movie {number}"} for number in range(100)]
    _, body = await posted(house, "history", json={"movies": movies})
    assert body["added"]["movies"] == len(house.recording.raws) == 100


@pytest.mark.parametrize(
    "body, status",
    [
        (b'{"movies": [{', 400),
        (b"", 400),
        (b"[]", 400),
        (b'{"movies": "Ran"}', 400),
        (b'{"movies": [{"title": true}]}', 400),
        (b'{"people": []}', 422),
        (b'{"movies": [' + b'{"title":"R"},' * MOST_ITEMS + b'{"title":"R"}]}', 413),
    ],
    ids=lambda value: value[:16].decode() if isinstance(value, bytes) else str(value),
)
async def test_a_body_that_cannot_be_read_is_refused_and_leaves_one_trace(house: House, body: bytes, status: int) -> None:
    told, answer = await posted(house, "history", data=body)
    assert told == status
    assert answer["error"]
    [kept] = house.recording.seen
    assert isinstance(kept, MalformedPayload)


async def test_what_was_not_kept_is_a_503(house: House) -> None:
    house.recording.error = StoreUnavailable("full")
    status, _ = await posted(house, "history", json={"movies": [RAN, RAN]})
    assert status == 503


async def test_what_was_kept_but_not_understood_is_a_500(house: House) -> None:
    house.recording.answers = [Receipt(1, Fate.INTERNAL)]
    status, _ = await posted(house, "history", json={"movies": [RAN]})
    assert status == 500


async def test_without_a_token_nothing_is_kept(house: House) -> None:
    async with entered(house) as client, client.post("/trakt/sync/history", json={"movies": [RAN]}) as response:
        assert response.status == 401
    assert house.recording.raws == []
