"""The login's routes: for admins, and never waiting for Trakt."""

from dataclasses import dataclass, field, replace

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import ADMIN, HOOK, House
from watchd.errors import WatchdError
from watchd.web.server import make_app

AUTH = {"Authorization": f"Bearer {ADMIN}"}


@dataclass
class FakeConnecting:
    """Remembers what was asked; without an app it refuses everything, and so it does for strangers."""

    app: bool = True
    asked: list[str] = field(default_factory=list)

    def _note(self, what: str, account: str | None) -> None:
        if not self.app:
            raise WatchdError("no Trakt app is configured")
        if account not in (None, "you"):
            raise WatchdError("there is no such account")
        self.asked.append(what if account is None else f"{what} of {account}")

    def ask(self, account: str | None, *, confirm: bool) -> None:
        self._note(f"login {confirm}", account)

    def leave(self, account: str | None) -> None:
        self._note("logout", account)

    def status(self, account: str | None) -> dict[str, object]:
        self._note("status", account)
        return {"state": "asking"}


async def client_of(house: House, connecting: FakeConnecting | None) -> TestClient[web.Request, web.Application]:
    client = TestClient(TestServer(make_app(replace(house.ports(), connecting=connecting))))
    await client.start_server()
    return client


async def test_a_login_is_asked_for_and_answered_at_once() -> None:
    connecting = FakeConnecting()
    client = await client_of(House(), connecting)
    for body, asked in ((None, "login False"), ({"confirm": True}, "login True")):
        answer = (
            await client.post("/api/login", json=body, headers=AUTH) if body else await client.post("/api/login", headers=AUTH)
        )
        assert (answer.status, await answer.json()) == (202, {"state": "asking"})
        assert asked in connecting.asked
    assert (await client.post("/api/logout", headers=AUTH)).status == 202
    assert (await client.get("/api/login", headers=AUTH)).status == 200
    await client.close()


async def test_wrong_bodies_and_too_small_tokens_are_refused() -> None:
    connecting = FakeConnecting()
    client = await client_of(House(), connecting)
    for wrong in ("[]", '{"confirm": "yes"}', "{"):
        assert (await client.post("/api/login", data=wrong, headers=AUTH)).status == 400
    assert (await client.post("/api/login", headers={"Authorization": f"Bearer {HOOK}"})).status == 403
    assert (await client.get("/api/login")).status == 401
    assert connecting.asked == []
    await client.close()


async def test_without_an_app_every_call_says_what_is_missing() -> None:
    for connecting in (FakeConnecting(app=False), None):
        client = await client_of(House(), connecting)
        for method, path in (("GET", "/api/login"), ("POST", "/api/login"), ("POST", "/api/logout")):
            answer = await client.request(method, path, headers=AUTH)
            assert answer.status == 404
            assert (await answer.json())["error"]
        await client.close()


async def test_another_account_is_named_in_the_address() -> None:
    connecting = FakeConnecting()
    client = await client_of(House(), connecting)
    assert (await client.post("/api/login?user=you", json={"confirm": True}, headers=AUTH)).status == 202
    assert (await client.post("/api/logout?user=you", headers=AUTH)).status == 202
    assert (await client.get("/api/login?user=you", headers=AUTH)).status == 200
    assert {"login True of you", "logout of you", "status of you"} == set(connecting.asked)
    for method, path in (("GET", "/api/login"), ("POST", "/api/login"), ("POST", "/api/logout")):
        assert (await client.request(method, f"{path}?user=nobody", headers=AUTH)).status == 404
    await client.close()
