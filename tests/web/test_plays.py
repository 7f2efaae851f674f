"""Plays by hand: what the admin is told when it cannot be."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import ADMIN, House, bearer
from watchd.errors import StoreUnavailable, WatchdError
from watchd.services.by_hand import NotAPlay
from watchd.services.deleting import NoSuchPlay, StillOpen
from watchd.services.jobs import Jobs
from watchd.web.desk_ports import DeskPorts, Json
from watchd.web.server import make_app

HEAT = {"media": {"type": "movie", "title": "Heat"}}


@dataclass
class Refusing:
    """A hand that can do nothing, and says why; nor are there others at the desk."""

    error: WatchdError

    async def add(self, *_told: object, **_more: object) -> Json:
        raise self.error

    async def delete(self, *_told: object, **_more: object) -> Json:
        raise self.error

    async def ask(self, *_told: object, **_more: object) -> Json:
        raise self.error

    async def take(self, *_told: object, **_more: object) -> Json:
        raise self.error

    def spool(self) -> Path:
        raise self.error

    def discard(self, *_told: object, **_more: object) -> None:
        raise self.error

    def start(self, *_told: object, **_more: object) -> int:
        raise self.error


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
