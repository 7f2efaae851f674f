"""An evening before a screen, in no source's words: what happens, when, and where the item then stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

CLOSE = 0.6
"""Seconds between two events that may overtake each other on their way."""


class Cue(StrEnum):
    """What happens. `DONE` is the point at which a player calls an item watched; `END` is the last picture, `STOP` a key."""

    START = "start"
    TICK = "tick"
    PAUSE = "pause"
    SEEK = "seek"
    RESUME = "resume"
    DONE = "done"
    STOP = "stop"
    END = "end"


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` in seconds from the start, `position` in percent of the runtime; `heard` is when it arrives, if not at once."""

    at: float
    cue: Cue
    position: float
    paused: bool = False
    heard: float | None = None

    @property
    def arrives(self) -> float:
        return self.at if self.heard is None else self.heard


@dataclass
class Screen:
    """Writes down what happens on it; `runtime` in seconds."""

    runtime: float
    at: float = 0.0
    position: float = 0.0
    paused: bool = False
    moments: list[Moment] = field(default_factory=list)

    def cue(self, cue: Cue, *, after: float = 0.0) -> None:
        self.at += after
        self.paused = cue is Cue.PAUSE or (self.paused and cue is not Cue.RESUME)
        self.moments.append(Moment(self.at, cue, self.position, self.paused))

    def play(self, to: float, *, close: bool = False) -> None:
        """Let it play on, with ticks after 10, 20 and 30 seconds and then each minute; `close`: and one right before `to`."""
        begun, start = self.at, self.position
        span = (to - start) * self.runtime / 100
        ticks = [10.0, 20.0, 30.0, *(60.0 * number for number in range(1, int(span // 60) + 1))]
        if close:
            ticks = [CLOSE, *ticks, span - CLOSE]
        for tick in ticks:
            if tick < span - CLOSE / 2:
                self.moments.append(Moment(begun + tick, Cue.TICK, start + 100 * tick / self.runtime))
        self.at, self.position = begun + span, to

    def rest(self, seconds: float) -> None:
        """Stand still, with a tick each minute, as servers send that count a paused player as one."""
        for minute in range(1, int(seconds // 60)):
            self.moments.append(Moment(self.at + 60 * minute, Cue.TICK, self.position, paused=True))
        self.at += seconds

    def seek(self, to: float, *, after: float) -> None:
        self.position = to
        self.cue(Cue.SEEK, after=after)


def evening(runtime: float, *, stop: float = 95.0) -> list[Moment]:
    """Played to 30 %, paused, moved on to 50 %, resumed, complete at 90 %, stopped at 95 % (`stop`; 100 is the end)."""
    screen = Screen(runtime)
    screen.cue(Cue.START)
    screen.play(30)
    screen.cue(Cue.PAUSE)
    screen.rest(300)
    screen.seek(50, after=0)
    screen.cue(Cue.RESUME, after=10)
    screen.play(90)
    screen.cue(Cue.DONE)
    screen.play(stop)
    screen.cue(Cue.END if stop == 100 else Cue.STOP)
    return screen.moments


def hasty(runtime: float) -> list[Moment]:
    """An evening of hasty hands: whatever happens, something else happens within a second of it."""
    screen = Screen(runtime)
    screen.cue(Cue.START)
    screen.play(25, close=True)
    screen.cue(Cue.PAUSE)
    screen.cue(Cue.RESUME, after=CLOSE)
    screen.play(30)
    screen.cue(Cue.PAUSE)
    screen.seek(50, after=CLOSE)
    screen.rest(240)
    screen.seek(52, after=0)
    screen.cue(Cue.RESUME, after=CLOSE)
    screen.play(95 - 100 * CLOSE / runtime, close=True)
    screen.cue(Cue.DONE)
    screen.play(95)
    screen.cue(Cue.STOP)
    return screen.moments


def left_paused(runtime: float, position: float) -> list[Moment]:
    """Played up to a position, paused there, and left so."""
    screen = Screen(runtime)
    screen.cue(Cue.START)
    screen.play(position)
    screen.cue(Cue.PAUSE)
    screen.rest(600)
    return screen.moments


def stopped_at(runtime: float, position: float) -> list[Moment]:
    """Played up to a position and stopped."""
    screen = Screen(runtime)
    screen.cue(Cue.START)
    screen.play(position)
    screen.cue(Cue.STOP)
    return screen.moments


def silenced(moments: Iterable[Moment]) -> list[Moment]:
    """The same, and the stop never arrives."""
    return [moment for moment in moments if moment.cue not in (Cue.STOP, Cue.END)]


def doubled(moments: Iterable[Moment]) -> list[Moment]:
    """Each event told twice in a row."""
    return [again for moment in moments for again in (moment, replace(moment, heard=moment.arrives + 0.05))]


def overtaken(moments: Sequence[Moment], *, last: bool) -> list[Moment]:
    """Neighbours that come within a second of each other arrive in the wrong order.

    Of three that follow so on one another the first two change places, or with `last` the last two.
    """
    told = list(reversed(moments)) if last else list(moments)
    late: list[Moment] = []
    number = 0
    while number < len(told):
        pair = told[number : number + 2]
        if len(pair) == 2 and 0 < abs(pair[1].at - pair[0].at) < 1:
            first, second = sorted(pair, key=lambda moment: moment.at)
            late += [second, replace(first, heard=second.at + 0.3)]
            number += 2
        else:
            late.append(told[number])
            number += 1
    return sorted(late, key=lambda moment: moment.arrives)
