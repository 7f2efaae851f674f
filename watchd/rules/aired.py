"""What has aired, to the day: how many episodes, which comes next, and what of a show must be read anew."""

from collections.abc import Collection, Iterable, Sequence

from watchd.clock import DAY, HOUR, MINUTE
from watchd.model.aired import Part, ShowTold
from watchd.model.media import Episode, MediaIds
from watchd.rules.shapes import Json, episode

Place = tuple[int, int]

LIFETIME = 170 * DAY
"""TMDB's terms allow less than six months."""
RUNNING, OVER, UNKNOWN = DAY, 60 * DAY, 7 * DAY
_WHOLE = 59 * DAY
_LATELY = 14 * DAY
_RETRY, _LONGEST_RETRY = 10 * MINUTE, 12 * HOUR


def today(now: int) -> int:
    """Midnight, UTC, of the day."""
    return now - now % DAY


def aired(parts: Iterable[Part], now: int) -> list[Part]:
    """The episodes that have aired by today, in order, specials aside.

    One airs with the beginning of its day, UTC, for TMDB tells no hour. One without a day has aired if a later one has.
    """
    found, undated = list[Part](), list[Part]()
    for part in sorted(parts, key=lambda one: one.place):
        if part.season == 0:
            continue
        if part.day is None:
            undated.append(part)
        elif part.day <= now:
            found += [*undated, part]
            undated = []
    return found


def following(trakt: Json | None, parts: Sequence[Part], done: Collection[Place], count: int | None) -> Json | None:
    """The next episode, in Trakt's shape: what Trakt said unless it was watched since, else the first that aired after that.

    `parts` have aired, `done` are watched, `count` is how many Trakt says have aired in all. None: nothing comes next, or
    nobody knows.
    """
    if count is not None and len(done) >= count:
        return None
    said = _place(trakt)
    if said is not None and said not in done:
        return trakt
    after = said or (0, 0)
    part = next((one for one in parts if one.place > after and one.place not in done), None)
    return None if part is None else as_episode(part)


def numbered_alike(parts: Iterable[Part], done: Collection[Place]) -> bool:
    """Whether TMDB may number the episodes as those were that are watched: else its next one may be one that was seen."""
    return {one.place for one in parts}.issuperset(done)


def _place(told: Json | None) -> Place | None:
    season, number = (told or {}).get("season"), (told or {}).get("number")
    return (season, number) if isinstance(season, int) and isinstance(number, int) else None


def as_episode(part: Part) -> Json:
    """In Trakt's shape, with the one id that TMDB knows."""
    return episode(Episode(season=part.season, number=part.number, title=part.title, ids=MediaIds(tmdb=part.tmdb_id)))


def to_read(told: ShowTold, kept: Iterable[Part], now: int, whole_at: int | None) -> list[int]:
    """The seasons to be read: all now and then, else those TMDB counts otherwise than we do, and what airs these days."""
    seasons = [(number, count) for number, count in told.seasons if number > 0]
    if is_whole(now, whole_at):
        return [number for number, count in seasons if count]
    by_season: dict[int, list[Part]] = {}
    for part in kept:
        by_season.setdefault(part.season, []).append(part)
    last = max((number for number, _ in seasons), default=0)
    return [
        number
        for number, count in seasons
        if len(here := by_season.get(number, [])) != count or any(_moves(part, now, last) for part in here)
    ]


def is_whole(now: int, whole_at: int | None) -> bool:
    """Whether every season is to be read, whatever is kept of it."""
    return whole_at is None or now - whole_at >= _WHOLE


def _moves(part: Part, now: int, last: int) -> bool:
    """Whether TMDB may still learn its title or its day."""
    return part.season == last if part.day is None else part.day >= today(now) - _LATELY


def again(told: ShowTold | None, now: int) -> int:
    """When the show is to be asked for again."""
    if told is None:
        return now + UNKNOWN
    return now + (RUNNING if told.running else OVER)


def retry(tries: int, now: int) -> int:
    """When it is to be tried again after so many failures in a row."""
    return now + min(_LONGEST_RETRY, _RETRY << min(tries - 1, 10))
