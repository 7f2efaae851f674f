"""How plays end without a stop: by silence, by another item on the same player, by the end of a checkin."""

from watchd.model.copies import replace
from watchd.model.media import Media
from watchd.model.playback import Origin, Play, PlayState
from watchd.model.receipts import Step
from watchd.rules.media import follows
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import expected_end
from watchd.rules.rewatch import counts, split
from watchd.rules.tracker import Outcome


def ends_at(play: Play, policy: Policy) -> int:
    """When silence ends an open play (ms): after its expected end, or after a limit while paused or of unknown length."""
    if play.origin is Origin.CHECKIN:
        return expected_end(play)
    if play.state is PlayState.PAUSED:
        return play.updated_at + policy.paused_limit
    if not (play.runtime or play.media.runtime):
        return play.updated_at + policy.silent_limit
    after = round(play.parts_after * runtime_of(play.media, play.runtime) * 1000)  # the player goes on to these by itself
    return max(expected_end(play) + after, play.updated_at) + policy.end_slack


def settle(play: Play, now: int, policy: Policy) -> Outcome | None:
    """The end of an open play that has been silent too long; None while it is not due.

    Watched only if it was playing and something reported had put it at the threshold; a checkin counts when its runtime
    has passed. Otherwise its last position is kept.
    """
    if not play.open or now < ends_at(play, policy):
        return None
    end = min(now, expected_end(play))
    if play.watched_at is not None:
        return _over(play, max(end, play.watched_at), policy)
    if play.origin is Origin.CHECKIN:
        done = replace(_stopped(play, end), progress=100.0, progress_at=end, watched_at=end)
        return Outcome(done, Step.WATCHED)
    if _reached(play, policy):
        done = replace(_stopped(play, end), watched_at=max(end, play.progress_at))
        return Outcome(done, Step.WATCHED)
    closed = play.updated_at if play.state is PlayState.PAUSED else end
    return Outcome(_stopped(play, closed), Step.STOPPED)


def displace(play: Play, media: Media, at: int, policy: Policy) -> Outcome:
    """The end of an open play because its player went on to `media` at `at`.

    The next episode beginning at the expected end shows that this one ran through. Nothing ends before it was last heard of.
    """
    at = max(at, play.progress_at)
    if play.watched_at is not None:
        return _over(play, max(at, play.watched_at), policy)
    follow_on = follows(play.media, media) and at >= expected_end(play) - policy.end_slack
    if _reached(play, policy) or (follow_on and play.state is PlayState.PLAYING):
        watched = max(min(at, expected_end(play)), play.progress_at)
        return Outcome(replace(_stopped(play, at), watched_at=watched), Step.WATCHED)
    return Outcome(_stopped(play, at), Step.STOPPED)


def _reached(play: Play, policy: Policy) -> bool:
    """Whether it was playing past the threshold by what was reported; a seek back takes that away again."""
    told, stands = play.reported or 0.0, play.progress or 0.0
    return play.state is PlayState.PLAYING and min(told, stands) >= policy.threshold


def _over(play: Play, at: int, policy: Policy) -> Outcome:
    """The end of a sitting that has counted; a second viewing within it counts by the same measure as a first one."""
    if play.state is PlayState.PLAYING and counts(play, at, play.progress, policy):
        old, second = split(play)
        return Outcome(replace(_stopped(second, at), watched_at=at), Step.WATCHED, split_from=old)
    return Outcome(_stopped(play, at), Step.SWALLOWED)


def _stopped(play: Play, at: int) -> Play:
    return replace(play, state=PlayState.STOPPED, ended_at=at)
