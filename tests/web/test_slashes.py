"""A slash too many at the end of an address: readers are sent on, hooks are taken, and nobody is sent elsewhere."""

import asyncio

import pytest

from tests.web.conftest import Client, Enter
from tests.web.fakes import ADMIN, HOOK, READ, House, bearer
from watchd.web.guard import Access
from watchd.web.intake import Intake
from watchd.web.server import routes


async def sent_to(client: Client, path: str, method: str = "GET") -> tuple[int, str | None]:
    """Status and `Location` of a path that goes over the wire as it stands here."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    head, *lines = (await reader.read()).decode().partition("\r\n\r\n")[0].split("\r\n")
    writer.close()
    told = dict(line.split(": ", 1) for line in lines)
    return int(head.split()[1]), told.get("Location")


async def test_every_read_is_found_with_a_slash_too(house: House, enter: Enter) -> None:
    client = await enter()
    for route in routes(house.ports(), Intake(house.ports())):
        if route.method == "GET" and not route.path.startswith("/hooks/"):
            path = route.path.format(id="1", apikey="k", username="me")
            for method in ("GET", "HEAD"):
                assert await sent_to(client, f"{path}/", method) == (308, path), path


async def test_the_question_and_the_spelling_stay_as_they_were(enter: Enter) -> None:
    client = await enter()
    for path, query in (("/api/watching", "?live=1&x=%2F"), ("/api/trakt/user/lists/h%C3%A9%20llo", "?page=2")):
        assert await sent_to(client, f"{path}/{query}") == (308, path + query)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example/api/watching/",
        "/\\evil.example/",
        "/%2f%2fevil.example/",
        "/api/watching//",
        "/",
        "//",
    ],
)
async def test_nobody_is_sent_to_another_host_or_in_a_circle(enter: Enter, path: str) -> None:
    client = await enter()
    assert await sent_to(client, path) == (404, None)


async def test_what_a_card_answers_may_be_followed_from_any_page(enter: Enter) -> None:
    client = await enter()
    for path, open_to in (("/api/watching/", "*"), ("/api/trakt/", None)):
        answer = await client.get(path, allow_redirects=False)
        assert answer.headers.get("Access-Control-Allow-Origin") == open_to
        assert answer.headers["Cache-Control"] == "no-store"


async def test_what_changes_something_is_nowhere_but_at_its_address(enter: Enter) -> None:
    client = await enter()
    for method, path in (
        ("POST", "/api/plays/"),
        ("DELETE", "/api/plays/7/"),
        ("POST", "/api/trakt/"),
        ("PUT", "/api/watching/"),
    ):
        answer = await client.request(method, path, headers=bearer(ADMIN), allow_redirects=False)
        assert answer.status == 404, path


async def test_a_token_is_asked_for_where_it_was_and_in_no_metric(house: House, enter: Enter) -> None:
    house.access = Access(loopback=False)
    client = await enter()
    assert (await client.get("/api/watching/")).status == 401
    assert (await client.get(f"/api/watching/?token={READ}")).status == 200
    metrics = await (await client.get("/metrics", headers=bearer(READ))).text()
    assert 'code="308"' in next(line for line in metrics.splitlines() if 'route="/api/watching"' in line and "308" in line)
    assert READ not in metrics


async def test_hooks_are_taken_with_and_without(house: House, enter: Enter) -> None:
    client = await enter()
    for path in ("/hooks/plex", "/hooks/plex/", f"/hooks/plex/{HOOK}", f"/hooks/plex/{HOOK}/"):
        answer = await client.post(path, json={"event": "library.new"}, headers=bearer(HOOK), allow_redirects=False)
        assert answer.status == 200, path
        assert await sent_to(client, path) == (405, None)
