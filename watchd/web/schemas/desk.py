"""What an admin does by hand: plays, imports, calls of Trakt's methods, and the jobs that come of them."""

from watchd.services.jobs import JobState
from watchd.web.schemas import keys
from watchd.web.schemas.media import asked_ids
from watchd.web.schemas.operations import (
    BODY,
    NO_ACCOUNT,
    Operation,
    Operations,
    answering,
    number_in_path,
    query,
    taking,
    user,
)
from watchd.web.schemas.shapes import Json, maybe, moment, named, one_of, record, rows, table, text, whole, yes_no

_DESK = "desk"
_TOO_MUCH = "There is too much to do already: ask again later."
_PLAY: Json = {"media": {"type": "movie", "title": "Ronin", "year": 1998}, "at": "2026-01-31T20:15:00.000Z"}
_CALL: Json = {"method": "GET", "path": "users/me/watchlist", "extended": ["full"]}


def schemas() -> Json:
    number, title = maybe(whole(minimum=0, maximum=10**6)), maybe(text(maxLength=300))
    known = {"title": title, "year": maybe(whole(minimum=1800, maximum=2199)), "ids": asked_ids()}
    media = record(
        {"type": one_of(("movie", "episode"))},
        {**known, "show": record({}, known), "season": number, "number": number, "number_abs": number},
        "A movie, or an episode with its show.",
    )
    job = record(
        {
            "job": whole(minimum=1),
            "state": one_of(JobState),
            "result": {"description": "What came of it, once it is done."},
            "reason": maybe(text("Why it failed.")),
        }
    )
    return {"HandPlay": record({"media": media}, {"at": maybe(moment("When it was watched; without it: now."))}), "Job": job}


def operations() -> Operations:
    started = answering("It is under way; ask for the job.", record({"job": whole(minimum=1)}))
    title = {"id": whole(), "title": maybe(text())}
    call = record(
        {"method": one_of(("GET", "POST", "PUT", "DELETE")), "path": text(minLength=1)},
        {
            "params": table(text()),
            "extended": rows(text()),
            "all": yes_no("All pages."),
            "data": {"description": "The body that Trakt is to get."},
        },
    )
    dry = query("dry_run", one_of(("0", "1")), "Only say what it would do.")
    name = query("name", text(maxLength=200), "What the file is called.")
    return {
        ("POST", "/api/plays"): Operation(
            _DESK,
            "Record a play",
            {201: answering("It is kept.", record(title | {"owed": yes_no("Whether Trakt is to be told.")}))},
            BODY | {400: "The body makes no sense.", 404: NO_ACCOUNT, 409: "It was watched then already, or cannot have been."},
            (user(),),
            taking(named("HandPlay"), "What was watched, and when.", _PLAY),
        ),
        ("DELETE", "/api/plays/{id}"): Operation(
            _DESK,
            "Delete a play, here and at Trakt",
            {
                200: answering(
                    "It is gone here.",
                    record(title | {"at_trakt": one_of(("nothing", "owed", "sought"), "How it stands there.")}),
                )
            },
            {404: "There is no such play.", 409: "It is still open."},
            (number_in_path("The number of a play."), user()),
        ),
        ("POST", "/api/trakt/call"): Operation(
            _DESK,
            "Call any method of Trakt's",
            {202: started},
            BODY | {400: "This is no call.", 429: _TOO_MUCH},
            (user(),),
            taking(call, "The call, as `watchd trakt` makes it.", _CALL),
        ),
        ("POST", "/api/import"): Operation(
            _DESK,
            "Import a file",
            {202: started},
            BODY | {400: "It cannot be imported, or there is no such account.", 429: _TOO_MUCH},
            (user(), name, dry),
            taking(text(contentMediaType="application/octet-stream"), "The file.", media=("application/octet-stream",)),
        ),
        ("GET", "/api/jobs/{id}"): Operation(
            _DESK,
            "How a job stands",
            {200: answering("Now.", named("Job"))},
            {404: "There is no such job, or not any more."},
            (number_in_path("The number of a job."),),
        ),
        **keys.operations(_DESK),
    }
