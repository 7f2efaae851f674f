"""How often a media server is asked what it plays, and after how long its word is not believed any more."""

from dataclasses import dataclass

from watchd.clock import MINUTE, SECOND
from watchd.rules.watch import Habits

_FIRST = 2.0
_IDLE_MOST = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: between two looks while something plays, at most while the server is away, and while it refuses us."""

    every: float = 10.0
    away: float = 300.0
    refused: float = 300.0

    @property
    def idle(self) -> float:
        """At most between two looks while nothing plays."""
        return max(self.every, min(3 * self.every, _IDLE_MOST))

    def rest(self, *, busy: bool, idle_looks: int, failures: int, jitter: float) -> float:
        """Until the next look: ever longer while nothing plays or no answer comes; `jitter` lies between 0 and 1."""
        if failures:
            return min(_FIRST * 2.0 ** min(failures - 1, 12), self.away) * (0.75 + 0.25 * jitter)
        return self.every if busy else min(self.every * (1 + idle_looks / 4), self.idle)


PACES = {"kodi": Pace(every=5.0, away=60.0)}  # it is off whenever nobody sits before it, and to be seen soon when it is on
HABITS = {
    "plex": Habits(stall=120 * SECOND),
    "jellyfin": Habits(stall=60 * SECOND),
    "emby": Habits(stall=60 * SECOND),
    "kodi": Habits(dies=5 * MINUTE),
}
