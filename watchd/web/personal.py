"""GET /api/trakt and everything under /api/trakt/user: the account's own library, and Trakt v1's last plays."""

from collections.abc import Iterator
from functools import partial

from aiohttp import hdrs, web

from watchd.model.personal import Ask, Flowing
from watchd.rules.personal import USER
from watchd.web.answers import HttpError, answer
from watchd.web.asks import asked
from watchd.web.documents import Documents, flow, takes_gzip
from watchd.web.middleware import Route
from watchd.web.ports import WebPorts
from watchd.web.tokens import ANYONE, Grant, Scope
from watchd.web.whose import allowed, owner

_KEPT = 256
_LONGEST = 200

Asked = tuple[int, Ask]


class Personal:
    """Documents go out as the bytes they are kept as; only what changed is put together anew."""

    def __init__(self, ports: WebPorts) -> None:
        self._library = ports.library
        self._doorkeeper = ports.doorkeeper
        self._documents = Documents()
        self._asked: dict[tuple[str, bool, int | None], Asked] = {}

    def routes(self) -> Iterator[Route]:
        yield Route("GET", "/api/trakt", partial(self.read, "index"), Scope.READ)
        yield Route("POST", "/api/trakt", self.clear, Scope.ADMIN)
        for name in USER:
            yield Route("GET", f"/api/trakt/user/{name}", partial(self.read, name), Scope.READ)
        yield Route("GET", "/api/trakt/user/lists/{id}", partial(self.read, "list"), Scope.READ)
        yield Route("GET", "/user/watched.json/{apikey}/{username}", self.legacy, Scope.READ)

    async def read(self, endpoint: str, request: web.Request, grant: Grant) -> web.StreamResponse:
        packed = takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
        key = (request.raw_path, packed, grant.account_id)
        known = self._asked.get(key)
        if known is None:
            known = self._understood(endpoint, request, grant, packed=packed)
            if "token" not in request.raw_path:
                if len(self._asked) >= _KEPT:
                    self._asked.clear()
                self._asked[key] = known
        return await self._given(request, grant, *known)

    def _understood(self, endpoint: str, request: web.Request, grant: Grant, *, packed: bool) -> Asked:
        account_id = owner(request, grant, self._doorkeeper)
        if endpoint == "index":
            return account_id, Ask(endpoint, packed=packed)
        item = request.match_info.get("id")
        if item is not None and len(item) > _LONGEST:
            raise HttpError(404, "there is no such list")
        return account_id, asked(endpoint, request.query, item, packed=packed)

    async def _given(self, request: web.Request, grant: Grant, account_id: int, ask: Ask) -> web.StreamResponse:
        public = grant is ANYONE
        found = self._library.kept(account_id, ask) or await self._library.find(account_id, ask)
        if found is None:
            raise HttpError(404, f"List items not found for ID: {ask.item}")
        if isinstance(found, Flowing):
            return await flow(request, found, public=public)
        return self._documents.answer(request, found, public=public)

    async def legacy(self, request: web.Request, grant: Grant) -> web.StreamResponse:
        """GET /user/watched.json/{apikey}/{username}: by our name of the account, or Trakt's."""
        name = request.match_info["username"]
        account_id = self._doorkeeper.named(name)
        if account_id is None:
            account_id = await self._library.named(name)
        if account_id is None:
            raise HttpError(404, "no such user")
        ask = Ask("legacy", packed=takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")))
        return await self._given(request, grant, allowed(account_id, grant) or account_id, ask)

    async def clear(self, _request: web.Request, _grant: Grant) -> web.Response:
        """POST /api/trakt: forget what is kept ready."""
        self._library.clear()
        self._documents.clear()
        self._asked.clear()
        return answer({"message": "Cache cleared successfully"})
