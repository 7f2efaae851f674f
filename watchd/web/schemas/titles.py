"""Search and pictures."""

from watchd.model.search import KINDS
from watchd.web.schemas.media import of_media
from watchd.web.schemas.operations import NO_ACCOUNT, PAGING, Operation, Operations, answering, known, query, refused, user
from watchd.web.schemas.shapes import Json, maybe, moment, named, one_of, record, rows, text, whole, yes_no

_COUNT = whole(minimum=0)
_SOURCES = ("watched", "history", "watchlist", "lists")
_HEADERS = ("ETag", "Cache-Control", "Vary", *PAGING)


def schemas() -> Json:
    found = of_media(
        {
            "type": one_of(KINDS.values()),
            "source": one_of(_SOURCES),
            "sources": rows(one_of(_SOURCES)),
            "position": whole("Its place among all results.", minimum=1),
        },
        {
            "plays": _COUNT,
            "last_watched_at": maybe(moment()),
            "rank": whole(),
            "listed_at": text(),
            "lists": rows(whole("A list's Trakt id.")),
        },
    )
    found["anyOf"] = [{"required": [kind]} for kind in KINDS.values()]
    metadata = {
        "last_updated": maybe(moment()),
        "fetched_at": maybe(moment()),
        "source": text(),
        "username": text(),
        "endpoint": text(),
        "count": _COUNT,
        "total": _COUNT,
        "page": whole(minimum=1),
        "limit": whole(minimum=1),
        "complete": yes_no("Whether this is all there is."),
    }
    results = record(
        {
            "metadata": record(metadata, {"note": text("What is missing, and why.")}),
            "query": text(),
            "type": one_of(("all", *KINDS)),
            "total_results": _COUNT,
            "results": record({}, {name: rows(named("Found")) for name in KINDS}),
        }
    )
    return {"Found": found, "SearchResults": results}


def operations() -> Operations:
    return {("GET", "/api/trakt/search"): _search(), **_pictures()}


def _search() -> Operation:
    return Operation(
        "library",
        "Search what was watched or listed",
        {
            200: answering("What fits, best first.", named("SearchResults"), *_HEADERS),
            304: answering("The reader has it.", None, *_HEADERS),
        },
        {400: "A parameter is missing or makes no sense.", 404: NO_ACCOUNT},
        (
            query("q", text(minLength=1, maxLength=200, examples=["heat"]), "What to look for.", required=True),
            query("type", one_of(("all", *KINDS), default="all"), "Of which type."),
            query("page", whole(minimum=1, maximum=1_000_000, default=1), "Which page."),
            query("limit", whole(minimum=1, maximum=1000, default=100), "How many rows a page has at most."),
            user(),
            known(),
        ),
    )


def _pictures() -> Operations:
    backdrop = record({"url": text(format="uri"), "tmdbId": text(), "type": one_of(("movies", "shows")), "filename": text()})
    counts = ("moviePosters", "movieBackdrops", "showPosters", "showBackdrops", "seasonPosters")
    stats = record({}, dict.fromkeys(counts, _COUNT))
    return {
        ("GET", "/api/images"): Operation(
            "pictures",
            "A picture of a title of the library",
            {
                302: answering("There it is.", None, "Location", "Cache-Control"),
                404: refused("There is none; with Retry-After: it is being fetched.", "Retry-After"),
            },
            {400: "A parameter is missing or makes no sense."},
            (
                query("type", one_of(("movies", "shows"), examples=["movies"]), "Of what.", required=True),
                query(
                    "category", one_of(("posters", "backdrops"), examples=["posters"]), "What kind of picture.", required=True
                ),
                query(
                    "tmdb_id", whole(minimum=1, maximum=9_999_999_999, examples=[949]), "TMDB's id of the title.", required=True
                ),
                query("season", whole(minimum=0, maximum=99_999), "For the poster of a season of a show."),
            ),
        ),
        ("GET", "/api/images/random-backdrop"): Operation(
            "pictures", "Any backdrop of the library", {200: answering("One of them.", backdrop)}, {404: "There is none."}
        ),
        ("POST", "/api/images/reload-cache"): Operation(
            "pictures",
            "Read anew which pictures there are",
            {200: answering("How many there are.", record({"success": yes_no(), "message": text(), "stats": stats}))},
        ),
    }
