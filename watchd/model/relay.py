"""What is owed to a destination, and in which state the debt is."""

from dataclasses import dataclass
from enum import StrEnum

TRAKT = "trakt"


class Verb(StrEnum):
    """What a delivery tells the destination. `WATCHED` is the one outcome that is unique per sitting."""

    START = "start"
    PAUSE = "pause"
    STOP = "stop"
    WATCHED = "watched"
    CHECKIN = "checkin"
    UNCHECKIN = "uncheckin"


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    HELD = "held"
    UNIDENTIFIED = "unidentified"
    DEAD = "dead"


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.HELD, DeliveryState.UNIDENTIFIED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing owed to one destination. Times are milliseconds since the epoch, `progress` is percent.

    `sent_as` is the method last written ahead (`scrobble/stop`, `sync/history`, ...); `first_sent_at` and `last_sent_at`
    bound the moments at which the destination may have done the work.
    """

    id: int
    account_id: int
    play_id: int
    destination: str
    seq: int
    verb: Verb
    state: DeliveryState
    at: int
    progress: float
    attempts: int = 0
    due_at: int = 0
    sent_as: str | None = None
    first_sent_at: int | None = None
    last_sent_at: int | None = None
    settled_at: int | None = None
    history_id: int | None = None
    status: int | None = None
    answer: str | None = None
    reason: str | None = None
