"""Where a play is: positions stated, remembered and reckoned. Percent 0-100; times in milliseconds since the epoch."""

from watchd.clock import SECOND
from watchd.model.playback import Action, Play, PlaybackEvent, PlayState
from watchd.rules.policy import runtime_of

NEARLY_DONE = 99.0
_PLAYING = (Action.START, Action.PROGRESS, Action.STOP)


def clamp(progress: float) -> float:
    return min(100.0, max(0.0, progress))


def event_time(event: PlaybackEvent, received_at: int) -> int:
    """When it happened: the event's own time, unless that lies in the future."""
    if event.at is None or event.at > received_at + 5 * SECOND:
        return received_at
    return min(event.at, received_at)


def advanced(progress: float, since: int, now: int, runtime: float) -> float:
    """`progress` moved on by the time played, never past 99: only the player can say that it is done."""
    if progress >= NEARLY_DONE:
        return progress
    return min(NEARLY_DONE, progress + max(0, now - since) / (runtime * 10.0))


def position(play: Play, now: int) -> float | None:
    """The progress at `now`: reckoned on while playing, frozen otherwise, None while it was never known."""
    if play.progress is None or play.state is not PlayState.PLAYING:
        return play.progress
    known = play.runtime or play.media.runtime
    return advanced(play.progress, play.progress_at, now, known) if known else play.progress


def expected_end(play: Play) -> int:
    """When a play that goes on undisturbed is over."""
    left = 1.0 - (play.progress or 0.0) / 100.0
    return play.progress_at + round(left * runtime_of(play.media, play.runtime) * 1000)


def stated(event: PlaybackEvent, play: Play | None, at: int) -> float | None:
    """The progress an event at `at` states by itself or with the duration we remember; None when it states none.

    A completion flag beats a small position: completed stops are known to carry position 0. A position that was true
    earlier is moved on by what was played since, short of the end.
    """
    if event.completed and event.action is not Action.START:
        return 100.0
    if event.progress is not None:
        return clamp(event.progress)
    if event.action is Action.WATCHED and not event.position:
        return None  # players that know no position say zero at the end
    duration = event.duration or (play.runtime if play else None) or event.media.runtime
    if event.position is None or not duration:
        return 0.0 if event.action is Action.START and event.position == 0 else None
    told = clamp(100.0 * event.position / duration)
    return round(advanced(told, at - _played_since(event, play, at), at, duration), 2)


def _played_since(event: PlaybackEvent, play: Play | None, at: int) -> int:
    """Milliseconds played since the position was true; none where it is that of a rest which the event ends."""
    if event.position_at is None or event.action not in _PLAYING:
        return 0
    rested = play is not None and play.state is not PlayState.PLAYING and event.position_at <= play.updated_at
    return 0 if rested else max(0, at - event.position_at)


def progress_of(event: PlaybackEvent, play: Play | None, now: int) -> float | None:
    """The best progress at an event: stated, else reckoned from what the play remembers, else 0 for a first start."""
    told = stated(event, play, now)
    if told is not None:
        return told
    if play is not None:
        return position(play, now)
    return 0.0 if event.action in (Action.START, Action.CHECKIN) else None
