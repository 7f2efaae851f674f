"""The admin's look back: what came in lately and its fate, and how a play came about."""

import re

from aiohttp import web

from watchd.model.media import label
from watchd.model.receipts import Fate
from watchd.model.trace import Trace
from watchd.services.explaining import arrival
from watchd.web.answers import HttpError, answer
from watchd.web.ports import Recalling
from watchd.web.tokens import Grant

_FATES = tuple(map(str, Fate))
_SOURCE = re.compile(r"[a-z0-9_-]{1,40}")
_MOST = 500
_DEFAULT = 50


class Recent:
    """GET /api/hooks/recent and GET /api/plays/{id}/explain."""

    def __init__(self, recalling: Recalling) -> None:
        self._recalling = recalling

    async def recent(self, request: web.Request, _grant: Grant) -> web.Response:
        """`limit` 1 to 500, `source`, `fate`, and `body=1` for the redacted bodies too."""
        query = request.query
        limit = query.get("limit", str(_DEFAULT))
        if not (limit.isascii() and limit.isdecimal() and len(limit) < 10 and 1 <= int(limit) <= _MOST):
            raise HttpError(400, f"limit must be a number from 1 to {_MOST}")
        source, fate = query.get("source"), query.get("fate")
        if source is not None and _SOURCE.fullmatch(source) is None:
            raise HttpError(400, "source must be the name of a source, such as plex")
        if fate is not None and fate not in _FATES:
            raise HttpError(400, f"fate must be one of {', '.join(_FATES)}")
        bodies = query.get("body") == "1"
        found = await self._recalling.recent(int(limit), source=source, fate=fate, bodies=bodies)
        return answer({"events": [described(trace) for trace in found]})

    async def explain(self, request: web.Request, _grant: Grant) -> web.Response:
        """Everything that is known about how a play came about and what became of it."""
        number = request.match_info["id"]
        valid = number.isascii() and number.isdecimal() and len(number) < 19
        found = await self._recalling.explained(int(number)) if valid else None
        if found is None:
            raise HttpError(404, "there is no such play")
        return answer(found)


def described(trace: Trace) -> dict[str, object]:
    """An event with the title of its play and its length."""
    title = label(trace.media) if trace.media is not None else None
    told = arrival(trace) | {"title": title, "bytes": trace.size}
    return told if trace.body is None else told | {"body": trace.body}
