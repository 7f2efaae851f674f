"""For the admin: what is owed, what came in, and how plays came about."""

from watchd.model.playback import Origin, PlayState
from watchd.model.receipts import Fate, Step
from watchd.model.relay import DeliveryState, Verb
from watchd.web.schemas.operations import Operation, Operations, answering, limit, number_in_path, query
from watchd.web.schemas.shapes import (
    Json,
    either,
    maybe,
    moment,
    named,
    number,
    one_of,
    record,
    rows,
    table,
    text,
    whole,
)

_ADMIN = "admin"
_TEXT, _WHEN, _COUNT = maybe(text()), maybe(moment()), whole(minimum=0)


def schemas() -> Json:
    return {"Delivery": _delivery(), "Event": _event(), "Explanation": _explanation()}


def operations() -> Operations:
    states = ("open", *DeliveryState)
    deliveries = answering("The newest first.", record({"deliveries": rows(named("Delivery"))}))
    events = answering("The newest first.", record({"events": rows(named("Event"))}))
    wrong = {400: "A parameter makes no sense."}
    seen = (
        limit(500, 50),
        query("source", text(pattern="^[a-z0-9_-]{1,40}$"), "Those of one source."),
        query("fate", one_of(Fate), "Those of one fate."),
        query("body", one_of(["1"]), "With the redacted bodies."),
    )
    lost = {404: "There is no such play."}
    return {
        ("GET", "/api/deliveries"): Operation(
            _ADMIN,
            "What is owed",
            {200: deliveries},
            wrong,
            (limit(1000, 100), query("state", one_of(states), "Those in one state; `open`: not settled.")),
        ),
        ("POST", "/api/deliveries/backfill"): Operation(
            _ADMIN,
            "Owe the plays from before the first login too",
            {200: answering("How many are owed now.", record({"owed": _COUNT}))},
        ),
        ("POST", "/api/deliveries/{id}/retry"): _change("Try a delivery again", "retried"),
        ("POST", "/api/deliveries/{id}/drop"): _change("Give a delivery up for good", "dropped"),
        ("GET", "/api/hooks/recent"): Operation(_ADMIN, "What came in, and its fate", {200: events}, wrong, seen),
        ("GET", "/api/plays/{id}/explain"): Operation(
            _ADMIN,
            "How a play came about, and what became of it",
            {200: answering("All there is to say.", named("Explanation"))},
            lost,
            (number_in_path("The number of a play.", 2),),
        ),
    }


def _change(summary: str, done: str) -> Operation:
    return Operation(
        _ADMIN,
        summary,
        {200: answering("It is done.", record({"id": whole(), "status": one_of([done])}))},
        {404: "There is no such delivery, or not in a state that allows this."},
        (number_in_path("The number of a delivery.", 2),),
    )


def _sent() -> dict[str, Json]:
    return {
        "id": whole(),
        "verb": one_of(Verb),
        "state": one_of(DeliveryState),
        "at": moment(),
        "progress": number(),
        "attempts": _COUNT,
        "sent_as": _TEXT,
        "last_sent_at": _WHEN,
        "settled_at": _WHEN,
        "history_id": maybe(whole()),
        "status": maybe(whole("What the destination answered.")),
        "answer": _TEXT,
    }


def _delivery() -> Json:
    more = {
        "account_id": whole(),
        "play_id": whole(),
        "destination": text(),
        "seq": whole(),
        "due_at": _WHEN,
        "first_sent_at": _WHEN,
        "reason": _TEXT,
    }
    return record(_sent() | more)


def _seen() -> dict[str, Json]:
    return {
        "id": whole(),
        "received_at": moment(),
        "source": text(),
        "verb": _TEXT,
        "account": text(),
        "user": _TEXT,
        "fate": one_of(Fate),
        "reason": _TEXT,
        "step": maybe(one_of(Step)),
        "play": maybe(whole()),
    }


def _event() -> Json:
    return record(_seen() | {"title": _TEXT, "bytes": _COUNT}, {"body": text("Redacted.")})


def _explanation() -> Json:
    play = {
        "id": whole(),
        "title": _TEXT,
        "account": text(),
        "state": one_of(PlayState),
        "origin": one_of(Origin),
        "source": text(),
        "player": _TEXT,
        "progress": maybe(number()),
        "started_at": moment(),
        "watched_at": _WHEN,
        "ended_at": _WHEN,
        "trakt_history_id": maybe(whole()),
        "told_by": rows(text()),
    }
    ids = table(record({"value": either(text(), whole()), "from": text()}))
    media = {
        "type": one_of(("movie", "episode")),
        "title": _TEXT,
        "year": maybe(whole()),
        "runtime": maybe(number()),
        "ids": ids,
    }
    event = _seen() | {"did": _TEXT, "read": record({"as": text()}), "body": _TEXT, "match": _TEXT}
    return record(
        {
            "play": record(play),
            "media": record(media, {"show_ids": ids}),
            "events": rows(record(event)),
            "deliveries": rows(record(_sent() | {"standing": text()})),
            "owes": maybe(text("Why nothing is owed; null where something is.")),
        }
    )
