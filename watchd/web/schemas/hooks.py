"""What comes in from media centers."""

from watchd.model.receipts import Fate, Step
from watchd.sources import HOOKS
from watchd.web.schemas.operations import BODY, Operation, Operations, answering, in_path, query, refused, taking
from watchd.web.schemas.shapes import (
    Json,
    either,
    maybe,
    moment,
    named,
    number,
    one_of,
    record,
    table,
    text,
    whole,
)

_HOOKS = "hooks"
_MEDIA = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")
_EVENT: Json = {"event": "start", "title": "Heat", "year": 1995, "progress": 0, "source": "mpv"}
_EVENTS = ("start", "resume", "pause", "stop", "end", "interval", "seek", "watched")


def schemas() -> Json:
    result = {
        "status": one_of(Fate, "What became of the event."),
        "reason": maybe(text("Why nothing came of it.")),
        "id": whole("The number it is kept under."),
        "step": one_of(Step, "What it did to its play."),
        "play": maybe(whole("The number of its play.")),
    }
    would = {
        "action": text(),
        "title": maybe(text()),
        "progress": maybe(number()),
        "user": maybe(text()),
        "player": maybe(text()),
        "account": text(),
    }
    return {
        "HookResult": record(result, {"would": record(would, about="With `dry=1`: what would have been recorded.")}),
        "HookFault": record({"error": text()}, result, "The event is kept, but it could not be understood."),
        "GenericEvent": _generic(),
        "AnyEvent": {"type": "object", "description": "What the media center sends, or a field `payload` or `data` with it."},
    }


def operations() -> Operations:
    found: Operations = {}
    source = in_path("source", one_of(sorted(HOOKS)), "Where the event comes from.")
    end = in_path("token", text(minLength=1, maxLength=200), "The hook token, for senders that lose headers and queries.")
    for path, places in (("/hooks/{source}", (source,)), ("/hooks/{source}/{token}", (source, end))):
        found[("POST", path)] = found[("PUT", path)] = _hook(places)
        found[("GET", path)] = Operation(
            _HOOKS,
            "For those who open the address in a browser",
            {405: refused("Says where to paste the address.", "Allow")},
            {404: "There is no such source."},
            places,
        )
    return found


def _hook(places: tuple[Json, ...]) -> Operation:
    fault = either(named("HookFault"), named("Error"))
    return Operation(
        _HOOKS,
        "Take an event of a media center",
        {
            200: answering("The event is kept, also when it is ignored.", named("HookResult")),
            400: answering("The event is kept, but it could not be understood.", fault),
        },
        BODY | {404: "There is no such source."},
        (*places, query("dry", one_of(["1"]), "Only say what would become of the event; a trace of it is kept.")),
        taking(either(named("GenericEvent"), named("AnyEvent")), "The event as its source sends it.", _EVENT, media=_MEDIA),
    )


def _generic() -> Json:
    ids = table(either(text(), whole()))
    number_or_span = either(whole(minimum=0), text(), {"type": "null"})
    progress = record({}, {"percent": number(minimum=0, maximum=100), "time": number(minimum=0)})
    return record(
        {"event": one_of(_EVENTS)},
        {
            "progress": either(progress, number(minimum=0, maximum=100)),
            "duration": number("In seconds.", minimum=0),
            "timestamp": either(moment(), number(minimum=0)),
            "sessionId": text(maxLength=100),
            "mediaType": one_of(("movie", "episode")),
            "title": text(maxLength=300),
            "year": whole(minimum=1800, maximum=2199),
            "uniqueIds": ids,
            "tvShowTitle": text(maxLength=300),
            "tvShowYear": whole(minimum=1800, maximum=2199),
            "tvShowUniqueIds": ids,
            "season": number_or_span,
            "episode": number_or_span,
            "filename": text(maxLength=300),
            "source": text(maxLength=100),
            "player": text(maxLength=100),
            "user": text(maxLength=100),
        },
        "An event of a script, for `/hooks/generic`.",
    )
