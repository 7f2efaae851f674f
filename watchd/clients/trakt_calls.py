"""How Trakt is called: headers, pace, tokens and pages."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from watchd.clients.limiter import Lane, Limiter
from watchd.clients.rest import Answer, RestClient
from watchd.clients.trakt_tokens import TokenKeeper
from watchd.errors import UpstreamRefusal, UpstreamUnreachable

PAGE = 250

BeforeSend = Callable[[], Awaitable[None]]
Params = Mapping[str, str]


class TraktCalls:
    """Calls on behalf of one account, or of nobody."""

    def __init__(self, rest: RestClient, client_id: str, tokens: TokenKeeper | None, limiter: Limiter) -> None:
        self._rest = rest
        self._tokens = tokens
        self._limiter = limiter
        self._headers = {"Content-Type": "application/json", "trakt-api-version": "2", "trakt-api-key": client_id}
        self.offset_ms: int | None = None

    async def get(self, path: str, endpoint: str, lane: Lane, params: Params | None = None) -> Answer:
        return await self._call("GET", path, endpoint, lane, params=params)

    async def one(self, path: str, endpoint: str, lane: Lane, params: Params | None = None) -> Any:
        """The body; None for a thing that is not there."""
        try:
            return (await self.get(path, endpoint, lane, params)).data
        except UpstreamRefusal as refusal:
            if refusal.status == 404:
                return None
            raise

    async def pages(self, path: str, endpoint: str, lane: Lane, params: Params) -> list[Any]:
        """The rows of all pages; how many there are is what each reply says, whatever was asked for."""
        rows: list[Any] = []
        page, last = 1, 1
        while page <= last:
            answer = await self.get(path, endpoint, lane, {**params, "page": str(page), "limit": str(PAGE)})
            told = rows_of(answer.data)
            if not told:
                break
            rows += told
            count = answer.headers.get("X-Pagination-Page-Count", "")
            last = int(count) if count.isascii() and count.isdigit() else page
            page += 1
        return rows

    async def write(
        self,
        method: str,
        path: str,
        lane: Lane,
        body: object,
        before_send: BeforeSend | None,
        *,
        empty: bool = False,
        endpoint: str | None = None,
    ) -> Answer:
        """Change something; `endpoint` names the call in the metrics where its path holds ids."""
        return await self._call(method, path, endpoint or path, lane, body=body, before_send=before_send, empty=empty)

    async def _call(
        self,
        method: str,
        path: str,
        endpoint: str,
        lane: Lane,
        *,
        params: Params | None = None,
        body: object = None,
        before_send: BeforeSend | None = None,
        empty: bool = False,
    ) -> Answer:
        async def attempt(token: str | None) -> Answer:
            if before_send is not None:
                await before_send()
            headers = self._headers if token is None else {**self._headers, "Authorization": f"Bearer {token}"}
            answer = await self._rest.request(
                method, path, endpoint=endpoint, params=params, json=body, headers=headers, empty=empty, limiter=self._limiter
            )
            self.offset_ms = self.offset_ms if answer.offset_ms is None else answer.offset_ms
            return answer

        await self._limiter.acquire(method, lane)
        if self._tokens is None:
            return await attempt(None)
        token = await self._tokens.access_token()
        try:
            return await attempt(token)
        except UpstreamRefusal as refusal:
            if not _unauthorised(refusal):
                raise
        await self._limiter.acquire(method, lane)
        token = await self._tokens.renew(token)
        try:
            return await attempt(token)
        except UpstreamRefusal as refusal:
            if _unauthorised(refusal):
                raise self._tokens.rejected(token) from refusal
            raise


def _unauthorised(refusal: UpstreamRefusal) -> bool:
    """A 401 that is about our token, not about somebody's privacy."""
    return refusal.status == 401 and refusal.headers.get("x-private-user", "").lower() != "true"


def part(value: str | int) -> str:
    """A value as one part of a path."""
    return quote(str(value), safe="")


def rows_of(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise odd()
    return data


def odd() -> UpstreamUnreachable:
    return UpstreamUnreachable("trakt: the answer is not of the expected shape", maybe_done=True)
