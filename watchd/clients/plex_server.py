"""A Plex Media Server's own API: what plays there, and what it knows of an item."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from watchd.clients.rest import RestClient

_US = {"X-Plex-Client-Identifier": "watchd", "X-Plex-Product": "watchd"}


class PlexServer:
    """One server, asked with its owner's token. Calls raise the errors of `RestClient.request`."""

    def __init__(self, rest: RestClient, token: str) -> None:
        self._rest = rest
        self._headers = {"X-Plex-Token": token, **_US}

    async def identity(self) -> Any:
        """Who the server is; this needs no token."""
        return (await self._rest.request("GET", "/identity", endpoint="/identity", headers=_US)).data

    async def sessions(self) -> Any:
        """What everybody plays at this moment."""
        return (await self._rest.request("GET", "/status/sessions", endpoint="/status/sessions", headers=self._headers)).data

    async def metadata(self, keys: Sequence[str]) -> Any:
        """What is known of the items with these keys."""
        path = "/library/metadata/" + ",".join(quote(key, safe="") for key in keys)
        params = {"includeGuids": "1"}
        return (
            await self._rest.request("GET", path, endpoint="/library/metadata/{keys}", params=params, headers=self._headers)
        ).data
