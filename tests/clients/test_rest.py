"""The one request: every way in which a call can end."""

import asyncio
import gzip
import json
import logging
import socket
import traceback
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aioresponses import aioresponses

from tests.clients.upstream import Handler, listening, talking_to
from watchd.clients import rest as rest_module
from watchd.clients.limiter import Lane, Limiter, Rate
from watchd.clients.rest import Answer, RestClient
from watchd.clock import ManualClock, SteeredClock
from watchd.errors import UpstreamRefusal, UpstreamUnreachable
from watchd.telemetry.metrics import Metrics

BASE = "https://api.example"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
async def rest(clock: ManualClock, metrics: Metrics) -> AsyncIterator[RestClient]:
    async with talking_to(BASE, clock, metrics) as client:
        yield client


async def ask(handler: Handler, metrics: Metrics, *, method: str = "GET", clock: ManualClock | None = None) -> Answer:
    """One call to a real server that answers by `handler`."""
    async with listening(handler) as upstream, talking_to(upstream.url, clock or ManualClock(), metrics) as client:
        return await client.request(method, "/thing", endpoint="/thing")


async def test_json_comes_decoded_with_the_clocks_offset(rest: RestClient, clock: ManualClock) -> None:
    with aioresponses() as mocked:
        mocked.get(
            f"{BASE}/thing?a=1", payload=[1], headers={"Date": "Mon, 21 Sep 2026 14:14:20 GMT", "X-Pagination-Page": "1"}
        )
        answer = await rest.request("GET", "/thing", endpoint="/thing", params={"a": "1"})
    assert (answer.status, answer.data) == (200, [1])
    assert answer.headers["x-pagination-page"] == "1"
    assert answer.offset_ms == 1_790_000_060_000 - clock.now()


async def test_an_answer_without_a_date_has_no_offset(rest: RestClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/thing", payload={})
        assert (await rest.request("GET", "/thing", endpoint="/thing")).offset_ms is None


async def test_who_we_are_and_what_we_send_arrives(metrics: Metrics) -> None:
    async with listening() as upstream, talking_to(upstream.url + "/", ManualClock(), metrics) as client:
        await client.request("POST", "/thing", endpoint="/thing", json={"a": 1}, headers={"X-Mine": "1"}, params={"q": "a b&c"})
    seen = upstream.seen[0]
    assert (seen.method, seen.path, seen.query, seen.json) == ("POST", "/thing", {"q": "a b&c"}, {"a": 1})
    assert seen.headers["User-Agent"].startswith("watchd/")
    assert seen.headers["X-Mine"] == "1"


async def test_no_body_is_none_where_that_is_fine(metrics: Metrics) -> None:
    async def no_content(_: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    async def empty(_: web.Request) -> web.StreamResponse:
        return web.Response()

    assert (await ask(no_content, metrics)).data is None
    async with listening(empty) as upstream, talking_to(upstream.url, ManualClock(), metrics) as client:
        assert (await client.request("POST", "/thing", endpoint="/thing", empty=True)).data is None
        with pytest.raises(UpstreamUnreachable, match="no JSON"):
            await client.request("POST", "/thing", endpoint="/thing")


async def test_a_refusal_brings_status_bounded_body_and_telling_headers(metrics: Metrics) -> None:
    async def refuse(_: web.Request) -> web.StreamResponse:
        return web.Response(status=420, text="x" * 5000, headers={"X-Account-Limit": "100", "X-Other": "no"})

    with pytest.raises(UpstreamRefusal) as caught:
        await ask(refuse, metrics)
    assert (caught.value.status, len(caught.value.body)) == (420, 2048)
    assert caught.value.headers["x-account-limit"] == "100"
    assert "x-other" not in caught.value.headers
    assert caught.value.content_type.startswith("text/plain")
    assert caught.value.retry_after is None


async def test_a_page_of_the_proxy_is_recognised(rest: RestClient) -> None:
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/thing", status=403, body="<html>", content_type="text/html; charset=UTF-8")
        with pytest.raises(UpstreamRefusal) as caught:
            await rest.request("GET", "/thing", endpoint="/thing")
    assert caught.value.is_html


async def test_a_redirect_is_refused_and_not_followed(metrics: Metrics) -> None:
    async def elsewhere(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/other"})

    async with listening(elsewhere) as upstream, talking_to(upstream.url, ManualClock(), metrics) as client:
        with pytest.raises(UpstreamRefusal, match="HTTP 302"):
            await client.request("GET", "/thing", endpoint="/thing")
    assert [seen.path for seen in upstream.seen] == ["/thing"]


@pytest.mark.parametrize("body", [b"<html>fine</html>", b'{"a": ', b"", b"\xff\xfe", b"[" * 200_000])
async def test_a_body_that_is_no_json_may_still_mean_done(metrics: Metrics, body: bytes) -> None:
    async def garbage(_: web.Request) -> web.StreamResponse:
        return web.Response(status=201, body=body, content_type="application/json")

    with pytest.raises(UpstreamUnreachable, match="no JSON") as caught:
        await ask(garbage, metrics, method="POST")
    assert caught.value.maybe_done


async def test_a_torn_body_may_mean_done(metrics: Metrics) -> None:
    async def torn(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100", "Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"id": 1')
        assert request.transport is not None
        request.transport.close()
        return response

    with pytest.raises(UpstreamUnreachable) as caught:
        await ask(torn, metrics, method="POST")
    assert caught.value.maybe_done


async def test_a_dropped_connection_may_mean_done(metrics: Metrics) -> None:
    async def drop(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    with pytest.raises(UpstreamUnreachable, match="connection broke") as caught:
        await ask(drop, metrics, method="POST")
    assert caught.value.maybe_done


async def test_a_refused_connection_means_not_done(metrics: Metrics) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with talking_to(f"http://127.0.0.1:{port}", ManualClock(), metrics) as client:
        with pytest.raises(UpstreamUnreachable, match="no connection") as caught:
            await client.request("POST", "/thing", endpoint="/thing")
    assert not caught.value.maybe_done


async def test_an_unknown_host_means_not_done(metrics: Metrics) -> None:
    async with talking_to("http://nowhere.invalid", ManualClock(), metrics) as client:
        with pytest.raises(UpstreamUnreachable, match="no connection") as caught:
            await client.request("POST", "/thing", endpoint="/thing")
    assert not caught.value.maybe_done


async def test_a_hanging_upstream_ends_by_the_clocks_limit_and_may_mean_done(metrics: Metrics) -> None:
    over = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await over.wait()
        return web.Response()

    async with listening(hang) as upstream, talking_to(upstream.url, SteeredClock(1000), metrics) as client:
        async with asyncio.timeout(5):
            with pytest.raises(UpstreamUnreachable, match="time limit") as caught:
                await client.request("POST", "/thing", endpoint="/thing")
        over.set()
    assert caught.value.maybe_done


@pytest.mark.parametrize(
    "error,maybe_done",
    [
        (aiohttp.ConnectionTimeoutError("to https://api.example/?api_key=" + SECRET), False),
        (TimeoutError(), True),
        (aiohttp.SocketTimeoutError(), True),
        (aiohttp.ServerDisconnectedError(), True),
        (aiohttp.ClientOSError(104, "reset"), True),
        (aiohttp.ClientPayloadError(), True),
        (ConnectionResetError(), True),
    ],
)
async def test_errors_of_the_transport_become_ours(rest: RestClient, error: Exception, *, maybe_done: bool) -> None:
    with aioresponses() as mocked:
        mocked.post(f"{BASE}/thing", exception=error)
        with pytest.raises(UpstreamUnreachable) as caught:
            await rest.request("POST", "/thing", endpoint="/thing")
    assert caught.value.maybe_done is maybe_done
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_a_secret_in_the_query_is_in_no_text(metrics: Metrics, caplog: pytest.LogCaptureFixture) -> None:
    async def drop(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"NOT HTTP AT ALL\r\n\r\n")
        request.transport.close()
        return web.Response()

    with caplog.at_level(logging.DEBUG, logger="aiohttp.client"):
        async with listening(drop) as upstream, talking_to(upstream.url, ManualClock(), metrics) as client:
            with pytest.raises(UpstreamUnreachable) as caught:
                await client.request("GET", "/thing", endpoint="/thing", params={"api_key": SECRET})
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in caplog.text


@pytest.mark.parametrize("packed", [False, True])
async def test_a_body_beyond_the_cap_is_refused_also_when_packed(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    monkeypatch.setattr(rest_module, "LONGEST_BODY", 100_000)
    body = json.dumps("x" * 5_000_000).encode()

    async def large(_: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "application/json", **({"Content-Encoding": "gzip"} if packed else {})}
        return web.Response(body=gzip.compress(body) if packed else body, headers=headers)

    with pytest.raises(UpstreamUnreachable, match="too large"):
        await ask(large, metrics)


async def test_a_packed_body_is_unpacked(metrics: Metrics) -> None:
    async def packed(_: web.Request) -> web.StreamResponse:
        body = gzip.compress(json.dumps(["x" * 300_000]).encode())
        return web.Response(body=body, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})

    assert len((await ask(packed, metrics)).data[0]) == 300_000


@pytest.mark.parametrize(
    "status,retry_after,closed_for",
    [(429, "10", 11), (503, "30", 31), (429, None, 0), (503, None, 0), (500, "10", 0), (403, "10", 0)],
)
async def test_retry_after_shuts_the_gate(
    rest: RestClient, clock: ManualClock, metrics: Metrics, status: int, retry_after: str | None, closed_for: float
) -> None:
    limiter = Limiter(clock, {"GET": Rate(1)}, service="trakt", metrics=metrics)
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/thing", status=status, headers={"Retry-After": retry_after} if retry_after else {})
        with pytest.raises(UpstreamRefusal) as caught:
            await rest.request("GET", "/thing", endpoint="/thing", limiter=limiter)
    assert limiter.closed_for == closed_for
    assert caught.value.retry_after == (float(retry_after) if retry_after else None)


async def test_after_a_429_all_callers_wait_on_a_real_server(metrics: Metrics) -> None:
    clock = SteeredClock(100)
    calls: list[float] = []

    async def busy_once(_: web.Request) -> web.StreamResponse:
        calls.append(clock.monotonic())
        if len(calls) == 1:
            return web.Response(status=429, headers={"Retry-After": "20"})
        return web.json_response({})

    limiter = Limiter(clock, {"GET": Rate(1, 2), "POST": Rate(1)}, service="trakt", metrics=metrics)
    async with listening(busy_once) as upstream, talking_to(upstream.url, clock, metrics) as client:

        async def call(method: str, lane: Lane) -> None:
            await limiter.acquire(method, lane)
            await client.request(method, "/thing", endpoint="/thing", limiter=limiter)

        with pytest.raises(UpstreamRefusal):
            await call("GET", Lane.POLL)
        await asyncio.gather(call("GET", Lane.POLL), call("POST", Lane.LIVE_STOP))
    assert min(calls[1:]) - calls[0] >= 20


async def test_calls_are_counted_by_template_and_code(rest: RestClient, metrics: Metrics) -> None:
    limits = json.dumps({"name": "UNAUTHED_API_GET_LIMIT", "period": 300, "limit": 1000, "remaining": 998})
    with aioresponses() as mocked:
        mocked.get(f"{BASE}/shows/1", payload={}, headers={"X-Ratelimit": limits})
        mocked.get(f"{BASE}/shows/1", status=404, headers={"X-Ratelimit": '{"name": "a title", "remaining": 3}'})
        mocked.get(f"{BASE}/shows/1", exception=TimeoutError())
        await rest.request("GET", "/shows/1", endpoint="/shows/{id}")
        for _ in range(2):
            with pytest.raises((UpstreamRefusal, UpstreamUnreachable)):
                await rest.request("GET", "/shows/1", endpoint="/shows/{id}")
    value = metrics.registry.get_sample_value
    for code in ("200", "404", "error"):
        labels = {"service": "trakt", "endpoint": "/shows/{id}", "method": "GET", "code": code}
        assert value("watchd_upstream_requests_total", labels) == 1
    bucket = {"service": "trakt", "bucket": "UNAUTHED_API_GET_LIMIT"}
    assert value("watchd_upstream_ratelimit_remaining_requests", bucket) == 998
    assert value("watchd_upstream_ratelimit_remaining_requests", {"service": "trakt", "bucket": "a title"}) is None
    assert value("watchd_upstream_last_success_timestamp_seconds", {"service": "trakt"}) == 1_790_000_000
    seconds = {"service": "trakt", "endpoint": "/shows/{id}"}
    assert value("watchd_upstream_request_duration_seconds_count", seconds) == 3
