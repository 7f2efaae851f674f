"""From a body to a receipt: parse, keep, count. Shared by the hooks and the calls in Trakt's format."""

from collections.abc import Callable

import structlog
from aiohttp import web

from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.model.playback import Ignored, IgnoreReason, Parsed, PlaybackEvent, UnnamedEvent
from watchd.model.receipts import Fate, RawEvent, Receipt
from watchd.rules.household import Refused
from watchd.web.answers import HttpError
from watchd.web.body import Arrived
from watchd.web.middleware import report
from watchd.web.ports import WebPorts
from watchd.web.redact import redacted
from watchd.web.tokens import Grant

_REASONS = {
    Fate.DUPLICATE: "duplicate",
    Fate.IGNORED: "ignored",
    Fate.REFUSED: "refused",
    Fate.MALFORMED: "malformed",
    Fate.INTERNAL: "internal",
}
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
log = structlog.get_logger(__name__)


class Intake:
    """Keeps every event it is given, also those that cannot be understood."""

    def __init__(self, ports: WebPorts) -> None:
        self._recording = ports.recording
        self._doorkeeper = ports.doorkeeper
        self._clock = ports.clock
        self._received = ports.metrics.events_received
        self._rejected = ports.metrics.events_rejected

    def understand(self, source: str, arrived: Arrived, parse: Callable[[object], Parsed]) -> Parsed | MalformedPayload:
        """What the body says, or what is wrong with it."""
        if arrived.fault is not None:
            return arrived.fault
        try:
            return parse(arrived.payload)
        except MalformedPayload as fault:
            return fault
        except _UNFORESEEN as error:
            report("web.parser_failed", error, source=source)
            return MalformedPayload("internal", "the event is kept, but could not be read")

    async def take(
        self, source: str, grant: Grant, arrived: Arrived, parse: Callable[[object], Parsed]
    ) -> tuple[Parsed | MalformedPayload | Refused, Receipt]:
        """Understand an event, find whose it is, and keep it."""
        understood = Ignored(IgnoreReason.EMPTY_BODY) if arrived.empty else self.understand(source, arrived, parse)
        account_id, parsed = self._doorkeeper.admit(understood, source, grant.account_id)
        user = None if isinstance(understood, MalformedPayload) else understood.user
        return parsed, await self.keep(self.raw(account_id, source, arrived.text, user=user), parsed)

    def owner(self, request: web.Request, grant: Grant) -> int:
        """Whose an event is that names no user: the token's account, or the one `?user=` names, or else the default one."""
        name = request.query.get("user")
        named = None if name is None else self._doorkeeper.named(name)
        if name is not None and named is None:
            raise HttpError(404, "no such account")
        if grant.account_id is None:
            return self._doorkeeper.default if named is None else named
        if named not in (None, grant.account_id):
            raise HttpError(403, "the token is of another account")
        return grant.account_id

    async def keep(self, raw: RawEvent, parsed: Parsed | MalformedPayload | Refused) -> Receipt:
        """Commit the event and count what became of it."""
        try:
            receipt = await self._recording.record(raw, parsed)
        except StoreUnavailable:
            self.reject(raw.source, "unavailable")
            raise
        if receipt.fate is Fate.ACCEPTED:
            action = parsed.action.value if isinstance(parsed, (PlaybackEvent, UnnamedEvent)) else "none"
            self._received.labels(raw.source, action).inc()
            return receipt
        internal = isinstance(parsed, MalformedPayload) and parsed.reason == "internal"
        self.reject(raw.source, "internal" if internal else _REASONS[receipt.fate])
        if isinstance(parsed, MalformedPayload):
            log.warning("web.malformed", source=raw.source, reason=parsed.reason, event_id=receipt.event_id)
        elif isinstance(parsed, Refused):
            log.info("web.refused", source=raw.source, reason=parsed.reason, event_id=receipt.event_id)
        return receipt

    def raw(self, account_id: int, source: str, text: str, verb: str = "", user: str | None = None) -> RawEvent:
        """The trace of what arrived."""
        return RawEvent(account_id, source, self._clock.now(), redacted(text), verb, user)

    def reject(self, source: str, reason: str) -> None:
        self._rejected.labels(source, reason).inc()


def reason_of(receipt: Receipt, parsed: Parsed | MalformedPayload | Refused) -> str | None:
    """Why nothing came of an event; None when something did."""
    if receipt.reason is not None:
        return receipt.reason
    return str(parsed.reason) if isinstance(parsed, (Ignored, MalformedPayload, Refused)) else None


def outcome(receipt: Receipt, parsed: Parsed | MalformedPayload | Refused) -> dict[str, object]:
    """What became of an event, for its sender."""
    return {
        "status": str(receipt.fate),
        "reason": reason_of(receipt, parsed),
        "id": receipt.event_id,
        "step": str(receipt.step),
        "play": receipt.play.id if receipt.play else None,
    }
