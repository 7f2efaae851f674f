"""The sync's routes: for admins, and never waiting for Trakt."""

from dataclasses import dataclass, field, replace

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import ADMIN, HOOK, House
from watchd.errors import StoreUnavailable, WatchdError
from watchd.web.server import make_app

AUTH = {"Authorization": f"Bearer {ADMIN}"}


@dataclass
class FakeSyncing:
    asked: list[tuple[str | None, bool]] = field(default_factory=list)

    def ask(self, account: str | None, *, full: bool) -> None:
        if account not in (None, "you"):
            raise WatchdError("there is no such account")
        self.asked.append((account, full))

    def status(self, account: str | None) -> dict[str, object]:
        if account == "full":
            raise StoreUnavailable("the database is closed")
        if account not in (None, "you"):
            raise WatchdError("there is no such account")
        return {"running": bool(self.asked)}


async def client_of(syncing: FakeSyncing | None) -> TestClient[web.Request, web.Application]:
    client = TestClient(TestServer(make_app(replace(House().ports(), syncing=syncing))))
    await client.start_server()
    return client


async def test_a_sync_is_asked_for_and_told_of() -> None:
    syncing = FakeSyncing()
    client = await client_of(syncing)
    assert await (await client.get("/api/sync", headers=AUTH)).json() == {"running": False}
    for query, body, asked in (("", None, (None, False)), ("?user=you", {"full": True}, ("you", True))):
        answer = (
            await client.post(f"/api/sync{query}", json=body, headers=AUTH)
            if body
            else await client.post("/api/sync", headers=AUTH)
        )
        assert (answer.status, await answer.json()) == (202, {"running": True})
        assert syncing.asked[-1] == asked
    await client.close()


async def test_strangers_wrong_bodies_and_small_tokens_are_refused() -> None:
    client = await client_of(FakeSyncing())
    assert (await client.post("/api/sync?user=them", headers=AUTH)).status == 404
    assert (await client.get("/api/sync?user=them", headers=AUTH)).status == 404
    assert (await client.post("/api/sync", json={"full": 1}, headers=AUTH)).status == 400
    assert (await client.post("/api/sync", json=[], headers=AUTH)).status == 400
    assert (await client.get("/api/sync", headers={"Authorization": f"Bearer {HOOK}"})).status == 403
    await client.close()
    without = await client_of(None)
    assert (await without.get("/api/sync", headers=AUTH)).status == 404
    await without.close()


async def test_a_store_that_cannot_be_used_is_no_account_that_is_not_there() -> None:
    client = await client_of(FakeSyncing())
    answer = await client.get("/api/sync?user=full", headers=AUTH)
    assert (answer.status, "Retry-After" in answer.headers) == (503, True)
    await client.close()
