"""What holds for every address."""

import json

import pytest
import structlog

from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, HOOK, House, bearer
from watchd.errors import StoreUnavailable
from watchd.web.intake import Intake
from watchd.web.server import make_app, routes, serve
from watchd.web.tokens import Scope


async def test_an_unknown_address_is_a_404_in_json(enter: Enter) -> None:
    client = await enter()
    for path in ("/nowhere", "/", "/api", "/hooks", "/hooks/plex/a/b", "//", "/%00", "/api/..%2f"):
        answer = await client.get(path)
        assert answer.status == 404
        assert (await answer.json())["error"]


@pytest.mark.parametrize(
    "method, path, allow",
    [
        ("POST", "/api/watching", "GET, HEAD, OPTIONS"),
        ("GET", "/trakt/checkin", "DELETE, OPTIONS, POST"),
        ("DELETE", "/hooks/plex", "GET, HEAD, OPTIONS, POST, PUT"),
        ("GET", "/trakt/scrobble/start", "OPTIONS, POST"),
        ("DELETE", "/metrics", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_method_that_is_not_possible_is_a_405(enter: Enter, method: str, path: str, allow: str) -> None:
    client = await enter()
    answer = await client.request(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allow)
    assert (await answer.json())["error"]


async def test_every_path_answers_options(house: House, enter: Enter) -> None:
    client = await enter()
    for route in routes(house.ports(), Intake(house.ports())):
        answer = await client.options(route.path.format(source="plex", id="1", token="t", apikey="k", username="me"))
        assert answer.status == 204
        assert route.method in answer.headers["Allow"]


def test_every_event_needs_a_hook_token_and_every_change_an_admin(house: House) -> None:
    for route in routes(house.ports(), Intake(house.ports())):
        if route.method not in {"GET", "HEAD"}:
            events = route.path.startswith(("/hooks/", "/trakt/"))
            assert route.scope is (Scope.HOOK if events else Scope.ADMIN)


async def test_an_unforeseen_error_is_a_500_without_details(
    house: House, enter: Enter, capfd: pytest.CaptureFixture[str]
) -> None:
    client = await enter()
    house.showing.error = RuntimeError("the inner s3cret")
    with structlog.testing.capture_logs() as logs:
        answer = await client.get("/api/watching", params={"user": "a-private-name"})
    assert answer.status == 500
    assert await answer.json() == {"error": "internal error"}
    [line] = [line for line in logs if line["event"] == "web.failed"]
    assert (line["route"], line["error"]) == ("/api/watching", "RuntimeError")
    assert any(place.startswith("fakes.py:") for place in line["where"])
    everything = json.dumps(logs) + "".join(capfd.readouterr())
    for secret in ("s3cret", "a-private-name", "Traceback"):
        assert secret not in everything
    house.showing.error = None
    assert (await client.get("/api/watching")).status == 200


async def test_a_store_that_cannot_be_written_is_a_503_everywhere(house: House, enter: Enter) -> None:
    client = await enter()
    house.showing.error = StoreUnavailable("closing")
    answer = await client.get("/api/watching")
    assert answer.status == 503
    assert answer.headers["Retry-After"]


async def test_no_answer_tells_versions(enter: Enter) -> None:
    client = await enter()
    answers = [
        await client.get("/api/watching"),
        await client.get("/nowhere"),
        await client.put("/healthz"),
        await client.get("/metrics"),
        await client.options("/api/watching"),
        await client.delete("/trakt/checkin", headers=bearer(HOOK)),
        await client.get("/api/status", headers=bearer(ADMIN)),
    ]
    assert {answer.headers["Server"] for answer in answers} == {"watchd"}


async def test_the_bound_port_is_told_and_free_afterwards(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        assert port > 0
    async with serve(make_app(house.ports()), "127.0.0.1", port) as again:
        assert again == port


async def test_a_port_in_use_is_an_error_of_the_system(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        with pytest.raises(OSError, match="in use"):
            async with serve(make_app(house.ports()), "127.0.0.1", port):
                pass
