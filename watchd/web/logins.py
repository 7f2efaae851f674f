"""The login at Trakt: asked for here, seen to its end in the background."""

from aiohttp import web

from watchd.web.answers import HttpError, answer, refusing
from watchd.web.body import arrive
from watchd.web.ports import Connecting, Limits
from watchd.web.tokens import Grant


class Logins:
    """Starts a login or a logout, and says how it stands; `?user=` names the account. No request waits for Trakt."""

    def __init__(self, connecting: Connecting | None, limits: Limits) -> None:
        self._connecting = connecting
        self._limits = limits

    async def status(self, request: web.Request, _grant: Grant) -> web.Response:
        """GET /api/login."""
        with refusing(404):
            return answer(self._known().status(_account(request)))

    async def begin(self, request: web.Request, _grant: Grant) -> web.Response:
        """POST /api/login; `{"confirm": true}` accepts another Trakt user than before."""
        confirm = False
        if request.can_read_body:
            told = (await arrive(request, self._limits)).payload
            if not isinstance(told, dict) or not isinstance(told.get("confirm", False), bool):
                raise HttpError(400, 'the body is nothing, or {"confirm": true}')
            confirm = told.get("confirm", False)
        with refusing(404):
            self._known().ask(_account(request), confirm=confirm)
            return answer(self._known().status(_account(request)), 202)

    async def leave(self, request: web.Request, _grant: Grant) -> web.Response:
        """POST /api/logout."""
        with refusing(404):
            self._known().leave(_account(request))
            return answer(self._known().status(_account(request)), 202)

    def _known(self) -> Connecting:
        if self._connecting is None:
            raise HttpError(404, "there is no login here")
        return self._connecting


def _account(request: web.Request) -> str | None:
    return request.query.get("user")
