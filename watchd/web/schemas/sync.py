"""The sync with Trakt."""

from watchd.web.schemas.operations import BODY, Operation, Operations, answering, taking, user
from watchd.web.schemas.shapes import Json, maybe, moment, named, record, rows, table, text, whole, yes_no

_COUNT = whole(minimum=0)


def schemas() -> Json:
    doubt = record({"shown": _COUNT, "read": maybe(_COUNT), "since": maybe(moment())})
    stands = record(
        {
            "running": yes_no(),
            "section": maybe(text("What is being read.")),
            "done": _COUNT,
            "of": maybe(_COUNT),
            "requests": _COUNT,
            "last_at": maybe(moment()),
            "last_full_at": maybe(moment()),
            "read": rows(text(), "The sections that the last run read."),
            "reason": maybe(text("Why the last run did not come to its end.")),
            "plays": _COUNT,
            "rows": _COUNT,
            "failed": table(maybe(text()), "Why, by section."),
            "in_doubt": table(doubt, "Sections that shrank so much that they are to be read twice."),
            "mismatch": record({}, about="Counts that are not those of Trakt's statistics."),
        }
    )
    return {"Sync": stands}


def operations() -> Operations:
    lost = {404: "There is no such account, or no sync with Trakt."}
    full = record({}, {"full": yes_no("Read everything, whatever has changed.")})
    return {
        ("GET", "/api/sync"): Operation(
            "sync", "How the sync with Trakt stands", {200: answering("Now.", named("Sync"))}, lost, (user(),)
        ),
        ("POST", "/api/sync"): Operation(
            "sync",
            "Sync with Trakt",
            {202: answering("It is asked for.", named("Sync"))},
            lost | BODY | {400: "The body makes no sense."},
            (user(),),
            taking(full, "Nothing, or what to read.", required=False),
        ),
    }
