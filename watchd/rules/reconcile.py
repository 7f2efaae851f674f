"""Trakt's history rows and our plays: which are one viewing, and what became of those that are not told of any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from watchd.rules.plan import NEAR
from watchd.rules.shrink import SECOND_LOOK


@dataclass(frozen=True, slots=True)
class Told:
    """A row of Trakt's history of one media: its id, and when it was watched in our time (ms)."""

    id: int
    at: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A play of ours of the same media that no row is known of yet."""

    play_id: int
    at: int


def paired(rows: Iterable[Told], plays: Iterable[Kept]) -> dict[int, int]:
    """The play of each row that has one, one to one, the nearest first; a row without a date is nobody's."""
    ours = list(plays)
    near = sorted(
        (abs(row.at - play.at), row.id, play.play_id)
        for row in rows
        if row.at > NEAR
        for play in ours
        if abs(row.at - play.at) <= NEAR
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, row_id, play_id in near:
        if row_id not in found and play_id not in taken:
            found[row_id] = play_id
            taken.add(play_id)
    return found


class Fate(StrEnum):
    """What a full reading means for a play that is linked with a row of Trakt's."""

    SAME = "same"
    BACK = "back"
    MISSING = "missing"
    GONE = "gone"


def fate(*, told: bool, of_trakt: bool, missing_at: int | None, gone: bool, now: int) -> Fate:
    """Two full readings hours apart that lack it make a play of Trakt alone gone; one that came from here stays for good."""
    if told:
        return Fate.SAME if missing_at is None and not gone else Fate.BACK
    if missing_at is None or missing_at > now:  # a clock that went wrong has left a moment that is still to come
        return Fate.MISSING
    return Fate.GONE if of_trakt and not gone and now - missing_at >= SECOND_LOOK else Fate.SAME


def mismatch(linked: dict[str, int], ghosts: int, stats: object) -> dict[str, int]:
    """By how much Trakt counts more plays of movies and episodes than are linked here; empty when nothing is amiss.

    Rows that name nothing (`ghosts`) are counted there and kept nowhere.
    """
    found: dict[str, int] = {}
    for kind in ("movie", "episode"):
        told = stats.get(f"{kind}s") if isinstance(stats, dict) else None
        plays = told.get("plays") if isinstance(told, dict) else None
        if isinstance(plays, int) and plays != linked.get(kind, 0):
            found[kind] = plays - linked.get(kind, 0)
    return {} if sum(found.values()) == ghosts and all(more >= 0 for more in found.values()) else found
