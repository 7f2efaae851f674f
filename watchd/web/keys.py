"""Hook tokens for one source each: made, listed without their secrets, and taken away."""

from aiohttp import web

from watchd.web.answers import HttpError, answer, refusing
from watchd.web.body import arrive
from watchd.web.desk_ports import KeyKeeping
from watchd.web.ports import Limits
from watchd.web.tokens import Grant


class Keys:
    """`?user=` names the account; without it the household is meant."""

    def __init__(self, keyring: KeyKeeping, limits: Limits) -> None:
        self._keyring = keyring
        self._limits = limits

    async def listed(self, _request: web.Request, _grant: Grant) -> web.Response:
        """GET /api/hooks/tokens."""
        return answer({"tokens": await self._keyring.listed()})

    async def make(self, request: web.Request, _grant: Grant) -> web.Response:
        """POST /api/hooks/tokens with `{"source": …}`: the only answer that holds the token."""
        told = (await arrive(request, self._limits)).payload
        source = told.get("source") if isinstance(told, dict) else None
        if not isinstance(source, str):
            raise HttpError(400, 'the body is {"source": "plex"}, or another source')
        with refusing(404):
            return answer(await self._keyring.make(request.query.get("user"), source), 201)

    async def revoke(self, request: web.Request, _grant: Grant) -> web.Response:
        """DELETE /api/hooks/tokens/{source}."""
        with refusing(404):
            return answer(await self._keyring.revoke(request.query.get("user"), request.match_info["source"]))
