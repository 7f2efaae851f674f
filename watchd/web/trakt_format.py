"""The scrobble and checkin calls of Trakt's API, answered as Trakt answers them.

They name no user, so no map of users is asked: `?user=` names the account where the token does not; else it is the default one.
"""

from functools import partial

from aiohttp import web

from watchd.clock import iso
from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored, IgnoreReason, Parsed, PlaybackEvent
from watchd.model.receipts import Fate, RawEvent, Receipt, Step
from watchd.rules.shapes import item
from watchd.sources import trakt
from watchd.web.answers import HttpError, answer, empty
from watchd.web.body import arrive
from watchd.web.intake import Intake, outcome, reason_of
from watchd.web.ports import WebPorts
from watchd.web.rehearsal import asked, told
from watchd.web.tokens import Grant

_LEAST_PROGRESS = 1
_SHARING = {"twitter": False, "mastodon": False, "tumblr": False}


class TraktFormat:
    """For scripts, home automation and libraries that can be given another base URL."""

    def __init__(self, ports: WebPorts, intake: Intake) -> None:
        self._limits = ports.limits
        self._doorkeeper = ports.doorkeeper
        self._intake = intake

    async def scrobble(self, request: web.Request, grant: Grant) -> web.Response:
        """POST /trakt/scrobble/{start,pause,stop}."""
        verb = request.path.rpartition("/")[2]
        if asked(request):
            return await self._rehearse(verb, request, grant)
        event, receipt = await self._keep(verb, request, grant)
        if verb != "start" and event.progress is not None and event.progress < _LEAST_PROGRESS:
            raise HttpError(422, "progress must be at least 1 percent")
        conflict = _conflict(receipt) if verb == "stop" else None
        return answer(conflict, 409) if conflict else answer(_scrobbled(verb, event, receipt), 201)

    async def checkin(self, request: web.Request, grant: Grant) -> web.Response:
        """POST /trakt/checkin."""
        event, receipt = await self._keep("checkin", request, grant)
        if receipt.step is Step.BUSY:
            return answer({"expires_at": _moment(receipt.until)}, 409)
        media = receipt.play.media if receipt.play else event.media
        found = {"id": receipt.play.id if receipt.play else 0, "watched_at": _moment(receipt.until), "sharing": _SHARING}
        return answer(found | item(media), 201)

    async def uncheckin(self, request: web.Request, grant: Grant) -> web.Response:
        """DELETE /trakt/checkin; 204 also when there was none."""
        owner = self._intake.owner(request, grant)
        _settled(await self._intake.keep(self._intake.raw(owner, trakt.SOURCE, "", "uncheckin"), trakt.UNCHECKIN))
        return empty(204)

    async def _rehearse(self, verb: str, request: web.Request, grant: Grant) -> web.Response:
        """`?dry=1`: what would be recorded, of which only a trace is kept."""
        raw, parsed = await self._read(verb, request, grant)
        test = Ignored(IgnoreReason.TEST_EVENT) if isinstance(parsed, PlaybackEvent) else parsed
        receipt = await self._intake.keep(raw, test)
        if not isinstance(parsed, PlaybackEvent):
            raise _wrong(parsed, receipt)
        would = told(parsed, self._doorkeeper.called(raw.account_id), raw.received_at)
        return answer(outcome(receipt, test) | {"would": would})

    async def _keep(self, verb: str, request: web.Request, grant: Grant) -> tuple[PlaybackEvent, Receipt]:
        raw, parsed = await self._read(verb, request, grant)
        receipt = await self._intake.keep(raw, parsed)
        if not isinstance(parsed, PlaybackEvent):
            raise _wrong(parsed, receipt)
        _settled(receipt)
        return parsed, receipt

    async def _read(self, verb: str, request: web.Request, grant: Grant) -> tuple[RawEvent, Parsed | MalformedPayload]:
        owner = self._intake.owner(request, grant)
        try:
            arrived = await arrive(request, self._limits)
        except HttpError as error:
            self._intake.reject(trakt.SOURCE, "too_large" if error.status == 413 else "malformed")
            raise
        parsed = self._intake.understand(trakt.SOURCE, arrived, partial(trakt.parse, verb))
        return self._intake.raw(owner, trakt.SOURCE, arrived.text, verb), parsed


def _wrong(parsed: Parsed | MalformedPayload, receipt: Receipt) -> HttpError:
    """The answer to a body that is none of Trakt's calls."""
    if not isinstance(parsed, MalformedPayload):
        return HttpError(400, f"nothing to do ({reason_of(receipt, parsed)})")
    return HttpError({"no_item": 422, "internal": 500}.get(parsed.reason, 400), str(parsed))


def _settled(receipt: Receipt) -> None:
    if receipt.fate is Fate.INTERNAL:
        raise HttpError(500, "the event is kept, but could not be worked on")


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)


def _conflict(receipt: Receipt) -> dict[str, object] | None:
    """Watched already, and until when that counts as the same time; a repeat of the stop is answered so too, as by Trakt."""
    play = receipt.play
    if receipt.step is not Step.SWALLOWED or play is None or play.watched_at is None:
        return None
    return {"watched_at": iso(play.watched_at), "expires_at": iso(receipt.until or play.watched_at)}


def _scrobbled(verb: str, event: PlaybackEvent, receipt: Receipt) -> dict[str, object]:
    """A stop is a scrobble when it made the play history; else it left a pause."""
    play = receipt.play
    watched = play is not None and receipt.step is Step.WATCHED
    progress = event.progress
    if progress is None:
        progress = (play.progress if play else None) or 0.0
    return {
        "id": play.id if play and watched else 0,
        "action": "scrobble" if watched else "pause" if verb == "stop" else verb,
        "progress": round(progress, 2),
        "sharing": _SHARING,
        **item(play.media if play else event.media),
    }
