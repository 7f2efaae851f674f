"""Trakt's own calls, as scripts make them."""

from watchd.sources.trakt_sync import KINDS, MOST_ITEMS
from watchd.web.schemas.media import asked, of_media
from watchd.web.schemas.operations import BODY, NO_ACCOUNT, Operation, Operations, answering, query, taking, user
from watchd.web.schemas.shapes import Json, maybe, moment, named, number, one_of, record, rows, table, text, whole, yes_no

_TRAKT = "trakt format"
_HEAT: Json = {"title": "Heat", "year": 1995, "ids": {"imdb": "tt0113277", "tmdb": 949}}
_MARKED: Json = {"movies": [_HEAT | {"watched_at": "2026-01-31T20:15:00.000Z"}]}
_RATED: Json = {"movies": [_HEAT | {"rating": 9}]}


def schemas() -> Json:
    return {}


def operations() -> Operations:
    parts = asked()
    item = {"movie": parts["movie"], "show": parts["show"], "episode": parts["episode"]}
    sent = {"progress": number(minimum=0, maximum=100)}
    progressed = record({}, {**item, **sent}, "A movie, or an episode with its show, and how far it is.")
    conflict = record({"watched_at": moment(), "expires_at": moment()})
    wrong = BODY | {
        400: "The body could not be understood; it is kept.",
        404: NO_ACCOUNT,
        422: "It names nothing that could be found, or the progress is below 1 percent.",
    }
    found: Operations = {}
    for verb in ("start", "pause", "stop"):
        answers = {
            200: answering("With `dry=1`: what would become of it.", named("HookResult")),
            201: answering("It is kept.", _scrobbled()),
        }
        if verb == "stop":
            answers[409] = answering("It was watched already.", conflict)
        summary = f"Scrobble: {verb}"
        found["POST", f"/trakt/scrobble/{verb}"] = Operation(
            _TRAKT,
            summary,
            answers,
            wrong,
            (user(), query("dry", one_of(["1"]), "Only say what would become of it; a trace of it is kept.")),
            taking(progressed, "As Trakt takes it.", {"movie": _HEAT, "progress": 12.5}),
        )
    checked = of_media({"id": whole(), "watched_at": maybe(moment()), "sharing": table(yes_no())})
    busy = answering("Another checkin runs until then.", record({"expires_at": maybe(moment())}))
    found["POST", "/trakt/checkin"] = Operation(
        _TRAKT,
        "Check in",
        {201: answering("It is kept, and becomes a play once its runtime has passed.", checked), 409: busy},
        wrong,
        (user(),),
        taking(record({}, item), "As Trakt takes it.", {"movie": _HEAT}),
    )
    found["DELETE", "/trakt/checkin"] = Operation(
        _TRAKT, "Take the checkin back", {204: answering("There is none now.")}, {404: NO_ACCOUNT}, (user(),)
    )
    return found | _sync(wrong | {413: f"The body is too large, or has more than {MOST_ITEMS} items."})


def _scrobbled() -> Json:
    always = {
        "id": whole("The number of the play once it is history, else 0."),
        "action": one_of(("start", "pause", "stop", "scrobble")),
        "progress": number(minimum=0, maximum=100),
        "sharing": table(yes_no()),
    }
    return of_media(always)


def _sync(wrong: dict[int, str]) -> Operations:
    parts = asked()
    counts = {kind: whole(minimum=0) for kind in ("movies", "episodes")}
    lost = record({kind: rows({"type": "object"}) for kind in KINDS})
    entry = {"watched_at": text(maxLength=40), "rated_at": text(maxLength=40), "rating": whole(minimum=1, maximum=10)}
    one = {name: {**part, "properties": {**_members(part), **entry}} for name, part in parts.items()}
    episode = rows(one["episode"], maxItems=20)
    season = record({}, {"number": whole(minimum=0, maximum=1000), "episodes": episode})
    show = {**one["show"], "properties": {**_members(one["show"]), "seasons": rows(season, maxItems=5)}}
    sent = record({}, {"movies": rows(one["movie"], maxItems=20), "shows": rows(show, maxItems=5), "episodes": episode})
    added = {"added": record(counts), "updated": record(counts), "not_found": lost}
    rated = {"added": record({kind: whole(minimum=0) for kind in KINDS}), "not_found": lost}
    calls = (("history", "Mark as watched", added, _MARKED), ("ratings", "Rate", rated, _RATED))
    return {
        ("POST", f"/trakt/sync/{name}"): Operation(
            _TRAKT,
            summary,
            {201: answering("They are kept.", record(told))},
            wrong,
            (user(),),
            taking(sent, "As Trakt takes it.", example),
        )
        for name, summary, told, example in calls
    }


def _members(shape: Json) -> dict[str, object]:
    found = shape["properties"]
    return found if isinstance(found, dict) else {}
