"""What the daemon finds when it looks at itself."""

from aiohttp import web

from watchd.web.answers import HttpError, answer
from watchd.web.middleware import Route
from watchd.web.ports import Diagnosing
from watchd.web.tokens import Grant, Scope


class Doctor:
    """GET /api/doctor."""

    def __init__(self, diagnosing: Diagnosing | None) -> None:
        self._diagnosing = diagnosing

    def routes(self) -> tuple[Route, ...]:
        return (Route("GET", "/api/doctor", self.findings, Scope.ADMIN),)

    async def findings(self, _request: web.Request, _grant: Grant) -> web.Response:
        if self._diagnosing is None:
            raise HttpError(404, "there is no doctor here")
        return answer({"findings": await self._diagnosing.findings()})
