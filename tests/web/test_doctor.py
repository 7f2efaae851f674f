"""GET /api/doctor: the findings, for the admin alone."""

from dataclasses import replace

from pytest_aiohttp import AiohttpClient

from tests.web.conftest import Client, Enter
from tests.web.fakes import ADMIN, HOOK, READ, House, bearer
from watchd.errors import StoreUnavailable
from watchd.web.server import make_app

FINDING: dict[str, object] = {"level": "problem", "about": "trakt", "text": "held", "mend": None}


class FakeDiagnosing:
    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    async def findings(self) -> list[dict[str, object]]:
        if self._error is not None:
            raise self._error
        return [FINDING]


async def test_the_admin_is_told_and_nobody_else(house: House, aiohttp_client: AiohttpClient) -> None:
    ports = replace(house.ports(), diagnosing=FakeDiagnosing())
    client: Client = await aiohttp_client(make_app(ports))
    answer = await client.get("/api/doctor", headers=bearer(ADMIN))
    assert (answer.status, await answer.json()) == (200, {"findings": [FINDING]})
    assert (await client.get("/api/doctor")).status == 401
    for token in (READ, HOOK):
        assert (await client.get("/api/doctor", headers=bearer(token))).status == 403


async def test_while_the_store_cannot_be_read_it_says_so(house: House, aiohttp_client: AiohttpClient) -> None:
    ports = replace(house.ports(), diagnosing=FakeDiagnosing(StoreUnavailable("the database cannot be read")))
    client: Client = await aiohttp_client(make_app(ports))
    assert (await client.get("/api/doctor", headers=bearer(ADMIN))).status == 503


async def test_where_there_is_none_it_is_not_found(enter: Enter) -> None:
    client = await enter()
    assert (await client.get("/api/doctor", headers=bearer(ADMIN))).status == 404
