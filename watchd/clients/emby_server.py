"""The API that Jellyfin and Emby have in common, each with its own way to show the key."""

from typing import Any, Literal

from watchd.clients.rest import Answer, RestClient

Flavour = Literal["jellyfin", "emby"]


class EmbyServer:
    """One server, asked with an API key. Calls raise the errors of `RestClient.request`."""

    def __init__(self, rest: RestClient, key: str, flavour: Flavour) -> None:
        self._rest = rest
        # Jellyfin no longer takes Emby's header since its version 12, and Emby knows no other as well.
        self._headers = {"Authorization": f'MediaBrowser Token="{key}"'} if flavour == "jellyfin" else {"X-Emby-Token": key}

    async def info(self) -> Any:
        """Who the server is; this needs no key."""
        return (await self._rest.request("GET", "/System/Info/Public", endpoint="/System/Info/Public")).data

    async def sessions(self) -> Answer:
        """All sessions, whether something plays in them or not; a filter by activity would drop quiet pauses."""
        return await self._rest.request("GET", "/Sessions", endpoint="/Sessions", headers=self._headers)

    async def items(self, keys: list[str], user: str | None) -> Any:
        """The items with these keys, with the ids that others gave them; `user` is one who may see them."""
        params = {"ids": ",".join(keys), "fields": "ProviderIds"}
        if user is not None:
            params["userId"] = user
        return (await self._rest.request("GET", "/Items", endpoint="/Items", params=params, headers=self._headers)).data
