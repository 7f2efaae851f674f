"""The few numbers the playback rules turn on, in one place."""

from dataclasses import dataclass
from typing import Literal

from watchd.clock import HOUR, MINUTE, SECOND
from watchd.model.media import Media, MediaType

FALLBACK_RUNTIME = {MediaType.MOVIE: 2 * 3600.0, MediaType.EPISODE: 45 * 60.0}

LONGEST = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds in percent, spans in milliseconds."""

    threshold: float = 80.0
    repeat_window: int = 10 * SECOND
    slack: int = 10 * MINUTE
    """How far apart two sources may be, and how long after a stop the same item still belongs to the same sitting."""
    end_slack: int = 2 * MINUTE
    """How long after its expected end a silent play is closed."""
    settle_window: int = 30 * SECOND
    """How long after a stop a late heartbeat is taken for a straggler rather than for playing on."""
    paused_limit: int = 12 * HOUR
    silent_limit: int = 4 * HOUR
    """When a playing play of unknown length is given up."""
    seek_points: float = 3.0
    """A start that differs by more percent from the reckoned position is a seek, worth telling."""
    seek_span: int = 90 * SECOND
    marks: Literal["new", "always", "never"] = "new"
    """When an item marked by hand counts: if it has no play yet, whenever it is marked, or not at all."""
    ratings: bool = True


def runtime_of(media: Media, known: float | None = None) -> float:
    """Seconds the item lasts, at most a day; a usual length of its kind where nobody has told."""
    return min(known or media.runtime or FALLBACK_RUNTIME[media.type], LONGEST)
