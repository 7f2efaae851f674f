"""Movies, shows and episodes as Trakt writes them: components that others refer to."""

from watchd.web.schemas.shapes import Json, maybe, named, record, text, whole

_NUMBERS = ("trakt", "tvdb", "tmdb")


def _ids(*names: str) -> Json:
    """The ids we know and null for those we do not; ids of further sites may follow."""
    return record({name: maybe(whole() if name in _NUMBERS else text()) for name in names})


def schemas() -> Json:
    title, year = maybe(text()), maybe(whole())
    movie = record({"title": title, "year": year, "ids": _ids("trakt", "slug", "imdb", "tmdb")})
    show = record(
        {"title": title, "year": year, "ids": _ids("trakt", "slug", "tvdb", "imdb", "tmdb")},
        {"aired_episodes": whole()},
    )
    number = maybe(whole(minimum=0))
    episode = record(
        {"season": number, "number": number, "title": title, "ids": _ids("trakt", "tvdb", "imdb", "tmdb")},
        {"number_abs": maybe(whole())},
    )
    return {
        "Error": record({"error": text("What is wrong, for people.")}),
        "Movie": movie,
        "Show": show,
        "Episode": episode,
    }


def of_media(always: dict[str, Json], sometimes: dict[str, Json] | None = None) -> Json:
    """An object with these members and a `movie`, or an `episode` with its `show`."""
    found = record(always, {**(sometimes or {}), "movie": named("Movie"), "episode": named("Episode"), "show": named("Show")})
    found["anyOf"] = [{"required": ["movie"]}, {"required": ["episode", "show"]}]
    return found


def asked_ids() -> Json:
    """Ids as scripts send them: those they know."""
    number = maybe(whole(minimum=1, maximum=10**9))
    slug, imdb = maybe(text(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")), maybe(text(pattern="^tt[0-9]{5,12}$"))
    return record({}, {"trakt": number, "slug": slug, "imdb": imdb, "tmdb": number, "tvdb": number})


def asked() -> dict[str, Json]:
    """A movie, a show and an episode as scripts send them: with whatever they know."""
    ids = asked_ids()
    title = {"title": maybe(text(maxLength=300)), "year": maybe(whole(minimum=1800, maximum=2199)), "ids": ids}
    number = maybe(whole(minimum=0, maximum=10**6))
    episode = {"season": number, "number": number, "number_abs": number, "title": maybe(text(maxLength=300)), "ids": ids}
    return {"movie": record({}, title), "show": record({}, title), "episode": record({}, episode)}
