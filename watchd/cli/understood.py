"""Transport and parse without a daemon: the bytes of a delivery in, what they mean out; nothing is written anywhere."""

import re
from dataclasses import dataclass

from watchd.cli.rawhttp import read_request
from watchd.cli.replayed import Outcome, Trouble
from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored, IgnoreReason, Parsed
from watchd.sources import HOOKS, trakt, trakt_sync
from watchd.web.framing import EMPTY, document, loads

SOURCES = (*HOOKS, trakt.SOURCE)
VERBS = (*trakt.VERBS, *trakt_sync.VERBS)
_ADDRESS = re.compile(  # what was recorded on its way to Trakt itself has no `/trakt` in front
    r"/hooks/([a-z]+)(?:/[^/]+)?/?|(?:/trakt)?/(?:scrobble|sync)/([a-z]+)/?|(?:/trakt)?/(checkin)/?"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A delivery as it arrives; `verb` is what a call in Trakt's format is for, by its path."""

    source: str
    body: bytes
    content_type: str = ""
    verb: str = ""


def of_request(raw: bytes) -> Outcome:
    """What comes of a whole HTTP request; where it goes is taken from its path."""
    try:
        request = read_request(raw)
    except MalformedPayload as fault:
        return fault
    address = _ADDRESS.fullmatch(request.path)
    if address is None:
        return Trouble(f"nothing is at {request.path}")
    hook, verb, checkin = address.groups()
    if checkin and request.method == "DELETE":
        return trakt.UNCHECKIN
    call = Call(hook or trakt.SOURCE, request.body, request.headers.get("content-type", ""), verb or checkin or "")
    return understood(call)


def understood(call: Call) -> Outcome:
    """What a delivery means."""
    if call.source not in SOURCES:
        return Trouble(f"no such source: {call.source}")
    if call.source == trakt.SOURCE and call.verb not in VERBS:
        return Trouble(f"no such call of Trakt: {call.verb}")
    try:
        return _parsed(call.source, call.verb, loads(document(call.body, call.content_type)))
    except MalformedPayload as fault:
        empty = fault.reason == EMPTY and call.source in HOOKS
        return Ignored(IgnoreReason.EMPTY_BODY) if empty else fault
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        return Trouble(f"internal error: {type(error).__name__}")


def _parsed(source: str, verb: str, payload: object) -> Parsed:
    if source in HOOKS:
        return HOOKS[source](payload)
    return trakt.parse(verb, payload) if verb in trakt.VERBS else trakt_sync.parse_many(verb, payload)[0]
