"""What to do with a debt now: send it, by which method, after reading back, or let it go (design 7). All times in ms."""

from dataclasses import dataclass
from enum import StrEnum

from watchd.clock import DAY, HOUR, MINUTE, SECOND
from watchd.model.playback import Play, PlayState
from watchd.model.relay import Delivery, Verb
from watchd.rules.policy import runtime_of
from watchd.rules.progress import expected_end

LIVE_SPAN = 3 * MINUTE
"""How long a watched stop may still be told as happening now: Trakt dates it itself."""
RESUME_SPAN = HOUR
"""How long a pause or resume position is worth telling."""
READ_LAG = 10 * SECOND
"""How long Trakt may need until a write can be read."""
IN_FLIGHT = 2 * MINUTE
"""How long a request that nobody answered may still be worked on: the history takes every copy, a scrobble only one."""
NEAR = 2 * MINUTE
SITTING_SLACK = 30 * MINUTE
"""How far from a sitting's ends another scrobbler may have dated it."""
UNIDENTIFIED_SPAN = 30 * DAY
HISTORY = "sync/history"


class Move(StrEnum):
    SEND = "send"
    READ_BACK = "read_back"
    SUPERSEDE = "supersede"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Plan:
    """`method` is how to send; after READ_BACK it is how to send if nothing is found. `until` belongs to WAIT."""

    move: Move
    method: str = ""
    reason: str = ""
    until: int = 0


def plan(delivery: Delivery, play: Play, now: int, *, newest_sent: int, tried: bool, pause_verb: str) -> Plan:
    """The next move for a due delivery.

    `newest_sent` is the time of the newest event the account has told Trakt of; `tried` says that Trakt may have this
    outcome already (an earlier attempt, or a checkin of the same play).
    """
    overtaken = newest_sent > delivery.at
    if delivery.verb is Verb.WATCHED:
        return _outcome(delivery, now, overtaken, tried)
    if overtaken:
        return Plan(Move.SUPERSEDE, reason="something newer was sent")
    if delivery.verb is Verb.START:
        if play.state is not PlayState.PLAYING or play.watched_at is not None:
            return Plan(Move.SUPERSEDE, reason="not being watched any more")
        return Plan(Move.SEND, "scrobble/start")
    if delivery.verb is Verb.CHECKIN:
        if not play.open or now >= expected_end(play):
            return Plan(Move.SUPERSEDE, reason="the checkin is over")
        if now - delivery.at > LIVE_SPAN:
            return Plan(Move.SUPERSEDE, reason="late: it goes to the history at its end")
        return Plan(Move.SEND, "checkin")
    if delivery.verb is Verb.UNCHECKIN:
        if now - delivery.at > RESUME_SPAN or now >= play.started_at + round(runtime_of(play.media, play.runtime) * SECOND):
            return Plan(Move.SUPERSEDE, reason="the checkin is over")
        return Plan(Move.SEND, "checkin/delete")
    if now - delivery.at > RESUME_SPAN:
        return Plan(Move.SUPERSEDE, reason="past its use")
    return Plan(Move.SEND, "scrobble/pause" if delivery.verb is Verb.PAUSE and pause_verb == "pause" else "scrobble/stop")


def _outcome(delivery: Delivery, now: int, overtaken: bool, tried: bool) -> Plan:
    late = now - delivery.at > LIVE_SPAN or overtaken or delivery.sent_as == HISTORY
    method = HISTORY if late else "scrobble/stop"
    rest = IN_FLIGHT if late else READ_LAG
    if delivery.last_sent_at is not None and now < delivery.last_sent_at + rest:
        return Plan(Move.WAIT, method, "letting Trakt's reading catch up", delivery.last_sent_at + rest)
    return Plan(Move.READ_BACK if tried or late else Move.SEND, method)


def is_unsent_mark(delivery: Delivery) -> bool:
    """Whether it was marked by hand and not told yet: from the beginning it may only go to the history."""
    return delivery.sent_as == HISTORY and delivery.attempts == 0


def read_window(delivery: Delivery, play: Play) -> tuple[int, int]:
    """Where the row of an outcome may lie, in our time: around its moment, and around every attempt."""
    first = min(delivery.at, delivery.first_sent_at or delivery.at)
    last = max(delivery.at, delivery.last_sent_at or delivery.at, play.watched_at or delivery.at)
    if untold(delivery):
        start, end = _sitting(delivery, play)
        return min(first - NEAR, start), max(last + NEAR, end)
    return first - NEAR, last + NEAR


def untold(delivery: Delivery) -> bool:
    """Whether this is the first word to Trakt of a sitting, as after a backfill: another scrobbler may have told of it."""
    return delivery.seq == 1 and delivery.attempts == 0


def fits_sitting(delivery: Delivery, play: Play, moment: int) -> bool:
    """Whether a row at `moment` (our time) can be another scrobbler's word of a sitting we told nothing of."""
    start, end = _sitting(delivery, play)
    return untold(delivery) and start <= moment <= end


def _sitting(delivery: Delivery, play: Play) -> tuple[int, int]:
    return play.started_at - SITTING_SLACK, max(delivery.at, play.watched_at or 0, play.ended_at or 0) + SITTING_SLACK


def fits(delivery: Delivery, moment: int) -> bool:
    """Whether a row of the history at `moment` (our time) can be this outcome: near its moment, or within the attempts."""
    if abs(moment // MINUTE - delivery.at // MINUTE) * MINUTE <= NEAR:
        return True
    if delivery.first_sent_at is None or delivery.last_sent_at is None:
        return False
    return delivery.first_sent_at - NEAR <= moment <= delivery.last_sent_at + NEAR


def in_sitting(play: Play, moment: int, now: int) -> bool:
    """Whether a scrobble at `moment` (our time) belongs to this sitting."""
    return play.started_at - NEAR <= moment <= now + NEAR


def backoff(tries: int, jitter: float) -> int:
    """Milliseconds to wait after the `tries`-th failure in a row: growing to five minutes, spread by `jitter` (0..1)."""
    return round(min(5 * MINUTE, (2 * SECOND) << min(tries, 8)) * (0.8 + 0.4 * jitter))
