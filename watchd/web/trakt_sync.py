"""POST /trakt/sync/history and /trakt/sync/ratings: items marked as watched or rated, answered as Trakt answers them."""

import asyncio
import json
from collections import Counter

from aiohttp import web

from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored
from watchd.model.receipts import Fate, Receipt
from watchd.sources import trakt
from watchd.sources.trakt_sync import KINDS, Batch, Item, batch
from watchd.web.answers import HttpError, answer
from watchd.web.body import Arrived, arrive
from watchd.web.intake import Intake
from watchd.web.ports import WebPorts
from watchd.web.tokens import Grant

_AT_ONCE = 32  # events that arrive together share one commit
_WATCHABLE = ("movies", "episodes")
_STATUS = {"no_item": 422, "too_many": 413}


class TraktSync:
    """Each item is kept as an event of its own."""

    def __init__(self, ports: WebPorts, intake: Intake) -> None:
        self._limits = ports.limits
        self._intake = intake

    async def history(self, request: web.Request, grant: Grant) -> web.Response:
        """POST /trakt/sync/history."""
        added, found = await self._add("history", request, grant)
        counts = {kind: added[kind] for kind in _WATCHABLE}
        body = {"added": counts, "updated": dict.fromkeys(_WATCHABLE, 0), "not_found": found.not_found}
        return answer(body, 201)

    async def ratings(self, request: web.Request, grant: Grant) -> web.Response:
        """POST /trakt/sync/ratings; shows and seasons as a whole are not rated here."""
        added, found = await self._add("ratings", request, grant)
        return answer({"added": {kind: added[kind] for kind in KINDS}, "not_found": found.not_found}, 201)

    async def _add(self, verb: str, request: web.Request, grant: Grant) -> tuple[Counter[str], Batch]:
        account_id = self._intake.owner(request, grant)
        try:
            arrived = await arrive(request, self._limits)
        except HttpError as error:
            self._intake.reject(trakt.SOURCE, "too_large" if error.status == 413 else "malformed")
            raise
        try:
            found = _read(verb, arrived)
        except MalformedPayload as fault:
            await self._intake.keep(self._intake.raw(account_id, trakt.SOURCE, arrived.text, verb), fault)
            raise HttpError(_STATUS.get(fault.reason, 400), str(fault)) from fault
        if not found.items:
            await self._intake.keep(self._intake.raw(account_id, trakt.SOURCE, arrived.text, verb), Ignored(found.why))
        added = Counter[str]()
        for at in range(0, len(found.items), _AT_ONCE):
            items = found.items[at : at + _AT_ONCE]
            outcomes = await asyncio.gather(*(self._keep(verb, item, account_id) for item in items), return_exceptions=True)
            for item, outcome in zip(items, outcomes, strict=True):
                if isinstance(outcome, BaseException):
                    raise outcome
                if outcome.fate is Fate.INTERNAL:
                    raise HttpError(500, "the items are kept, but could not all be worked on")
                added[f"{item.event.media.type}s"] += outcome.fate in (Fate.ACCEPTED, Fate.DUPLICATE)
        return added, found

    async def _keep(self, verb: str, item: Item, account_id: int) -> Receipt:
        trace = json.dumps(item.alone, ensure_ascii=False)
        return await self._intake.keep(self._intake.raw(account_id, trakt.SOURCE, trace, verb), item.event)


def _read(verb: str, arrived: Arrived) -> Batch:
    if arrived.fault is not None:
        raise arrived.fault
    return batch(verb, arrived.payload)
