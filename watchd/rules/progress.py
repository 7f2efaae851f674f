"""Where a play is: positions stated, remembered and reckoned. Percent 0-100; times in milliseconds since the epoch."""

from watchd.model.playback import Action, Play, PlaybackEvent, PlayState
from watchd.rules.policy import runtime_of

NEARLY_DONE = 99.0


def clamp(progress: float) -> float:
    return min(100.0, max(0.0, progress))


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


def stated(event: PlaybackEvent, play: Play | None) -> float | None:
    """The progress an event states by itself or with the duration we remember; None when it states none.

    A completion flag beats a small position: completed stops are known to carry position 0.
    """
    if event.completed and event.action is not Action.START:
        return 100.0
    if event.progress is not None:
        return clamp(event.progress)
    duration = event.duration or (play.runtime if play else None) or event.media.runtime
    if event.position is not None and duration:
        return clamp(round(100.0 * event.position / duration, 2))
    return None


def progress_of(event: PlaybackEvent, play: Play | None, now: int) -> float | None:
    """The best progress at an event: stated, else reckoned from what the play remembers, else 0 for a first start."""
    told = stated(event, play)
    if told is not None:
        return told
    if play is not None:
        return position(play, now)
    return 0.0 if event.action in (Action.START, Action.CHECKIN) else None
