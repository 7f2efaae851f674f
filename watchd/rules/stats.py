"""The stats: counted from the plays, completed by what only Trakt can count."""

from collections.abc import Mapping
from dataclasses import dataclass

from watchd.rules.shapes import Json


@dataclass(frozen=True, slots=True)
class Sums:
    """Of all movies or all episodes: plays, different ones, the minutes of plays whose length is known, the other plays."""

    plays: int = 0
    watched: int = 0
    minutes: int = 0
    unmeasured: int = 0


_MEDIA = ("plays", "watched", "minutes", "collected", "ratings", "comments")
_SHOWS = ("watched", "collected", "ratings", "comments")
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "movies": _MEDIA,
    "shows": _SHOWS,
    "seasons": ("ratings", "comments"),
    "episodes": _MEDIA,
    "network": ("friends", "followers", "following"),
}
RATINGS = tuple(map(str, range(1, 11)))


def stats(movies: Sums, episodes: Sums, shows: int, rated: Mapping[tuple[str, int], int], trakt: Json | None) -> Json:
    """`rated` counts our own ratings by type and value, and is asked only where Trakt's stats are not known."""
    told = trakt or {}
    found: Json = {}
    for name, members in _GROUPS.items():
        group = told.get(name)
        known = group if isinstance(group, dict) else {}
        found[name] = dict.fromkeys(members, 0) | known
    _count(found, "movies", movies)
    _count(found, "episodes", episodes)
    _set(found, "shows", watched=shows)
    ratings = told.get("ratings")
    if isinstance(ratings, dict):
        found["ratings"] = ratings
    else:
        found["ratings"] = {"total": sum(rated.values()), "distribution": _distribution(rated)}
        for kind in ("movie", "episode"):
            _set(found, f"{kind}s", ratings=sum(count for (of, _), count in rated.items() if of == kind))
    return found | {name: value for name, value in told.items() if name not in found}


def _count(found: Json, name: str, sums: Sums) -> None:
    group = found[name]
    known = group.get("minutes") if isinstance(group, dict) else 0
    least = known if sums.unmeasured and isinstance(known, int) else 0  # Trakt may know lengths that we do not
    _set(found, name, plays=sums.plays, watched=sums.watched, minutes=max(sums.minutes, least))


def _set(found: Json, name: str, **values: int) -> None:
    group = found[name]
    if isinstance(group, dict):
        group |= values


def _distribution(rated: Mapping[tuple[str, int], int]) -> dict[str, int]:
    counts = dict.fromkeys(RATINGS, 0)
    for (_, rating), count in rated.items():
        counts[str(rating)] = counts.get(str(rating), 0) + count
    return counts
