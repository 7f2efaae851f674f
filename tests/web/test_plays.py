"""Plays by hand: what the admin is told when it cannot be."""

from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import ADMIN, House, bearer
from tests.web.refusing import Refusing
from watchd.errors import StoreUnavailable, WatchdError
from watchd.services.by_hand import NotAPlay
from watchd.services.deleting import NoSuchPlay, StillOpen
from watchd.services.jobs import Jobs
from watchd.web.desk_ports import DeskPorts
from watchd.web.server import make_app

HEAT = {"media": {"type": "movie", "title": "Heat"}}


@pytest.mark.parametrize(
    "error, added, deleted",
    [
        (StoreUnavailable("the disk is full"), 503, 503),
        (NoSuchPlay("there is no play 7"), 409, 404),
        (StillOpen("play 7 is still open"), 409, 409),
        (NotAPlay("the moment lies in the future"), 409, 409),
    ],
)
async def test_what_cannot_be_is_told_by_its_kind(house: House, error: WatchdError, added: int, deleted: int) -> None:
    hand = Refusing(error)
    ports = replace(house.ports(), desk=DeskPorts(Jobs(), hand, hand, hand))
    async with TestClient(TestServer(make_app(ports))) as client:
        answer = await client.post("/api/plays", json=HEAT, headers=bearer(ADMIN))
        assert answer.status == added
        answer = await client.delete("/api/plays/7", headers=bearer(ADMIN))
        assert answer.status == deleted
        assert ("Retry-After" in answer.headers) == (deleted == 503)
