"""One viewing of a file of several episodes: where in it an event stands, and what lies between that and the last one heard."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from watchd.model.media import Media
from watchd.model.playback import Action, Play, PlaybackEvent, PlayState
from watchd.rules.parts import Part
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import NEARLY_DONE, clamp, stated

_TAKES_THE_PLAYER = (Action.START, Action.PROGRESS)
_PASSED = 99.9
"""Where an episode is said to be that counted before it was reached: there no second viewing begins."""


@dataclass(frozen=True)
class File:
    """A file at an event: its episodes, and the plays that this viewing of it has made so far."""

    event: PlaybackEvent
    at: int
    parts: tuple[Media, ...]
    sitting: Mapping[int, Play]
    policy: Policy

    @cached_property
    def last(self) -> int | None:
        """The episode it was in when it was last heard of."""
        found = self.sitting.items()
        return max(found, key=lambda item: (item[1].open, item[1].progress_at, -item[0]))[0] if found else None

    @property
    def count(self) -> int:
        return len(self.parts)

    @cached_property
    def length(self) -> float | None:
        """Seconds each episode lasts, None while nobody has told."""
        known = next((play.runtime for play in self.sitting.values() if play.runtime), None)
        return self.event.duration / self.count if self.event.duration else known or self.parts[0].runtime

    @property
    def span(self) -> float:
        """Milliseconds each episode lasts, by the usual length where nobody has told."""
        return runtime_of(self.parts[0], self.length) * 1000

    @cached_property
    def told(self) -> float | None:
        """The percent of the whole file that the event states."""
        duration = self.length * self.count if self.length else None
        known = self.sitting[self.last] if self.last is not None else None
        whole = None if known is None else replace(known, runtime=duration)
        return stated(replace(self.event, duration=duration), whole, self.at)

    @cached_property
    def reckoned(self) -> float | None:
        """The percent of the whole file by what was last heard; a start after the end begins at the beginning."""
        if self.last is None or (play := self.sitting[self.last]).progress is None:
            return 0.0 if self.event.action is Action.START else None
        passed = max(0, self.at - play.progress_at) / self.span * 100 if play.state is PlayState.PLAYING else 0.0
        place = min(NEARLY_DONE, (self.last * 100 + (play.progress or 0.0) + passed) / self.count)
        over = self.event.action is Action.START and not play.open and place >= self.policy.threshold
        return 0.0 if over else place

    def number(self, place: float) -> int:
        return min(self.count - 1, int(place * self.count / 100 + 1e-9))

    def local(self, number: int, place: float) -> float:
        """The progress of an episode; one that counted with the end of the whole begins no second viewing on its way there."""
        return _PASSED if self._counted(number, place) else round(clamp(place * self.count - 100 * number), 2)

    def _counted(self, number: int, place: float) -> bool:
        play = self.sitting.get(number)
        return play is not None and play.watched_at is not None and place >= self.policy.threshold

    def part(self, number: int, action: Action, at: int, progress: float | None) -> Part:
        play = self.sitting.get(number)
        event = replace(
            self.event,
            action=action,
            media=self.parts[number],
            progress=progress,
            position=None,
            position_at=None,
            duration=self.length,
            completed=False,
        )
        return Part(event, at, play.id if play is not None else None, self.count - 1 - number)

    def ends(self, number: int) -> int:
        """When an episode ended or ends, played on from where the file was last heard of."""
        if self.last is None:
            return self.at
        play = self.sitting[self.last]
        left = (number - self.last) + 1 - (play.progress or 0.0) / 100
        return play.progress_at + round(left * self.span)

    def through(self, first: int, beyond: int) -> Iterator[Part]:
        """Episodes played through: each begins where the one before ended, and ends in its time."""
        for number in range(first, beyond):
            if number != self.last:
                yield self.part(number, Action.START, min(self.at, self.ends(number - 1)), 0.0)
            yield self.part(number, Action.STOP, min(self.at, self.ends(number)), 100.0)

    def moved(self, action: Action, place: float | None) -> tuple[Part, ...]:
        """The event at its place, after what lies between that and the last one heard."""
        if place is None:
            return (self.part(self.last or 0, action, self.at, None),)
        number, before = self.number(place), tuple[Part, ...]()
        play = self.sitting[self.last] if self.last is not None else None
        if self.last is not None and play is not None and play.open and number != self.last and self.at >= play.updated_at:
            if self.last * 100 / self.count - self.policy.seek_points <= place < self.last * 100 / self.count:
                number, place = self.last, self.last * 100 / self.count
            else:
                before = tuple(self._between(self.last, number, place, action))
                action = Action.START if action is Action.PROGRESS else action  # no late tick: it really went there
        progress = self.local(number, place) if self.told is not None or not before else None
        return (*before, self.part(number, action, self.at, progress))

    def _between(self, last: int, number: int, place: float, action: Action) -> Iterator[Part]:
        slack = min(self.policy.end_slack, self.span / 4)
        playing = self.sitting[last].state is PlayState.PLAYING
        if number > last and playing and self.at >= self.ends(number - 1) - slack:
            yield from self.through(last, number)
            begun = min(self.at, self.ends(number - 1))
            yield self.part(number, Action.START, begun, self._entered(number, place))
            return
        if number < last and not self._counted(last, 100.0):  # sought back: what was reached of the later one is given up
            yield self.part(last, Action.PROGRESS, self.at, 0.0)
        if self._counted(number, 100.0):
            yield self.part(number, Action.START, self.at, self._entered(number, place))
        elif action not in _TAKES_THE_PLAYER:
            yield self.part(number, Action.START, self.at, self.local(number, place))

    def _entered(self, number: int, place: float) -> float:
        """Where an episode is entered first: the time since it was left was spent on others, and is no progress of its own."""
        play = self.sitting.get(number)
        if play is not None and play.watched_at is not None and play.again_at is not None:
            return play.progress or 0.0
        return _PASSED if self._counted(number, place) else 0.0

    def completed(self, place: float) -> tuple[Part, ...]:
        """The whole is done: every episode of this viewing ends, those before the place at the moment at which they ended."""
        here = self.number(place)
        begun = min((play.started_at for play in self.sitting.values()), default=0)
        done: list[Part] = []
        for number in range(min(self.sitting, default=0), self.count):
            play = self.sitting.get(number)
            if number == here or (play is not None and play.watched_at is not None and not play.open):
                continue
            since = max(0.0, place / 100 * self.count - number - 1) * self.span
            ended = max(self.at - round(since), begun, play.updated_at if play is not None else 0)
            done.append(self.part(number, Action.STOP, min(self.at, ended), 100.0))
        stating = self.event.action is Action.STOP or self.told is not None
        progress = max(self.policy.threshold, self.local(here, place)) if stating else None
        return (*done, self.part(here, self.event.action, self.at, progress))
