"""A small client of the tests' own: it says what a request needs, and shows the answer as it came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from watchd.standins import TraktStandIn


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Talk:
    """Requests to one stand-in; `headers` go with each of them, a None among those given takes one away."""

    def __init__(self, session: ClientSession, url: str, headers: Mapping[str, str]) -> None:
        self._session = session
        self._url = url
        self.headers = dict(headers)

    async def send(self, method: str, path: str, body: Any = None, **headers: str | None) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**self.headers, **given}.items() if value is not None}
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        skip = [] if "User-Agent" in sent else ["User-Agent"]
        request = self._session.request(
            method, self._url + path, data=data, headers=sent, skip_auto_headers=skip, allow_redirects=False
        )
        async with request as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def get(self, path: str, **headers: str | None) -> Answer:
        return await self.send("GET", path, **headers)

    async def post(self, path: str, body: Any = None, **headers: str | None) -> Answer:
        return await self.send("POST", path, body, **headers)

    async def delete(self, path: str) -> Answer:
        return await self.send("DELETE", path)


def app_headers(trakt: TraktStandIn) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "stand-in tests/1",
        "trakt-api-version": "2",
        "trakt-api-key": trakt.client_id,
    }


def as_user(session: ClientSession, trakt: TraktStandIn, user: str = "watcher") -> Talk:
    token = trakt.issue_tokens(user)["access_token"]
    return Talk(session, trakt.url, {**app_headers(trakt), "Authorization": f"Bearer {token}"})


PILOT = {"show": {"ids": {"trakt": 1}}, "episode": {"season": 1, "number": 1}}
HEAT = {"movie": {"title": "Heat", "year": 1995}}
GUARDIANS = {"movie": {"ids": {"trakt": 28}}}
