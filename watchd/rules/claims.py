"""Which row of Trakt's history is an outcome's own, leaving to other plays what is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass

from watchd.model.playback import Origin, Play
from watchd.model.relay import Delivery
from watchd.rules.plan import NEAR, fits, fits_sitting, in_sitting


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the history: its id, when it was watched in our time (ms), and which play has claimed it."""

    id: int
    at: int
    claimant: int | None = None


def ours(rows: Iterable[Row], delivery: Delivery, play: Play, awaiting: Iterable[Play], now: int) -> int | None:
    """The nearest fitting row that no other play claims, after those that await theirs were given the nearest one each."""
    left = [row for row in rows if row.claimant in (None, play.id)]
    for other in awaiting:
        nearest = _nearest(left, other.watched_at or 0)
        if nearest is not None and abs(nearest.at - (other.watched_at or 0)) <= NEAR:
            left.remove(nearest)
    if play.origin is Origin.CHECKIN:
        fitting = [row for row in left if in_sitting(play, row.at, now)]
    else:
        fitting = [row for row in left if fits(delivery, row.at) or fits_sitting(delivery, play, row.at)]
    nearest = _nearest(fitting, delivery.at)
    return nearest.id if nearest is not None else None


def _nearest(rows: Iterable[Row], moment: int) -> Row | None:
    return min(rows, key=lambda row: abs(row.at - moment), default=None)


def near(rows: Iterable[Row], moment: int) -> list[Row]:
    """Those watched at about that moment."""
    return [row for row in rows if abs(row.at - moment) <= NEAR]


def taken(play: Play, others: Iterable[Play], moment: int) -> bool:
    """Whether another play of the same media counted at about that moment."""
    counted = (other.watched_at for other in others if other.id != play.id)
    return any(at is not None and abs(at - moment) <= NEAR for at in counted)
