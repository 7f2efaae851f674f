"""A house of fakes behind a real port."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient

from tests.web.fakes import House
from watchd.web.server import make_app

Client = TestClient[web.Request, web.Application]
Enter = Callable[[], Awaitable[Client]]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def enter(house: House, aiohttp_client: AiohttpClient) -> Callable[[], Awaitable[Any]]:
    """What a test awaits once the house is as it wants it; gives a client."""

    async def opened() -> Client:
        return await aiohttp_client(make_app(house.ports()))

    return opened
