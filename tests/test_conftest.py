"""The repairs and helpers that other tests lean on."""

import pytest
from aiohttp import ClientSession
from aioresponses import aioresponses

from tests.conftest import require_real
from watchd.clock import ManualClock
from watchd.telemetry.metrics import Metrics

URL = "https://api.example/page"


async def test_canary_aioresponses_answers_on_this_aiohttp() -> None:
    with aioresponses() as mocked:
        mocked.get(URL, payload={"fine": True}, headers={"X-Page": "1"})
        async with ClientSession() as session, session.get(URL) as answer:
            assert answer.headers["X-Page"] == "1"
            assert await answer.json() == {"fine": True}, "the shim of aioresponses in tests/conftest.py no longer fits"


async def test_canary_a_mocked_body_may_be_larger_than_the_reader_of_a_connection() -> None:
    body = b"x" * 1_000_000
    with aioresponses() as mocked:
        mocked.get(URL, body=body)
        async with ClientSession() as session, session.get(URL) as answer:
            assert len(await answer.read()) == len(body), "the roomy reader of tests/conftest.py no longer takes effect"


def test_a_real_program_that_is_there_is_found() -> None:
    assert require_real("sh").endswith("/sh")


def test_a_missing_program_skips_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHD_REQUIRE_REAL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        require_real("no-such-program")


def test_a_missing_program_fails_where_real_ones_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHD_REQUIRE_REAL", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program"):
        require_real("no-such-program")


def test_fixtures_are_fresh(clock: ManualClock, metrics: Metrics) -> None:
    assert clock.monotonic() == 0
    assert metrics.registry.get_sample_value("watchd_plays_recorded_total", {"kind": "movie"}) == 0
