"""The admin's view: what is owed, and how the daemon is."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from watchd.clock import iso
from watchd.model.relay import Delivery, DeliveryState
from watchd.web.answers import HttpError, answer
from watchd.web.ports import Health, Owing
from watchd.web.tokens import Grant

_STATES = ("open", *map(str, DeliveryState))
_MOST = 1000
_DEFAULT = 100


class Admin:
    """Deliveries and status."""

    def __init__(self, owing: Owing, health: Health) -> None:
        self._owing = owing
        self._health = health

    async def status(self, _request: web.Request, _grant: Grant) -> web.Response:
        return answer(self._health.status())

    async def deliveries(self, request: web.Request, _grant: Grant) -> web.Response:
        state = request.query.get("state")
        if state is not None and state not in _STATES:
            raise HttpError(400, f"state must be one of {', '.join(_STATES)}")
        limit = request.query.get("limit", str(_DEFAULT))
        if not (limit.isascii() and limit.isdecimal() and len(limit) < 10 and 1 <= int(limit) <= _MOST):
            raise HttpError(400, f"limit must be a number from 1 to {_MOST}")
        found = await self._owing.deliveries(state, int(limit))
        return answer({"deliveries": [described(delivery) for delivery in found]})

    async def retry(self, request: web.Request, _grant: Grant) -> web.Response:
        return await _one(request, self._owing.retry, "retried")

    async def drop(self, request: web.Request, _grant: Grant) -> web.Response:
        return await _one(request, self._owing.drop, "dropped")

    async def backfill(self, request: web.Request, _grant: Grant) -> web.Response:
        """POST /api/deliveries/backfill; `?user=` for one account alone."""
        owed = await self._owing.backfill(request.query.get("user"))
        if owed is None:
            raise HttpError(404, "no such account")
        return answer({"owed": owed})


async def _one(request: web.Request, change: Callable[[int], Awaitable[bool]], done: str) -> web.Response:
    number = request.match_info["id"]
    valid = number.isascii() and number.isdecimal() and len(number) < 19
    if not valid or not await change(int(number)):
        raise HttpError(404, "there is no such delivery, or not in a state that allows this")
    return answer({"id": int(number), "status": done})


def described(delivery: Delivery) -> dict[str, object]:
    """A delivery with its moments written out."""
    return {
        "id": delivery.id,
        "account_id": delivery.account_id,
        "play_id": delivery.play_id,
        "destination": delivery.destination,
        "seq": delivery.seq,
        "verb": str(delivery.verb),
        "state": str(delivery.state),
        "progress": delivery.progress,
        "attempts": delivery.attempts,
        "at": iso(delivery.at),
        "due_at": _moment(delivery.due_at),
        "sent_as": delivery.sent_as,
        "first_sent_at": _moment(delivery.first_sent_at),
        "last_sent_at": _moment(delivery.last_sent_at),
        "settled_at": _moment(delivery.settled_at),
        "history_id": delivery.history_id,
        "status": delivery.status,
        "answer": delivery.answer,
        "reason": delivery.reason,
    }


def _moment(at: int | None) -> str | None:
    return iso(at) if at else None
