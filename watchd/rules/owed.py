"""What a destination is owed for a step of a play (design 7). Swallowed and silent steps owe nothing."""

from watchd.model.playback import Origin, Play
from watchd.model.receipts import Step
from watchd.model.relay import Verb

LIVE_FLOOR = 1.0
PAUSE_CEILING = 79.9
COMPLETE_FLOOR = 80.0

_VERBS = {
    Step.STARTED: Verb.START,
    Step.MOVED: Verb.START,
    Step.PAUSED: Verb.PAUSE,
    Step.STOPPED: Verb.STOP,
    Step.WATCHED: Verb.WATCHED,
    Step.CHECKED_IN: Verb.CHECKIN,
    Step.CANCELLED: Verb.UNCHECKIN,
}
OWED_ORIGINS = (Origin.HOOK, Origin.CHECKIN, Origin.MARK)


def owed(play: Play, step: Step) -> Verb | None:
    """The verb owed for `step`; None when nothing is. Only what happened here owes anything."""
    return _VERBS.get(step) if play.origin in OWED_ORIGINS else None


def clamped(verb: Verb, progress: float) -> float:
    """The progress Trakt takes for a verb: below 1 it answers 422, from 80 on a stop is a play, below 80 a pause."""
    if verb is Verb.WATCHED:
        return max(COMPLETE_FLOOR, min(100.0, progress))
    if verb in (Verb.PAUSE, Verb.STOP):
        return max(LIVE_FLOOR, min(PAUSE_CEILING, progress))
    return max(0.0, min(100.0, progress))
