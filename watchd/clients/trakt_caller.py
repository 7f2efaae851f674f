"""Any method of Trakt's, checked against the table before it is asked, and read page by page where it has pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from watchd.clients.limiter import Lane
from watchd.clients.rest import Answer
from watchd.clients.trakt_calls import PAGE, TraktCalls
from watchd.clients.trakt_methods import Method, NotAMethod, check, find

MOST_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call as somebody wishes it: `params` are fields of the query, `every_page` asks for all there are."""

    verb: str
    path: str
    params: Mapping[str, str]
    extended: tuple[str, ...] = ()
    every_page: bool = False
    data: object = None

    @property
    def writes(self) -> bool:
        return self.verb != "GET"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came: the JSON of all pages read, and how many rows and pages there are by the reply's own word."""

    status: int
    data: Any
    rows: int | None = None
    pages: int | None = None


class TraktCaller:
    """Makes calls for one account: as the one who is logged in, else as anybody.

    `logged_in()` says whether there are tokens; LoginRequired when there are some that must not be used.
    """

    def __init__(self, public: TraktCalls, own: TraktCalls | None = None, *, logged_in: Callable[[], bool] = bool) -> None:
        self._public = public
        self._own = own
        self._logged_in = logged_in

    def method(self, call: Call) -> Method:
        """The method a call is of; NotAMethod when it fits none, or not so."""
        method = find(call.verb, call.path)
        known = self._own is not None and self._logged_in()
        if not known and call.path.strip("/").split("/")[:2] == ["users", "me"]:
            raise NotAMethod("who `me` is only a login says: run `watchd login`, or name the user in the path")
        check(method, logged_in=known, params=call.params, extended=call.extended, every_page=call.every_page)
        return method

    async def call(self, call: Call, lane: Lane = Lane.POLL) -> Reply:
        """Make it, in its lane; NotAMethod before anything is sent, UpstreamError as it comes."""
        method = self.method(call)
        calls = self._own if self._own is not None and self._logged_in() else self._public
        path = "/" + call.path.strip("/")
        if call.writes:
            answer = await calls.write(call.verb, path, lane, call.data, None, empty=True, endpoint=method.path)
            return Reply(answer.status, answer.data)
        params = {**call.params, **({"extended": ",".join(call.extended)} if call.extended else {})}
        if not call.every_page:
            return _reply(await calls.get(path, method.path, lane, params))
        return await _whole(calls, path, method, lane, params)


async def _whole(calls: TraktCalls, path: str, method: Method, lane: Lane, params: Mapping[str, str]) -> Reply:
    """All pages from the one asked for on; how many there are is what each reply says, whatever was asked for."""
    page = int(params.get("page", "1"))
    wanted = {"limit": str(PAGE), **params}
    gathered: Any = None
    for number in range(page, page + MOST_PAGES):
        reply = _reply(await calls.get(path, method.path, lane, {**wanted, "page": str(number)}))
        if gathered is None:
            gathered = reply.data
        elif isinstance(gathered, list) and isinstance(reply.data, list):
            gathered += reply.data
        elif isinstance(gathered, dict) and isinstance(reply.data, dict):
            gathered = {**gathered, **reply.data}
        if not reply.data or reply.pages is None or number >= reply.pages:
            return Reply(reply.status, gathered, reply.rows, reply.pages)
    return Reply(200, gathered)


def _reply(answer: Answer) -> Reply:
    return Reply(answer.status, answer.data, _count(answer, "Item"), _count(answer, "Page"))


def _count(answer: Answer, of: str) -> int | None:
    told = answer.headers.get(f"X-Pagination-{of}-Count", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else None
