"""The description of the API: it names every address, gives away nothing, and schemathesis finds it to be true."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.home import Home, a_home
from tests.web.conftest import Enter
from tests.web.fakes import ADMIN, HOOK, READ, House, bearer
from tests.web.judged import Served, a_served_home, judge
from watchd.web.description import document
from watchd.web.intake import Intake
from watchd.web.schemas import described
from watchd.web.server import make_app, routes, serve

SAME = ("--generation-deterministic",)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home(tmp_path) as home:
        yield home


async def test_every_address_is_described_and_every_described_one_exists(home: Home) -> None:
    ports = home.daemon.ports
    served = [(route.method, route.path) for route in routes(ports, Intake(ports))]
    spelt_once = {(method, path) for method, path in served if not path.endswith("/")}  # a slash at the end is the same address
    assert spelt_once == set(described())
    assert len(served) == len(set(served))


async def test_the_parameters_of_a_path_are_described(home: Home) -> None:
    ports = home.daemon.ports
    for (method, path), operation in described().items():
        told = [part["name"] for part in operation.parameters if part["in"] == "path"]
        assert told == re.findall(r"{(\w+)}", path), (method, path)
    text = json.dumps(document(routes(ports, Intake(ports))))
    named = set(re.findall(r'"#/components/(\w+)/([\w-]+)"', text))
    parts: Any = document(())["components"]
    assert {(kind, name) for kind, name in named if name not in parts[kind]} == set()
    assert set(parts["schemas"]) == {name for kind, name in named if kind == "schemas"}


async def test_the_description_gives_away_no_secret(home: Home) -> None:
    ports = home.daemon.ports
    text = json.dumps(document(routes(ports, Intake(ports))))
    secrets = [*home.daemon.tokens.values(), home.trakt.client_id, home.trakt.client_secret, home.tmdb.api_key]
    assert [secret for secret in secrets if secret in text] == []


async def test_it_is_served_with_an_etag_plain_and_packed(enter: Enter) -> None:
    client = await enter()
    answer = await client.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert (answer.status, answer.content_type) == (200, "application/json")
    told = await answer.json()
    assert told["openapi"] == "3.1.0"
    assert "/openapi.json" in told["paths"]
    again = await client.get("/openapi.json", headers={"Accept-Encoding": "identity", "If-None-Match": answer.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    packed = await client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != answer.headers["ETag"]
    assert await packed.json() == told
    assert (await client.head("/openapi.json")).status == 200


async def test_elsewhere_it_is_for_readers_only(enter: Enter) -> None:
    client = await enter()
    there = {"X-Forwarded-For": "192.0.2.1"}
    assert (await client.get("/openapi.json", headers=there)).status == 401
    assert (await client.get("/openapi.json", headers=there | bearer(HOOK))).status == 403
    assert (await client.get("/openapi.json", headers=there | bearer(READ))).status == 200
    assert (await client.post("/openapi.json", headers=bearer(ADMIN))).status == 405


async def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    async with a_served_home(tmp_path) as served:
        verdict = await judge(served, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "1", *SAME)
    assert verdict.passed, verdict.said


@pytest.mark.slow
async def test_schemathesis_finds_nothing_at_the_borders_of_what_is_described(tmp_path: Path) -> None:
    async with a_served_home(tmp_path) as served:
        verdict = await judge(served, tmp_path, "--phases", "coverage", *SAME)
    assert verdict.passed, verdict.said


@pytest.mark.slow
async def test_schemathesis_finds_nothing_however_long_it_looks(tmp_path: Path) -> None:
    async with a_served_home(tmp_path) as served:
        verdict = await judge(served, tmp_path, "--max-examples", "100", "--generation-database", "none")
    assert verdict.passed, verdict.said


@pytest.mark.slow
async def test_schemathesis_finds_an_answer_that_is_not_as_described(tmp_path: Path, house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:  # its card has no state
        served = Served(f"http://127.0.0.1:{port}", ADMIN)
        verdict = await judge(served, tmp_path, "--include-path", "/api/watching", "--max-examples", "1", *SAME)
    assert not verdict.passed
    assert '"state" is a required property' in verdict.said
