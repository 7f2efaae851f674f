"""The account's own library: the personal endpoints, their parameters taken from the table that checks them."""

from watchd.model.personal import PAGE
from watchd.rules.personal import ENDPOINTS, PAIR, USER, Endpoint
from watchd.web.asks import ALL, MOST_PAGES, MOST_ROWS
from watchd.web.schemas.operations import NO_ACCOUNT, PAGING, Operation, Operations, answering, in_path, known, query, user
from watchd.web.schemas.rows import played, row_of, synced
from watchd.web.schemas.shapes import Json, either, maybe, moment, named, one_of, record, rows, text, whole

_LIBRARY = "library"
_HEADERS = ("ETag", "Cache-Control", "Vary")
_ABOUT = {
    "profile": "The profile",
    "stats": "The statistics: counted from the plays, completed by what only Trakt can count",
    "history": "The plays",
    "watched": "What was watched, each once; shows with their seasons",
    "watchlist": "The watchlist",
    "lists": "The lists",
    "list": "The items of a list",
    "comments": "The comments",
    "ratings": "The ratings",
    "collection": "The collection",
    "favorites": "The favorites",
    "playback": "What was left in the middle",
    "followers": "Who follows",
    "following": "Whom one follows",
    "friends": "The friends",
    "progress": "How far shows are watched",
    "calendar": "What comes next",
    "likes": "What is liked",
}


def schemas() -> Json:
    metadata = {
        "last_updated": maybe(moment()),
        "fetched_at": maybe(moment()),
        "source": one_of(("trakt", "local")),
        "username": text(),
        "endpoint": text("The file of the seed's store."),
        "count": whole("How many rows these are.", minimum=0),
    }
    counts = {"total": whole(minimum=0), "page": whole(minimum=1), "limit": whole(minimum=1)}
    told = record(metadata, {**counts, "note": text("Why there is nothing, or what of it is not known.")})
    return {"Metadata": told, **played(), **synced()}


def operations() -> Operations:
    found: Operations = {("GET", "/api/trakt"): _index(), ("POST", "/api/trakt"): _clear()}
    for name in USER:
        found["GET", f"/api/trakt/user/{name}"] = _reading(name, ENDPOINTS[name])
    found["GET", "/api/trakt/user/lists/{id}"] = _reading(
        "list",
        ENDPOINTS["list"],
        in_path("id", text(minLength=1, maxLength=200, examples=["to-watch"]), "A list's slug or Trakt id."),
    )
    found["GET", "/user/watched.json/{apikey}/{username}"] = _legacy()
    return found


def _reading(name: str, endpoint: Endpoint, *places: Json) -> Operation:
    shape = _envelopes(name, endpoint)
    paging = () if endpoint.one else PAGING
    lost = NO_ACCOUNT if name != "list" else f"{NO_ACCOUNT[:-1]}, or no such list."
    asks = _asks(endpoint)
    return Operation(
        _LIBRARY,
        _ABOUT.get(name, name.capitalize()),
        _documents(shape, *paging),
        {404: lost} | ({400: "A parameter makes no sense."} if asks else {}),
        (*places, user(), *asks, known()),
    )


def _documents(shape: Json, *paging: str) -> dict[int, Json]:
    return {
        200: answering("The document; a very large one comes without an ETag.", shape, *_HEADERS, *paging),
        304: answering("The reader has it.", None, *_HEADERS, *paging),
    }


def _asks(endpoint: Endpoint) -> tuple[Json, ...]:
    if endpoint.one:
        return ()
    asks = [
        query("page", whole(minimum=1, maximum=MOST_PAGES, default=1), "Which page."),
        query("limit", whole(minimum=1, maximum=MOST_ROWS, default=PAGE), "How many rows a page has at most."),
        query("sort", one_of(endpoint.sorts, default=endpoint.sorts[0]), "In which order."),
    ]
    if endpoint.types:
        both = "; all: an object of movies and shows, each with its envelope." if endpoint.paired else "."
        asks.append(query("type", one_of((ALL, *endpoint.types), default=ALL), f"Of which type{both}"))
    if endpoint.dated is not None:
        day = either(moment(), text(format="date"))
        asks += [query("start_at", day, "From when on; UTC."), query("end_at", day, "Until when; UTC.")]
    return tuple(asks)


def _envelopes(name: str, endpoint: Endpoint) -> Json:
    if endpoint.one:
        return _envelope(named(row_of(name)))
    if not endpoint.paired:
        return _envelope(rows(named(row_of(name))))
    kinds = {kind: _envelope(rows(named(row_of(name, kind)))) for kind in PAIR}
    every = tuple(_envelope(rows(named(row_of(name, kind)))) for kind in endpoint.types)
    return either(record(kinds), *(shape for number, shape in enumerate(every) if shape not in every[:number]))


def _envelope(data: Json) -> Json:
    return record({"metadata": named("Metadata"), "data": data})


def _index() -> Operation:
    data = record(
        {
            "last_updated": maybe(moment()),
            "data_type": text(),
            "username": text(),
            "authentication": one_of(("oauth", "api_key_only", "none")),
            "data_structure": record({"user": {"type": "object", "additionalProperties": rows(text())}}),
        }
    )
    return Operation(_LIBRARY, "What there is", _documents(_envelope(data)), {404: NO_ACCOUNT}, (user(), known()))


def _clear() -> Operation:
    told = record({"message": text()})
    return Operation(_LIBRARY, "Forget the documents kept ready", {200: answering("Nothing of what is stored goes.", told)})


def _legacy() -> Operation:
    places = (
        in_path("apikey", text(minLength=1, maxLength=200), "The read token where one is needed, else anything."),
        in_path("username", text(minLength=1, maxLength=100, examples=["me"]), "An account's name here or at Trakt."),
    )
    answers = _documents(rows(named("LegacyPlay"), maxItems=100))
    return Operation(_LIBRARY, "The last plays, as Trakt v1 wrote them", answers, {404: "No such user."}, (*places, known()))
