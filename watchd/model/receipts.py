"""What became of what arrived: the raw event, its fate, and the receipt for its sender."""

from dataclasses import dataclass
from enum import StrEnum

from watchd.model.playback import Play


class Fate(StrEnum):
    """What became of a raw event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    REFUSED = "refused"
    MALFORMED = "malformed"
    INTERNAL = "internal"


class Step(StrEnum):
    """What an accepted event did to its play."""

    STARTED = "started"
    PAUSED = "paused"
    MOVED = "moved"
    STOPPED = "stopped"
    WATCHED = "watched"
    SWALLOWED = "swallowed"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"
    BUSY = "busy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RawEvent:
    """What arrived, as it arrived: `body` is redacted and bounded text, `received_at` ms since the epoch, `user` as it says."""

    account_id: int
    source: str
    received_at: int
    body: str
    verb: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the recorder answers once the event is committed.

    `play` is the play as it is now (None when there is none); `until` is set where the sender should wait: the end of a
    conflict window or of the running checkin, in milliseconds since the epoch.
    """

    event_id: int
    fate: Fate
    reason: str | None = None
    step: Step = Step.NONE
    play: Play | None = None
    until: int | None = None
