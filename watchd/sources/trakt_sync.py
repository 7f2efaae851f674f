"""The bodies of Trakt's calls that write history and ratings: many items, named in lists and within shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from watchd.clock import parse_iso
from watchd.errors import MalformedPayload
from watchd.model.media import NO_IDS, Episode, Media, Movie, Show, identifiable
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent
from watchd.sources.fields import decimal, section, split_year, text, whole, wrong, year
from watchd.sources.ids import read_ids
from watchd.sources.trakt import SOURCE

Fields = dict[str, object]

VERBS: Final = {"history": Action.MARK_WATCHED, "ratings": Action.RATE}
KINDS = ("movies", "shows", "seasons", "episodes")
MOST_ITEMS = 2000
_TIMES = {"history": "watched_at", "ratings": "rated_at"}
_NO_DATE = ("unknown", "released")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a body: what it means, and the body as it would be with this item alone."""

    event: PlaybackEvent
    alone: Fields


@dataclass(slots=True)
class Batch:
    """What a body holds; `not_found` are the entries no movie or episode can be made of, as they came, by `KINDS`.

    `why` is the reason for the last of these: a body may hold nothing else, and is understood and ignored then.
    """

    items: list[Item] = field(default_factory=list)
    not_found: dict[str, list[object]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    why: IgnoreReason = IgnoreReason.NO_METADATA


@dataclass(frozen=True, slots=True)
class _Named:
    """A media with the fields beside it; those of its season and show stand in for a time it has none of its own for."""

    media: Media
    fields: tuple[Fields, ...]
    alone: Fields


def parse_many(verb: str, payload: object) -> tuple[PlaybackEvent | Ignored, ...]:
    """What a call of `verb` (a key of `VERBS`) says, item by item; ignored when there is none that could be found."""
    found = batch(verb, payload)
    return tuple(item.event for item in found.items) or (Ignored(found.why),)


def batch(verb: str, payload: object) -> Batch:
    """The items of a call of `verb`; MalformedPayload when it has no list of items, or too many of them."""
    if not isinstance(payload, dict):
        raise wrong("the body")
    if not any(kind in payload for kind in KINDS):
        raise MalformedPayload("no_item", "the body has no list of movies, shows or episodes")
    found = Batch()
    for kind in KINDS:
        for entry in _entries(payload, kind):
            named = list(_NAMED[kind](entry))
            if sum(map(len, found.not_found.values())) + len(found.items) + len(named) > MOST_ITEMS:
                raise MalformedPayload("too_many", f"the body has more than {MOST_ITEMS} items")
            events = [_event(verb, one) for one in named]
            items = [
                Item(event, one.alone) for one, event in zip(named, events, strict=True) if isinstance(event, PlaybackEvent)
            ]
            found.items.extend(items)
            if not items:
                found.not_found[kind].append(entry)
                found.why = next((why for why in events if isinstance(why, IgnoreReason)), IgnoreReason.UNSUPPORTED_TYPE)
    return found


def _entries(holder: Fields, name: str) -> list[Fields]:
    value = holder.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise wrong(name)
    return value


def _event(verb: str, named: _Named) -> PlaybackEvent | IgnoreReason:
    if not identifiable(named.media):
        return IgnoreReason.UNIDENTIFIABLE
    times = [beside[_TIMES[verb]] for beside in named.fields if _TIMES[verb] in beside]
    rating = None
    if verb == "ratings":
        rating = decimal(named.fields[0].get("rating"), "rating")
        if rating is None or not 1 <= rating <= 10:
            return IgnoreReason.NO_RATING
    return PlaybackEvent(SOURCE, VERBS[verb], named.media, at=_moment(times[0]) if times else None, rating=rating)


def _moment(value: object) -> int | None:
    """What was sent as a time; like Trakt, 0 for one that is not known, and now (None) for what is no time."""
    if value in _NO_DATE:
        return 0
    try:
        return max(0, parse_iso(value)) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _movies(entry: Fields) -> Iterator[_Named]:
    ids = read_ids(section(entry.get("ids"), "movies.ids"))
    movie = Movie(text(entry.get("title"), "title"), year(entry.get("year"), "year"), ids)
    yield _Named(movie, (entry,), {"movies": [entry]})


def _episodes(entry: Fields) -> Iterator[_Named]:
    show = _show(section(entry.get("show"), "episodes.show"))
    yield _Named(_episode(show, entry.get("season"), entry), (entry,), {"episodes": [entry]})


def _shows(entry: Fields) -> Iterator[_Named]:
    """The episodes that are named; a show or season that names none means all there are, and those are not known here."""
    show, head = _show(entry), {name: value for name, value in entry.items() if name != "seasons"}
    for season in _entries(entry, "seasons"):
        above = {name: value for name, value in season.items() if name != "episodes"}
        for episode in _entries(season, "episodes"):
            alone: Fields = {"shows": [head | {"seasons": [above | {"episodes": [episode]}]}]}
            yield _Named(_episode(show, season.get("number"), episode), (episode, season, entry), alone)


def _seasons(_entry: Fields) -> Iterator[_Named]:
    yield from ()


_NAMED = {"movies": _movies, "shows": _shows, "seasons": _seasons, "episodes": _episodes}


def _show(entry: Fields) -> Show:
    title, since = split_year(text(entry.get("title"), "show.title"))
    return Show(title, year(entry.get("year"), "show.year") or since, read_ids(section(entry.get("ids"), "show.ids")))


def _episode(show: Show, season: object, entry: Fields) -> Episode:
    ids = entry.get("ids")
    return Episode(
        show=show,
        season=whole(season, "season"),
        number=whole(entry.get("number"), "number"),
        number_abs=whole(entry.get("number_abs"), "number_abs"),
        title=text(entry.get("title"), "title"),
        ids=read_ids(section(ids, "episode.ids")) if ids else NO_IDS,
    )
