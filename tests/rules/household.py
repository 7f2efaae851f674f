"""A household for the property tests: what was really watched, and the noisy events its media centers make of it.

Nothing here asks the rules anything: the truth comes first, the events follow from it.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from watchd.clock import MINUTE, SECOND
from watchd.model.media import Episode, Media, MediaIds, Movie, Show, label
from watchd.model.playback import Action, PlaybackEvent

START = 1_790_000_000_000
LEAST = 30 * SECOND
WATCHED_EVENT = 90.0


@dataclass(frozen=True, slots=True)
class Title:
    """An item under the descriptions that different sources have of it; each finds the others by the title."""

    runtime: int
    described: tuple[Media, ...]


def _movie(title: str, runtime: int, tmdb: int) -> Title:
    bare = Movie(title, 1995)
    return Title(
        runtime,
        (bare, replace(bare, ids=MediaIds(tmdb=tmdb), runtime=runtime / SECOND), replace(bare, ids=MediaIds(imdb=f"tt{tmdb}"))),
    )


def _episode(number: int, runtime: int) -> Title:
    bare = Episode(Show("Severance", 2022), 1, number)
    return Title(
        runtime,
        (
            bare,
            replace(bare, ids=MediaIds(tvdb=500 + number)),
            replace(bare, show=replace(bare.show, ids=MediaIds(tmdb=95396))),
        ),
    )


TITLES = (
    _movie("Heat", 170 * MINUTE, 949),
    _movie("Ponyo", 100 * MINUTE, 12429),
    _episode(1, 40 * MINUTE),
    _episode(2, 20 * MINUTE),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A media center and its habits."""

    name: str
    description: int
    sessions: bool
    beat: int | None
    """Milliseconds between heartbeats; None: it sends none."""
    positions: bool
    completes: bool
    """Whether it sends an event of its own at 90 %, without a position."""
    clocked: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Playing without a break, and the rest before the next one; `leaves` closes the item in between."""

    to: float
    rest: int
    leaves: bool


@dataclass(frozen=True, slots=True)
class Viewing:
    """Somebody watches a title from `begin` percent on, `gap` after the one before; told of by some sources."""

    title: int
    begin: float
    gap: int
    stretches: tuple[Stretch, ...]
    sources: tuple[Source, ...]
    credits_only: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """What really happened at `at`: `part` counts the times the item was opened."""

    at: int
    action: Action
    position: float
    part: int


@dataclass(frozen=True, slots=True)
class Told:
    """An event on its way: when it arrives, and what it says."""

    arrives: int
    event: PlaybackEvent
    viewing: int

    def __repr__(self) -> str:
        told = self.event
        own = "" if told.at is None else f", at {(told.at - START) / MINUTE:.2f}"
        return f"<{self.viewing}: {told.source} {told.session or ''} {told.action} {label(told.media)} {told.position}{own}>"


class Evening:
    """The viewings, when each began and ended, and what arrives of them, in that order.

    No dataclass: hypothesis would write all of it out, and finds that too long.
    """

    def __init__(self, viewings: tuple[Viewing, ...], spans: tuple[tuple[int, int], ...], told: tuple[Told, ...]) -> None:
        self.viewings = viewings
        self.spans = spans
        self.told = told

    def __repr__(self) -> str:
        return f"<Evening of {len(self.viewings)} viewings, {len(self.told)} events>"


def moments(viewing: Viewing, at: int) -> list[Moment]:
    """What happened in a viewing that began at `at`."""
    runtime = TITLES[viewing.title].runtime
    happened, position, part = [Moment(at, Action.START, viewing.begin, 0)], viewing.begin, 0
    for count, stretch in enumerate(viewing.stretches):
        at += max(LEAST, round((stretch.to - position) / 100 * runtime))
        position = stretch.to
        if count == len(viewing.stretches) - 1:
            happened.append(Moment(at, Action.STOP, position, part))
            break
        happened.append(Moment(at, Action.STOP if stretch.leaves else Action.PAUSE, position, part))
        at += stretch.rest
        part += stretch.leaves
        happened.append(Moment(at, Action.START, position, part))
    return happened


def heard(source: Source, viewing: Viewing, happened: list[Moment]) -> Iterator[Moment]:
    """What a source sends of it: heartbeats and its completion event lie between the others."""
    runtime = TITLES[viewing.title].runtime
    for before, after in itertools.pairwise(happened):
        yield before
        if before.action is not Action.START:
            continue
        extra = []
        if source.beat is not None:
            extra += [(at, Action.PROGRESS) for at in range(before.at + source.beat, after.at - LEAST // 2, source.beat)]
        crossing = before.at + round((WATCHED_EVENT - before.position) / 100 * runtime)
        if source.completes and before.position < WATCHED_EVENT < after.position:
            extra.append((min(crossing, after.at - SECOND), Action.WATCHED))
        for at, action in sorted(extra):
            yield Moment(at, action, min(after.position, before.position + (at - before.at) / runtime * 100), before.part)
    yield happened[-1]


def said(source: Source, viewing: Viewing, number: int, moment: Moment) -> PlaybackEvent:
    """The event a source makes of a moment."""
    title = TITLES[viewing.title]
    stating = source.positions and moment.action is not Action.WATCHED
    return PlaybackEvent(
        source=source.name,
        action=moment.action,
        media=title.described[source.description],
        position=moment.position / 100 * title.runtime / SECOND if stating else None,
        duration=title.runtime / SECOND,
        at=moment.at if source.clocked else None,
        session=f"{number}.{moment.part}" if source.sessions else None,
        player="tv",
    )


@st.composite
def sources(draw: st.DrawFn) -> tuple[Source, ...]:
    """One to three media centers that look at the same screen."""
    return tuple(
        Source(
            name=f"source{number}",
            description=draw(st.integers(0, 2)),
            sessions=draw(st.booleans()),
            beat=draw(st.sampled_from([None, None, 2 * MINUTE, 7 * MINUTE])),
            positions=draw(st.sampled_from([True, True, True, False])),
            completes=draw(st.booleans()),
            clocked=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 3)))
    )


@st.composite
def viewings(draw: st.DrawFn, telling: tuple[Source, ...], most: int) -> tuple[Viewing, ...]:
    """What was watched one after the other: first viewings, rewatches from the start, and returns into the credits."""
    made: list[Viewing] = []
    for _ in range(draw(st.integers(1, most))):
        before = made[-1] if made else None
        title = draw(st.integers(0, len(TITLES) - 1)) if before is None or draw(st.booleans()) else before.title
        gap = draw(st.sampled_from([LEAST, MINUTE, 5 * MINUTE, 15 * MINUTE, 55 * MINUTE, 3 * 60 * MINUTE, 20 * 60 * MINUTE]))
        some = tuple(source for source in telling if draw(st.sampled_from([True, True, False]))) or telling[:1]
        finished = before is not None and before.title == title and before.stretches[-1].to >= WATCHED_EVENT + 1
        if before is not None and finished and not before.credits_only and draw(st.sampled_from([False, False, True])):
            blind = any(source.sessions and not source.positions for source in some)
            near = gap < 0.3 * TITLES[title].runtime and not blind
            if near or (gap < 6 * 60 * MINUTE and all(source.positions for source in some)):
                begin = draw(st.floats(WATCHED_EVENT + 0.5, 95.0))
                made.append(Viewing(title, begin, gap, (Stretch(99.0, 0, leaves=False),), some, credits_only=True))
                continue
        begin = draw(st.sampled_from([0.0, 0.0, 0.0, 35.0])) if all(seen.title != title for seen in made) else 0.0
        points = sorted(draw(st.lists(st.floats(begin + 5, 99.5), min_size=1, max_size=4)))
        rests = [draw(st.sampled_from([LEAST, 3 * MINUTE, 25 * MINUTE, 2 * 60 * MINUTE])) for _ in points]
        sure = all(source.positions for source in some)
        parts = tuple(
            Stretch(round(to, 2), rest, draw(st.sampled_from([False, False, True])) and (sure or to < 70))
            for to, rest in zip(points, rests, strict=True)
        )
        made.append(Viewing(title, begin, gap, parts, some))
    return tuple(made)


@st.composite
def evenings(draw: st.DrawFn, most: int = 3) -> Evening:
    """Some viewings, and what arrives of them: late, twice or not at all."""
    seen = draw(viewings(draw(sources()), most))
    told: list[Told] = []
    spans: list[tuple[int, int]] = []
    at = START
    for number, viewing in enumerate(seen):
        at += viewing.gap
        happened = moments(viewing, at)
        spans.append((at, happened[-1].at))
        at = happened[-1].at
        patience = seen[number + 1].gap - LEAST if number + 1 < len(seen) else 60 * MINUTE
        known_before = any(other.title == viewing.title for other in seen[:number])
        for source in viewing.sources:
            told += draw(_deliveries(source, viewing, number, happened, patience, known_before))
    return Evening(seen, tuple(spans), tuple(sorted(told, key=lambda item: item.arrives)))


@st.composite
def _deliveries(
    draw: st.DrawFn, source: Source, viewing: Viewing, number: int, happened: list[Moment], patience: int, known_before: bool
) -> list[Told]:
    """What arrives of one source: each event with some delay, some twice, some never; a clocked one may send all in the end."""
    queue = source.clocked and patience > MINUTE and draw(st.sampled_from([False, False, True]))
    arrived: list[Told] = []
    for moment in heard(source, viewing, happened):
        if _may_be_lost(viewing, happened, moment, known_before) and draw(st.sampled_from([False, False, False, True])):
            continue
        arrives = moment.at + draw(st.sampled_from([0, 200, 1900]))
        if queue:
            arrives = happened[-1].at + min(patience, 10 * MINUTE) - MINUTE + 10 * len(arrived)
        event = said(source, viewing, number, moment)
        arrived.append(Told(arrives, event, number))
        twice = draw(st.sampled_from([None, None, None, 1, 3000, 7500]))
        if twice is not None:
            arrived.append(Told(arrives + (1 if queue else twice), event, number))
    return arrived


def _may_be_lost(viewing: Viewing, happened: list[Moment], moment: Moment, known_before: bool) -> bool:
    """Whether the truth can be told without it: no rest of weight goes unheard, no return looks like a new viewing."""
    if moment.action in (Action.PROGRESS, Action.WATCHED) or moment is happened[-1]:
        return True
    following = happened[happened.index(moment) + 1]
    if moment.action is Action.START:
        return not known_before and not viewing.credits_only and moment.position < 70
    return following.at - moment.at <= 0.05 * TITLES[viewing.title].runtime


def bounds(viewing: Viewing, number: int, told: tuple[Told, ...], threshold: float) -> tuple[int, int]:
    """How often a viewing may count at least and at most, by what arrived of it."""
    if viewing.credits_only:
        return 0, 0
    runtime = TITLES[viewing.title].runtime / SECOND
    mine = [item.event for item in told if item.viewing == number]
    stops = [event for event in mine if event.action is Action.STOP]
    points = [round(100 * event.position / runtime, 2) for event in stops if event.position is not None]
    if any(event.action is Action.WATCHED for event in mine) or max(points, default=0.0) >= threshold:
        return 1, 1
    finished = any(point == round(viewing.stretches[-1].to, 2) for point in points)
    return 0, int(not finished or any(event.position is None for event in stops))
