"""What follows from the plays: which episodes make one show, its seasons, how far it is watched, and the sums of it all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from watchd.clock import iso, parse_iso
from watchd.model.media import Episode, Media, MediaIds, Show
from watchd.model.personal import Seen
from watchd.rules.media import conflicting, fold
from watchd.rules.shapes import Json, episode, show

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Telling:
    """A show as some of its episodes tell of it: sources know it by different ids."""

    show: Show
    plays: int
    last_watched_at: int
    last_updated_at: int
    media_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Aired:
    """What is told of a show: how many episodes have aired, and (by Trakt alone) since when it is watched anew."""

    episodes: int | None = None
    reset_at: str | None = None


NOT_TOLD = Aired()
NOT_FOUND: Mapping[int, int] = {}


@dataclass(slots=True)
class Watched:
    """A show that was watched, all tellings of it together."""

    show: Show
    plays: int = 0
    last_watched_at: int = -(2**63)
    last_updated_at: int = 0
    media_ids: list[int] = field(default_factory=list)

    def add(self, told: Telling) -> None:
        known = self.show
        year = known.year if known.year is not None else told.show.year
        self.show = Show(known.title or told.show.title, year, known.ids.merged(told.show.ids))
        self.plays += told.plays
        self.last_watched_at = max(self.last_watched_at, told.last_watched_at)
        self.last_updated_at = max(self.last_updated_at, told.last_updated_at)
        self.media_ids += told.media_ids

    def complete(self, found: Mapping[int, int]) -> None:
        """Add TMDB's id of the show where it was found for one of its rows and no source told it."""
        if found and self.show.ids.tmdb is None:
            tmdb_id = next((found[media_id] for media_id in self.media_ids if media_id in found), None)
            self.show = Show(self.show.title, self.show.year, self.show.ids.merged(MediaIds(tmdb=tmdb_id)))


def shows(tellings: Iterable[Telling], by_row: Mapping[int, int] = NOT_FOUND) -> list[Watched]:
    """The shows: tellings that share an id are one, else those of the same title and year whose ids do not contradict.

    `by_row` are TMDB's ids of shows that were found for rows of their episodes.
    """
    found: list[Watched] = []
    by_id: dict[tuple[str, int | str], Watched] = {}
    by_title: dict[str, list[Watched]] = {}
    for told in sorted(tellings, key=lambda one: -len(one.show.ids.items())):  # the best known first: the vague ones join them
        one = next((by_id[name] for name in told.show.ids.items() if name in by_id), None)
        title = fold(told.show.title)
        if one is None and title:
            one = next((other for other in by_title.get(title, ()) if _alike(other.show, told.show)), None)
        if one is None:
            one = Watched(told.show)
            found.append(one)
            by_title.setdefault(title, []).append(one)
        one.add(told)
        by_id.update(dict.fromkeys(told.show.ids.items(), one))
    for one in found:
        one.complete(by_row)
    return found


def _alike(one: Show, other: Show) -> bool:
    years = one.year is None or other.year is None or one.year == other.year
    return years and not conflicting(one.ids, other.ids)


_ORDERS: Mapping[str, Callable[[Watched], tuple[object, ...]]] = {
    "newest": lambda one: (-one.last_watched_at, -one.last_updated_at),
    "oldest": lambda one: (one.last_watched_at, one.last_updated_at),
    "plays": lambda one: (-one.plays, -one.last_watched_at),
    "title": lambda one: (fold(one.show.title), one.show.year or 0),
}


def ordered(found: Iterable[Watched], sort: str) -> list[Watched]:
    """In the order asked for; what is alike goes by title and then by its first row, so that pages are stable."""

    def key(one: Watched) -> tuple[object, ...]:
        return (*_ORDERS[sort](one), one.show.title or "", min(one.media_ids))

    return sorted(found, key=key)


def watched_show(one: Watched, episodes: Sequence[Seen], aired: Aired) -> Json:
    """A show with its seasons, each episode with its plays."""
    return {
        "plays": one.plays,
        "last_watched_at": iso(one.last_watched_at),
        "last_updated_at": iso(one.last_updated_at),
        "reset_at": aired.reset_at,
        "show": _shown(one.show, aired),
        "seasons": seasons(episodes),
    }


def _shown(told: Show, aired: Aired) -> Json:
    return show(told) | ({} if aired.episodes is None else {"aired_episodes": aired.episodes})


def seasons(episodes: Iterable[Seen]) -> list[Json]:
    """By number, specials first; an episode that is known by two rows is one."""
    places: dict[Place, tuple[int, int]] = {}
    for seen in episodes:
        if seen.season is not None and seen.number is not None:
            plays, last = places.get((seen.season, seen.number), (0, seen.last_watched_at))
            places[seen.season, seen.number] = (plays + seen.plays, max(last, seen.last_watched_at))
    found: dict[int, list[Json]] = {}
    for (season, number), (plays, last) in sorted(places.items()):
        found.setdefault(season, []).append({"number": number, "plays": plays, "last_watched_at": iso(last)})
    return [{"number": season, "episodes": those} for season, those in found.items()]


def newest(episodes: Iterable[Seen]) -> int | None:
    """The row of the episode that was watched last."""
    last = max(episodes, key=lambda seen: (seen.last_watched_at, seen.season or 0, seen.number or 0), default=None)
    return None if last is None else last.media_id


def completed(episodes: Iterable[Seen], aired: Aired) -> set[Place]:
    """The different episodes, specials aside; where the show is watched anew, those seen since then."""
    since = _moment(aired.reset_at)
    seen = (one for one in episodes if since is None or one.last_watched_at >= since)
    return {(one.season, one.number) for one in seen if one.season and one.number is not None}


def _moment(text: str | None) -> int | None:
    try:
        return None if text is None else parse_iso(text)
    except (TypeError, ValueError, OverflowError):  # passed on as Trakt gave it: what is no moment bounds nothing
        return None


def progress(one: Watched, episodes: Sequence[Seen], last: Media | None, aired: Aired, following: Json | None) -> Json:
    """How far a show is watched; `aired` is null where nobody has told how many episodes there are.

    `following` is the first aired episode that is not watched, in Trakt's shape; None: there is none, or none is known.
    """
    return {
        "show": _shown(one.show, aired),
        "progress": {
            "aired": aired.episodes,
            "completed": len(completed(episodes, aired)),
            "last_watched_at": iso(one.last_watched_at),
            "reset_at": aired.reset_at,
            "next_episode": following,
            "last_episode": episode(last) if isinstance(last, Episode) else None,
            "stats": {"play_count": one.plays},
        },
    }
