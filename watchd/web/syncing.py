"""The sync with Trakt: asked for here, done in the background, and told how far it is."""

from aiohttp import web

from watchd.errors import StoreUnavailable, WatchdError
from watchd.web.answers import HttpError, answer
from watchd.web.body import arrive
from watchd.web.middleware import Route
from watchd.web.ports import Limits, Syncing
from watchd.web.tokens import Grant, Scope


class Syncs:
    """Starts a sync and says how it stands; `?user=` names the account. No request waits for Trakt."""

    def __init__(self, syncing: Syncing | None, limits: Limits) -> None:
        self._syncing = syncing
        self._limits = limits

    def routes(self) -> tuple[Route, ...]:
        return (
            Route("GET", "/api/sync", self.status, Scope.ADMIN),
            Route("POST", "/api/sync", self.begin, Scope.ADMIN),
        )

    async def status(self, request: web.Request, _grant: Grant) -> web.Response:
        """GET /api/sync."""
        try:
            return answer(self._known().status(request.query.get("user")))
        except StoreUnavailable:
            raise
        except WatchdError as error:
            raise HttpError(404, str(error)) from error

    async def begin(self, request: web.Request, _grant: Grant) -> web.Response:
        """POST /api/sync; `{"full": true}` reads everything, whatever has changed."""
        full = False
        if request.can_read_body:
            told = (await arrive(request, self._limits)).payload
            if not isinstance(told, dict) or not isinstance(told.get("full", False), bool):
                raise HttpError(400, 'the body is nothing, or {"full": true}')
            full = told.get("full", False)
        account = request.query.get("user")
        try:
            self._known().ask(account, full=full)
            return answer(self._known().status(account), 202)
        except StoreUnavailable:
            raise
        except WatchdError as error:
            raise HttpError(404, str(error)) from error

    def _known(self) -> Syncing:
        if self._syncing is None:
            raise HttpError(404, "there is no sync here")
        return self._syncing
