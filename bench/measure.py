"""Pairs of figures taken in turn, and what they come to."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of everything: plays in the store, pairs of laps, work in a lap, seconds of rest, plays to be synced."""

    plays: int
    library: int
    pairs: int
    reads: int
    sittings: int
    starts: int
    rest: float
    synced: int


FULL = Effort(plays=100_000, library=28_000, pairs=11, reads=400, sittings=15, starts=9, rest=6.0, synced=100_000)
QUICK = Effort(plays=100_000, library=14_000, pairs=3, reads=100, sittings=3, starts=3, rest=2.0, synced=15_000)
TINY = Effort(plays=40, library=60, pairs=1, reads=3, sittings=1, starts=1, rest=0.0, synced=300)


@dataclass(frozen=True, slots=True)
class Measured:
    """Ours and the floor's, as medians, with the ratio of each pair; `note` says what else is worth knowing."""

    ours: float
    bare: float
    ratios: tuple[float, ...]
    note: str = ""

    @property
    def ratio(self) -> float:
        return median(self.ratios)


def in_turn(pairs: int, ours: Callable[[int], float], bare: Callable[[int], float], note: Callable[[], str]) -> Measured:
    """Measure both once per pair, every other pair in the other order, after one pair that does not count.

    Each is called with the number of the pair.
    """
    ours(0)
    bare(0)
    taken: list[tuple[float, float]] = []
    for number in range(1, pairs + 1):
        if number % 2:
            mine = ours(number)
            taken.append((mine, bare(number)))
        else:
            theirs = bare(number)
            taken.append((ours(number), theirs))
    return Measured(
        ours=median(mine for mine, _ in taken),
        bare=median(theirs for _, theirs in taken),
        ratios=tuple(mine / theirs for mine, theirs in taken),
        note=note(),
    )
