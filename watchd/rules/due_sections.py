"""Which sections of the library must be read, by what Trakt says changed last and by how old they are."""

from collections.abc import Mapping

from watchd.clock import DAY, HOUR, MINUTE
from watchd.model.library import Section
from watchd.rules.shrink import SECOND_LOOK

HISTORY = "history"
HISTORY_FULL = "history_full"
GHOSTS = "history_ghosts"
"""Not sections with rows: how far the history was read, when it was last read whole, and how many rows named nothing."""

OVERLAP = DAY
"""How far behind the last reading of the history the next one begins: what was added a little backdated comes with it."""
RETRY = 15 * MINUTE
BLIND = 6 * HOUR
_EVERYTHING = DAY

_WATCHED = ("movies.watched_at", "episodes.watched_at")
_RATED = tuple(f"{group}.rated_at" for group in ("movies", "shows", "seasons", "episodes"))
_COMMENTED = tuple(f"{group}.commented_at" for group in ("movies", "shows", "seasons", "episodes", "lists"))
_COLLECTED = ("movies.collected_at", "episodes.collected_at")
_FOLLOWED = ("account.followed_at", "account.following_at")

STAMPS: Mapping[str, tuple[str, ...]] = {
    "profile": ("account.settings_at",),
    "settings": ("account.settings_at",),
    HISTORY: _WATCHED,
    "stats": (*_WATCHED, *_RATED, *_COMMENTED, *_COLLECTED, *_FOLLOWED),
    "watchlist": ("watchlist.updated_at",),
    "lists": ("lists.updated_at",),
    "comments": _COMMENTED,
    "ratings": _RATED,
    "collection_movies": ("movies.collected_at",),
    "collection_episodes": ("episodes.collected_at",),
    "favorites": ("favorites.updated_at",),
    "playback": ("movies.paused_at", "episodes.paused_at"),
    "followers": _FOLLOWED,
    "following": _FOLLOWED,
    "friends": _FOLLOWED,
    "likes_comments": ("comments.liked_at",),
    "likes_lists": ("lists.liked_at",),
    "hidden": ("movies.hidden_at", "shows.hidden_at", "seasons.hidden_at", "shows.dropped_at"),
    "watched_shows": (),
    "calendar": (),
}
"""The moments of last_activities each section goes by, in the order of reading; those without any are read daily."""


def flattened(activities: object) -> dict[str, str]:
    """`{"movies": {"watched_at": …}}` as `{"movies.watched_at": …}`; what is not of that shape is left out."""
    groups = activities.items() if isinstance(activities, dict) else ()
    return {
        f"{group}.{name}": at
        for group, moments in groups
        if isinstance(moments, dict)
        for name, at in moments.items()
        if isinstance(at, str)
    }


def of_stats(stats: object) -> dict[str, str]:
    """What Trakt's statistics say of changes, in the words of last_activities: all that is told of a public profile."""
    names = {"plays": "watched_at", "ratings": "rated_at", "comments": "commented_at", "collected": "collected_at"}
    told: dict[str, str] = {}
    for group, figures in stats.items() if isinstance(stats, dict) else ():
        for name, figure in figures.items() if isinstance(figures, dict) else ():
            if name in names:
                told[f"{group}.{names[name]}"] = str(figure)
            elif group == "network":
                told["account.followed_at"] = told["account.following_at"] = str(sorted(figures.items()))
    return told


def stamp(name: str, activities: Mapping[str, str]) -> str:
    """What a section goes by, as one text to compare."""
    return "|".join(activities.get(key, "?") for key in STAMPS[name])


def due(section: Section | None, now: int, current: str) -> bool:
    """Whether a section must be read.

    One that failed or is in doubt waits for its next try. Where Trakt is silent on what a section goes by (`?`), its age
    decides, and everything is read again once a day.
    """
    if section is None:
        return True
    if section.failed_at is not None:
        return now - section.failed_at >= RETRY
    if section.doubt_at is not None:
        return now - section.doubt_at >= SECOND_LOOK
    if section.synced_at is None or section.activity != current:
        return True
    age = now - section.synced_at
    return age >= _EVERYTHING or ("?" in current and age >= BLIND)
