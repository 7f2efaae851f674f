"""`?dry=1` on a hook: the whole way up to what would be recorded, and only a trace of it is kept."""

from collections.abc import Callable

from aiohttp import web

from watchd.errors import MalformedPayload
from watchd.model.media import label
from watchd.model.playback import Ignored, IgnoreReason, Parsed, PlaybackEvent, UnnamedEvent
from watchd.model.receipts import Receipt
from watchd.rules.household import Refused
from watchd.rules.progress import stated
from watchd.web.body import Arrived
from watchd.web.intake import Intake
from watchd.web.ports import Doorkeeping
from watchd.web.tokens import Grant


def asked(request: web.Request) -> bool:
    """Whether the sender wants to know only what would become of the event."""
    return "dry=" in request.rel_url.raw_query_string and request.rel_url.query.get("dry") == "1"


async def rehearse(
    intake: Intake, doorkeeper: Doorkeeping, source: str, grant: Grant, arrived: Arrived, parse: Callable[[object], Parsed]
) -> tuple[Parsed | MalformedPayload | Refused, Receipt, dict[str, object] | None]:
    """What `Intake.take` does, but an event that would count is kept as a test; and what it would have been, if that."""
    understood = intake.understand(source, arrived, parse)
    account_id, admitted = doorkeeper.admit(understood, source, grant.account_id, rehearsing=True)
    user = None if isinstance(understood, MalformedPayload) else understood.user
    raw = intake.raw(account_id, source, arrived.text, user=user)
    if not isinstance(admitted, (PlaybackEvent, UnnamedEvent)):
        return admitted, await intake.keep(raw, admitted), None
    test = Ignored(IgnoreReason.TEST_EVENT, user)
    return test, await intake.keep(raw, test), told(admitted, doorkeeper.called(account_id), raw.received_at)


def told(event: PlaybackEvent | UnnamedEvent, account: str, at: int) -> dict[str, object]:
    """What an event says, for the sender; `at` is when it came (ms)."""
    return {
        "action": str(event.action),
        "title": label(event.media) if isinstance(event, PlaybackEvent) else None,
        "progress": stated(event, None, at) if isinstance(event, PlaybackEvent) else event.progress,
        "user": event.user,
        "player": event.player_name or event.player or None,
        "account": account,
    }
