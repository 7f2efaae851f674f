"""The one place that speaks HTTP to others: a request in, an answer or one of three errors out."""

import json as json_codec
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from watchd import __version__
from watchd.clients.headers import date_of, retry_after, telling
from watchd.clients.limiter import Limiter
from watchd.clock import Clock
from watchd.errors import UpstreamRefusal, UpstreamUnreachable
from watchd.model.texts import loads
from watchd.telemetry.metrics import Metrics

USER_AGENT = f"watchd/{__version__} (self-hosted scrobble daemon)"
TIME_LIMIT = 20.0
LEAST_TIME = 0.5
LONGEST_BODY = 32 * 1024 * 1024
LONGEST_REFUSAL = 2048

_BUCKET = re.compile(r"(UN)?AUTHED_API_[A-Z]{3,6}_LIMIT")


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx. `data` is the decoded JSON, None without a body; `offset_ms` is the upstream's time less ours, where told."""

    status: int
    data: Any
    headers: Mapping[str, str]
    offset_ms: int | None = None


class RestClient:
    """One API under one base URL, over a session shared with others."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        clock: Clock,
        metrics: Metrics,
        *,
        service: str,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._time_limit = time_limit
        self._metrics = metrics
        self.clock = clock
        self.service = service

    async def request(
        self,
        method: str,
        path: str,
        *,
        endpoint: str,
        params: Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        empty: bool = False,
        limiter: Limiter | None = None,
    ) -> Answer:
        """Make one call; `endpoint` names it in the metrics, `empty` says that a 2xx without a body is fine.

        The caller has waited for its limiter; it is handed in so that its gate can be shut. Raises UpstreamRefusal and
        UpstreamUnreachable, whose texts hold neither address nor body.
        """
        began, code = self.clock.monotonic(), "error"
        try:
            answer = await self._exchange(method, path, params=params, json=json, headers=headers, empty=empty)
            code = str(answer.status)
        except UpstreamRefusal as refusal:
            code = str(refusal.status)
            self._note_limits(refusal.headers)
            if limiter is not None and refusal.status in {429, 503} and refusal.retry_after is not None:
                limiter.close_for(refusal.retry_after + 1)
            raise
        finally:
            self._metrics.upstream_requests.labels(self.service, endpoint, method, code).inc()
            self._metrics.upstream_seconds.labels(self.service, endpoint).observe(self.clock.monotonic() - began)
        self._note_limits(answer.headers)
        self._metrics.upstream_last_success.labels(self.service).set(self.clock.now() / 1000)
        return answer

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None,
        json: object,
        headers: Mapping[str, str] | None,
        empty: bool,
    ) -> Answer:
        limit = max(LEAST_TIME, self.clock.real(self._time_limit))
        try:
            async with self._session.request(
                method,
                self._base_url + path,
                params=params,
                json=json,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json", **(headers or {})},
                timeout=aiohttp.ClientTimeout(total=limit, connect=limit / 2),
                allow_redirects=False,
            ) as response:
                if not 200 <= response.status < 300:
                    raise await self._refusal(response)
                return await self._answer(response, empty=empty)
        # The texts of these errors hold the whole URL, at TMDB with the key in it: they are not chained.
        except aiohttp.ClientConnectorError as error:
            raise self._unreachable(f"no connection ({type(error).__name__})", maybe_done=False) from None
        except aiohttp.ConnectionTimeoutError:
            raise self._unreachable("no connection within the time limit", maybe_done=False) from None
        except TimeoutError:
            raise self._unreachable("no answer within the time limit", maybe_done=True) from None
        except (aiohttp.ClientError, OSError) as error:
            raise self._unreachable(f"the connection broke ({type(error).__name__})", maybe_done=True) from None

    def _unreachable(self, what: str, *, maybe_done: bool) -> UpstreamUnreachable:
        return UpstreamUnreachable(f"{self.service}: {what}", maybe_done=maybe_done)

    async def _answer(self, response: aiohttp.ClientResponse, *, empty: bool) -> Answer:
        body = await _read(response, LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            raise self._unreachable("the answer is too large", maybe_done=True)
        data: Any = None
        if response.status != 204 and (body or not empty):
            try:
                data = loads(body)
            except (ValueError, RecursionError):
                raise self._unreachable("the answer is no JSON", maybe_done=True) from None
        date = date_of(response.headers)
        return Answer(response.status, data, response.headers, None if date is None else date - self.clock.now())

    async def _refusal(self, response: aiohttp.ClientResponse) -> UpstreamRefusal:
        body = await _read(response, LONGEST_REFUSAL)
        return UpstreamRefusal(
            response.status,
            body=body[:LONGEST_REFUSAL].decode("utf-8", "replace"),
            content_type=response.headers.get("Content-Type", "")[:100],
            headers=telling(response.headers),
            retry_after=retry_after(response.headers, self.clock.now()),
        )

    def _note_limits(self, headers: Mapping[str, str]) -> None:
        """Keep what the service says is left of its window; it is for information only."""
        try:
            told = json_codec.loads(headers.get("X-Ratelimit") or headers.get("x-ratelimit") or "null")
            bucket, left = str(told["name"]), float(told["remaining"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if _BUCKET.fullmatch(bucket):
            self._metrics.ratelimit_remaining.labels(self.service, bucket).set(left)


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, unpacked; reading ends once there is as much as `limit`, whatever the sender announced."""
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size >= limit:
            break
    return b"".join(chunks)
