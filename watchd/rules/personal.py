"""The personal endpoints: which parameters each takes, and the sections its rows come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

RANK, NEWEST, OLDEST, TITLE, YEAR, PLAYS = "rank", "newest", "oldest", "title", "year", "plays"
PAIR = ("movies", "shows")
_ROWS = (RANK, NEWEST, OLDEST, TITLE, YEAR)
_ITEMS: Mapping[str, tuple[str, ...]] = {
    "movies": ("movie",),
    "shows": ("show",),
    "seasons": ("season",),
    "episodes": ("episode",),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`types` maps the values of `type` to the types of rows meant by them; `paired`: without one it is movies and shows.

    The first of `sorts` is the order when none is asked for. `dated` is where in a row its moment stands (`a|b`: in some rows
    here, in others there), `file` the name in the metadata, `one` that the data is an object.
    """

    file: str
    sections: tuple[str, ...] = ()
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sorts: tuple[str, ...] = ()
    dated: str | None = None
    paired: bool = False
    one: bool = False
    by_section: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_EPISODES = {"movies": ("movie",), "shows": ("episode",), "episodes": ("episode",)}
_COLLECTED = ("collection_movies",), ("collection_episodes",)

ENDPOINTS: Mapping[str, Endpoint] = {
    "profile": Endpoint("user/profile/basic.json", ("profile",), one=True),
    "stats": Endpoint("user/stats/overview.json", ("stats",), one=True),
    "history": Endpoint("user/history/{}.json", types=_EPISODES, sorts=(NEWEST, OLDEST), dated="watched_at", paired=True),
    "watched": Endpoint(
        "user/watched/{}.json",
        types={"movies": ("movie",), "shows": ("episode",)},
        sorts=(NEWEST, OLDEST, PLAYS, TITLE),
        paired=True,
    ),
    "watchlist": Endpoint("user/watchlist/{}.json", ("watchlist",), _ITEMS, _ROWS, "listed_at", paired=True),
    "lists": Endpoint("user/lists/user_lists.json", ("lists",), sorts=(RANK, NEWEST, OLDEST), dated="updated_at"),
    "list": Endpoint("user/lists/{}_items.json", (), {**_ITEMS, "people": ("person",)}, _ROWS, "listed_at"),
    "comments": Endpoint(
        "user/comments/{}.json", ("comments",), {**_ITEMS, "lists": ("list",)}, (RANK, NEWEST, OLDEST), "comment.created_at"
    ),
    "ratings": Endpoint("user/ratings/{}.json", ("ratings",), _ITEMS, _ROWS, "rated_at"),
    "collection": Endpoint(
        "user/collection/{}.json",
        types={"movies": ("movie",), "shows": ("episode",), "episodes": ("episode",)},
        sorts=_ROWS,
        dated="collected_at",
        paired=True,
        by_section={"movies": _COLLECTED[0], "shows": _COLLECTED[1], "episodes": _COLLECTED[1]},
    ),
    "favorites": Endpoint(
        "user/favorites/{}.json",
        ("favorites",),
        {"movies": ("movie",), "shows": ("show",)},
        _ROWS,
        "listed_at",
        paired=True,
    ),
    "playback": Endpoint("user/playback/{}.json", ("playback",), _EPISODES, _ROWS, "paused_at"),
    "followers": Endpoint("user/followers/all.json", ("followers",), sorts=(RANK, NEWEST, OLDEST), dated="followed_at"),
    "following": Endpoint("user/following/all.json", ("following",), sorts=(RANK, NEWEST, OLDEST), dated="followed_at"),
    "friends": Endpoint("user/friends/all.json", ("friends",), sorts=(RANK, NEWEST, OLDEST), dated="friends_at"),
    "progress": Endpoint("user/progress/shows.json", sorts=(NEWEST, OLDEST, PLAYS, TITLE)),
    "calendar": Endpoint(
        "user/calendar/{}.json",
        ("calendar",),
        {"movies": ("movie",), "shows": ("show", "episode"), "episodes": ("show", "episode")},
        (OLDEST, NEWEST, RANK),
        "first_aired|released",
    ),
    "likes": Endpoint(
        "user/likes/{}.json",
        ("likes_comments", "likes_lists"),
        {"comments": (), "lists": ()},
        (RANK, NEWEST, OLDEST),
        "liked_at",
        by_section={"comments": ("likes_comments",), "lists": ("likes_lists",)},
    ),
}
USER = tuple(name for name in ENDPOINTS if name != "list")
