"""Which sections of the library must be read, by what Trakt says changed last and by how old they are."""

from collections.abc import Mapping

from watchd.clock import DAY, HOUR, MINUTE, parse_iso
from watchd.model.library import Section
from watchd.rules.shrink import SECOND_LOOK

HISTORY = "history"
HISTORY_FULL = "history_full"
GHOSTS = "history_ghosts"
"""Not sections with rows: how far the history was read, when it was last read whole, and how many rows named nothing."""

OVERLAP = DAY
"""How far behind the last reading of the history the next one begins: what was added a little backdated comes with it."""
RETRY = 15 * MINUTE
RETRY_REFUSED = HOUR
BLIND = 6 * HOUR
REFUSED = "refused: "
"""How the reason begins with which Trakt itself would not give a section: asking again soon would not help."""
_EVERYTHING = DAY
_OWNER = "#"

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
    "up_next": (),
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


def owned(identity: str, current: str) -> str:
    """A stamp that is this user's alone: what was read of another is read anew."""
    return f"{identity}{_OWNER}{current}"


def same_owner(one: str | None, other: str) -> bool:
    """Whether two stamps may be of one user; a stamp that names nobody is of whoever is asked for."""
    mine, theirs = (text.partition(_OWNER)[0] for text in (one or "", other))
    return not (one and _OWNER in one and _OWNER in other) or mine == theirs


def newest(activities: Mapping[str, str]) -> int | None:
    """When something last changed (ms of Trakt's time), as far as the stamps are moments."""
    moments = [at for text in activities.values() if (at := _moment(text)) is not None]
    return max(moments, default=None)


def _moment(text: str) -> int | None:
    try:
        return parse_iso(text)
    except (ValueError, OverflowError):
        return None


def age_of(at: int, now: int) -> int | None:
    """How long ago a moment was (ms); None for one to come, which a clock that went wrong has left behind."""
    return None if at > now else now - at


def due(section: Section | None, now: int, current: str) -> bool:
    """Whether a section must be read.

    One that failed or is in doubt waits for its next try. Where Trakt is silent on what a section goes by (`?`), its age
    decides, and everything is read again once a day.
    """
    if section is None:
        return True
    if section.failed_at is not None:
        return _over(section.failed_at, now, RETRY_REFUSED if (section.failed or "").startswith(REFUSED) else RETRY)
    if section.doubt_at is not None:
        return _over(section.doubt_at, now, SECOND_LOOK)
    if section.synced_at is None or section.activity != current:
        return True
    return _over(section.synced_at, now, BLIND if "?" in current else _EVERYTHING)


def _over(at: int, now: int, wait: int) -> bool:
    age = age_of(at, now)
    return age is None or age >= wait
