"""The rows of personal documents: those made of the plays exactly, those of Trakt's by what they are known to have."""

from watchd.rules.personal import ENDPOINTS
from watchd.web.schemas.media import of_media
from watchd.web.schemas.shapes import Json, maybe, moment, named, one_of, record, rows, table, text, whole

_COUNT = whole(minimum=0)
_FOLLOWING = "The first aired episode that is not watched; null where there is none or nobody has told."
_COMING = "As Trakt gives it; where that was not read, as TMDB tells it: then `first_aired` is the beginning of the day, UTC."
_PLAYED = frozenset({"history", "watched", "progress", "stats"})


def row_of(name: str, kind: str | None = None) -> str:
    """How the rows of an endpoint are called; `kind` matters where movies and shows differ in all."""
    if name == "watched":
        return "WatchedMovie" if kind == "movies" else "WatchedShow"
    return {"history": "Viewing", "progress": "Progress", "stats": "Stats"}.get(name, f"Trakt{name.capitalize()}")


def played() -> Json:
    """What is made of the plays."""
    viewing = {
        "id": whole("Our number of the play; it stays."),
        "trakt_id": maybe(whole("Trakt's number of the same viewing.")),
        "watched_at": moment(),
        "action": text(),
        "type": one_of(("movie", "episode")),
    }
    seen = {"plays": _COUNT, "last_watched_at": moment(), "last_updated_at": moment()}
    episode = record({"number": _COUNT, "plays": _COUNT, "last_watched_at": moment()})
    season = record({"number": _COUNT, "episodes": rows(episode)})
    reset = maybe(text("Since when it is watched anew."))
    following = record({"season": _COUNT, "number": _COUNT}, {"title": maybe(text()), "ids": record({})}, _FOLLOWING)
    far = {
        "aired": maybe(whole("How many episodes have aired, specials aside; null where nobody has told.", minimum=0)),
        "completed": _COUNT,
        "last_watched_at": moment(),
        "reset_at": reset,
        "next_episode": maybe(following),
        "last_episode": maybe(named("Episode")),
        "stats": record({"play_count": _COUNT}),
    }
    return {
        "Viewing": of_media(viewing),
        "WatchedMovie": record(seen | {"movie": named("Movie")}),
        "WatchedShow": record(seen | {"reset_at": reset, "show": named("Show"), "seasons": rows(season)}),
        "Progress": record({"show": named("Show"), "progress": record(far)}),
        "Stats": _stats(),
        "LegacyPlay": _legacy(),
    }


def synced() -> Json:
    """What is kept as Trakt gave it; its members are Trakt's to change, so that few are promised."""
    found: Json = {}
    for name, endpoint in ENDPOINTS.items():
        if name not in _PLAYED:
            sometimes = {} if endpoint.dated is None or "." in endpoint.dated else {endpoint.dated: maybe(text())}
            found[row_of(name)] = record({}, sometimes, "As Trakt gives it.")
    coming = {"first_aired": maybe(text()), "episode": record({}), "show": record({})}
    coming |= {"released": maybe(text("Of a movie: the day.")), "movie": record({})}
    return found | {row_of("calendar"): record({}, coming, _COMING)}


def _stats() -> Json:
    media = ("plays", "watched", "minutes", "collected", "ratings", "comments")
    groups = {
        "movies": media,
        "shows": ("watched", "collected", "ratings", "comments"),
        "seasons": ("ratings", "comments"),
        "episodes": media,
        "network": ("friends", "followers", "following"),
    }
    ratings = record({"total": _COUNT, "distribution": table(_COUNT)})
    return record({name: record(dict.fromkeys(members, _COUNT)) for name, members in groups.items()} | {"ratings": ratings})


def _legacy() -> Json:
    title = {"title": text(), "year": whole(), "url": text(), "images": record({})}
    return record(
        {"type": one_of(("movie", "episode")), "action": text(), "watched": whole("Seconds since 1970.")},
        {
            "movie": record(title | {"imdb_id": text(), "tmdb_id": text()}),
            "show": record(title | {"imdb_id": text(), "tvdb_id": text()}),
            "episode": record({"season": whole(), "number": whole(), "title": text(), "url": text()}),
        },
    ) | {"anyOf": [{"required": ["movie"]}, {"required": ["show", "episode"]}]}
