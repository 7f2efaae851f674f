"""How plays end without a stop: by silence, by another item on the same player, by the end of a checkin."""

from dataclasses import replace

from watchd.model.media import Media
from watchd.model.playback import Origin, Play, PlayState, Step
from watchd.rules.media import follows
from watchd.rules.policy import Policy
from watchd.rules.progress import expected_end
from watchd.rules.tracker import Outcome


def ends_at(play: Play, policy: Policy) -> int:
    """When silence ends an open play (ms): after its expected end, or after a limit while paused or of unknown length."""
    if play.origin is Origin.CHECKIN:
        return expected_end(play)
    if play.state is PlayState.PAUSED:
        return play.updated_at + policy.paused_limit
    if not (play.runtime or play.media.runtime):
        return play.updated_at + policy.silent_limit
    return max(expected_end(play), play.updated_at) + policy.end_slack


def settle(play: Play, now: int, policy: Policy) -> Outcome | None:
    """The end of an open play that has been silent too long; None while it is not due.

    Watched only if it was playing and something reported had put it at the threshold; a checkin counts when its runtime
    has passed. Otherwise its last position is kept.
    """
    if not play.open or now < ends_at(play, policy):
        return None
    end = min(now, expected_end(play))
    if play.watched_at is not None:
        return Outcome(_stopped(play, max(end, play.watched_at)), Step.SWALLOWED)
    if play.origin is Origin.CHECKIN:
        done = replace(_stopped(play, end), progress=100.0, progress_at=end, watched_at=end)
        return Outcome(done, Step.WATCHED)
    if play.state is PlayState.PLAYING and (play.reported or 0.0) >= policy.threshold:
        done = replace(_stopped(play, end), watched_at=max(end, play.progress_at))
        return Outcome(done, Step.WATCHED)
    closed = play.updated_at if play.state is PlayState.PAUSED else end
    return Outcome(_stopped(play, closed), Step.STOPPED)


def displace(play: Play, media: Media, at: int, policy: Policy) -> Outcome:
    """The end of an open play because its player went on to `media` at `at`.

    The next episode beginning at the expected end shows that this one ran through.
    """
    if play.watched_at is not None:
        return Outcome(_stopped(play, at), Step.SWALLOWED)
    playing = play.state is PlayState.PLAYING
    ran_through = follows(play.media, media) and at >= expected_end(play) - policy.end_slack
    if playing and (ran_through or (play.reported or 0.0) >= policy.threshold):
        watched = max(min(at, expected_end(play)), play.progress_at)
        return Outcome(replace(_stopped(play, at), watched_at=watched), Step.WATCHED)
    return Outcome(_stopped(play, at), Step.STOPPED)


def _stopped(play: Play, at: int) -> Play:
    return replace(play, state=PlayState.STOPPED, ended_at=at)
