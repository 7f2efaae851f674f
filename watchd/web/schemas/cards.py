"""The card."""

from watchd.model.watching import WatchState
from watchd.web.schemas.operations import NO_ACCOUNT, Operation, Operations, answering, known, query, user
from watchd.web.schemas.shapes import Json, maybe, moment, named, number, one_of, record, text, whole, yes_no

_HEADERS = ("ETag", "Cache-Control", "Vary")


def schemas() -> Json:
    images = ("backdrop", "backdrop_medium", "backdrop_small", "poster")
    content = record(
        {
            "type": one_of(("movie", "episode")),
            "title": maybe(text("Of the movie, or of the show.")),
            "year": maybe(whole()),
            "progress": record(
                {"started_at": maybe(moment()), "expires_at": maybe(moment())},
                {"percentage": number("In steps of 2, unless `live=1`.", minimum=0, maximum=100)},
            ),
            "images": record({}, {name: text() for name in images}),
            "ids": record({"trakt": maybe(whole()), "tmdb": maybe(whole()), "imdb": maybe(text())}),
        },
        {"subtitle": text("Which episode.")},
    )
    card = record(
        {
            "isWatching": yes_no("True for watching and paused."),
            "state": one_of(WatchState),
            "source": maybe(text("Where we know it from.")),
            "player": maybe(text()),
            "started_at": maybe(moment("When the sitting began.")),
            "stale_since": maybe(moment("Since when the source has not been heard.")),
        },
        {"content": content},
    )
    return {"Card": card}


def operations() -> Operations:
    return {
        ("GET", "/api/watching"): Operation(
            "cards",
            "What is being watched",
            {
                200: answering("The card.", named("Card"), *_HEADERS),
                304: answering("The reader has it.", None, *_HEADERS),
            },
            {404: NO_ACCOUNT},
            (user(), query("live", one_of(["1"]), "Reckon the percentage for this second."), known()),
        )
    }
