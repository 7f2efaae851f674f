"""From a body to a receipt: parse, keep, count. Shared by the hooks and the calls in Trakt's format."""

from collections.abc import Callable

import structlog

from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.model.playback import Fate, Ignored, Parsed, PlaybackEvent, RawEvent, Receipt
from watchd.web.body import Arrived
from watchd.web.middleware import report
from watchd.web.ports import WebPorts
from watchd.web.redact import redacted

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

    async def keep(self, raw: RawEvent, parsed: Parsed | MalformedPayload) -> Receipt:
        """Commit the event and count what became of it."""
        try:
            receipt = await self._recording.record(raw, parsed)
        except StoreUnavailable:
            self.reject(raw.source, "unavailable")
            raise
        if receipt.fate is Fate.ACCEPTED:
            action = parsed.action.value if isinstance(parsed, PlaybackEvent) else "none"
            self._received.labels(raw.source, action).inc()
            return receipt
        internal = isinstance(parsed, MalformedPayload) and parsed.reason == "internal"
        self.reject(raw.source, "internal" if internal else _REASONS[receipt.fate])
        if isinstance(parsed, MalformedPayload):
            log.warning("web.malformed", source=raw.source, reason=parsed.reason, event_id=receipt.event_id)
        return receipt

    def raw(self, account_id: int, source: str, text: str, verb: str = "") -> RawEvent:
        """The trace of what arrived."""
        return RawEvent(account_id, source, self._clock.now(), redacted(text), verb)

    def reject(self, source: str, reason: str) -> None:
        self._rejected.labels(source, reason).inc()


def reason_of(receipt: Receipt, parsed: Parsed | MalformedPayload) -> str | None:
    """Why nothing came of an event; None when something did."""
    if receipt.reason is not None:
        return receipt.reason
    return str(parsed.reason) if isinstance(parsed, (Ignored, MalformedPayload)) else None
