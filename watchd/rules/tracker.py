"""Open play + event → outcome. The one place that decides what an event means (design 6)."""

from collections.abc import Callable
from dataclasses import dataclass

from watchd.model.copies import replace
from watchd.model.playback import Action, Origin, Play, PlaybackEvent, PlayState
from watchd.model.receipts import Step
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import advanced, expected_end, position, progress_of, stated
from watchd.rules.rewatch import counts, half_runtime, noted, rested, split
from watchd.rules.telling import noticed, overtaken

NEW = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The play as it is after the event (id 0: a new one), what happened to it, and the old play where a rewatch split off.

    `until`: when an event like this one will count again (ms), for answers that name it.
    """

    play: Play
    step: Step
    split_from: Play | None = None
    until: int | None = None


def opened(event: PlaybackEvent, account_id: int, at: int) -> Play:
    """A play that begins with this event; begun earlier by reckoning when the event comes from the middle of it."""
    runtime = event.duration or event.media.runtime
    progress = progress_of(event, None, at)
    begun = at
    if event.action not in (Action.START, Action.CHECKIN) and progress:
        begun = at - round(runtime_of(event.media, runtime) * progress * 10)
    return Play(
        id=NEW,
        account_id=account_id,
        media_id=0,
        media=event.media,
        state=PlayState.STOPPED,
        origin=Origin.CHECKIN if event.action is Action.CHECKIN else Origin.HOOK,
        source=event.source,
        player=event.player,
        player_name=event.player_name,
        started_at=begun,
        updated_at=at,
        progress=progress,
        progress_at=at,
        runtime=runtime,
    )


def follow(play: Play | None, event: PlaybackEvent, account_id: int, at: int, policy: Policy) -> Outcome:
    """What `event` at `at` (ms) makes of `play`, the sitting it belongs to, or of a new one."""
    fresh = play is None
    before = opened(event, account_id, at) if play is None else play
    action = event.action
    if action is Action.WATCHED:
        told = stated(event, play, at)
        if told is not None and told < policy.threshold:
            action = Action.PROGRESS
    if play is not None and overtaken(play, event, at, policy):
        outcome = _late(play, event, at, policy, action)
    else:
        outcome = _BY_ACTION[action](before, event, at, policy, fresh)
    return replace(outcome, play=noticed(outcome.play, event, at, policy))


def _late(play: Play, event: PlaybackEvent, at: int, policy: Policy, action: Action) -> Outcome:
    """An event that comes after later ones has nothing to say of the state; all it can do is to complete the play."""
    if play.watched_at is not None:
        return Outcome(play, Step.SWALLOWED)
    told = stated(event, play, at)
    done = action is Action.WATCHED or (action is Action.STOP and told is not None and told >= policy.threshold)
    if not done:
        return Outcome(play, Step.NONE)
    ended = None if play.ended_at is None else max(play.ended_at, at)
    return Outcome(replace(play, watched_at=at, ended_at=ended), Step.WATCHED, until=at + half_runtime(play))


def _moved(play: Play, event: PlaybackEvent, at: int, state: PlayState) -> Play:
    progress = progress_of(event, play, at)
    ended = at if state is PlayState.STOPPED else None
    return replace(play, state=state, progress=progress, progress_at=at, ended_at=ended)


def _start(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    after = _moved(play, event, at, PlayState.PLAYING)
    if play.watched_at is not None:
        begun = noted(play, event, at, policy)
        after = replace(after, again_at=begun.again_at, again_progress=begun.again_progress)
        if not play.open and stated(event, play, at) is None and (play.progress or 0.0) >= policy.threshold:
            after = replace(after, progress=0.0)
        return Outcome(after, Step.SWALLOWED)
    if fresh or play.state is not PlayState.PLAYING:
        return Outcome(replace(after, source=event.source, player=event.player, player_name=event.player_name), Step.STARTED)
    return Outcome(after, Step.MOVED if _sought(play, after, at, policy) else Step.NONE)


def _sought(play: Play, after: Play, at: int, policy: Policy) -> bool:
    """A jump that playing on does not explain, large enough to matter in percent and in time."""
    was = position(play, at)
    if was is None or after.progress is None:
        return False
    points = abs(after.progress - was)
    return points >= policy.seek_points and points * runtime_of(play.media, play.runtime) * 10 >= policy.seek_span


def _straggler(play: Play, at: int, policy: Policy, fresh: bool) -> bool:
    """Whether it comes right after the end; one from before an end that silence made takes that end back."""
    return not fresh and not play.open and 0 <= at - (play.ended_at or 0) <= policy.settle_window


def _pause(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    if play.watched_at is not None:
        return _pause_again(play, event, at, policy)
    if _straggler(play, at, policy, fresh):
        return Outcome(play, Step.NONE)
    after = _moved(play, event, at, PlayState.PAUSED)
    return Outcome(after, Step.NONE if play.state is PlayState.PAUSED else Step.PAUSED)


def _pause_again(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> Outcome:
    """A pause in a sitting that has counted; on a closed one it opens it only where it tells of a second viewing."""
    told = stated(event, play, at)
    if play.open:
        begun = rested(play, at, told)
    elif _straggler(play, at, policy, fresh=False) or told is None or told >= policy.threshold:
        return Outcome(play, Step.SWALLOWED)
    else:
        begun = noted(play, event, at, policy)
    after = _moved(play, event, at, PlayState.PAUSED)
    return Outcome(replace(after, again_at=begun.again_at, again_progress=begun.again_progress), Step.SWALLOWED)


def _progress(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    if _straggler(play, at, policy, fresh):
        return Outcome(play, Step.SWALLOWED if play.watched_at is not None else Step.NONE)
    return _start(play, event, at, policy, fresh)


def _stop(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    progress = progress_of(event, None if fresh else play, at)
    if play.watched_at is not None:
        return _again(play, event, at, progress, policy)
    after = _moved(play, event, at, PlayState.STOPPED)
    if progress is not None and progress >= policy.threshold:
        return Outcome(replace(after, watched_at=at, ended_at=at), Step.WATCHED, until=at + half_runtime(play))
    if not fresh and not play.open:
        step = Step.STOPPED if _sought(play, after, at, policy) else Step.NONE
        return Outcome(replace(after, ended_at=play.ended_at), step)
    return Outcome(after, Step.STOPPED)


def _watched(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    told = stated(event, play, at)
    known = None if fresh else position(play, at)
    progress = told if told is not None else max(policy.threshold, known or 0.0)
    if play.watched_at is not None:
        return _again(play, event, at, 100.0 if told is None else told, policy)
    state = PlayState.PLAYING if fresh else play.state
    ended = None if state is not PlayState.STOPPED else max(at, play.ended_at or at)
    after = replace(play, state=state, progress=progress, progress_at=at, watched_at=at, ended_at=ended)
    return Outcome(after, Step.WATCHED, until=at + half_runtime(play))


def _again(play: Play, event: PlaybackEvent, at: int, progress: float | None, policy: Policy) -> Outcome:
    """An end or a completion in a sitting that has counted: swallowed, or it completes a second viewing."""
    open_on = event.action is Action.WATCHED
    if counts(play, at, progress, policy):
        old, second = split(play)
        state = play.state if open_on else PlayState.STOPPED
        ended = at if state is PlayState.STOPPED else None
        done = replace(second, state=state, progress=progress, progress_at=at, ended_at=ended, watched_at=at)
        return Outcome(done, Step.WATCHED, split_from=old, until=at + half_runtime(play))
    until = (play.watched_at or at) + half_runtime(play)
    if open_on or not play.open:
        return Outcome(play, Step.SWALLOWED, until=until)
    ended = max(at, play.watched_at or at)
    stopped = replace(rested(play, at, progress), state=PlayState.STOPPED, progress=progress, progress_at=at, ended_at=ended)
    return Outcome(stopped, Step.SWALLOWED, until=until)


def _checkin(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    after = replace(play, state=PlayState.PLAYING, progress=0.0, progress_at=at, ended_at=None)
    return Outcome(after, Step.CHECKED_IN, until=expected_end(after))


_Follow = Callable[[Play, PlaybackEvent, int, Policy, bool], Outcome]
_BY_ACTION: dict[Action, _Follow] = {
    Action.START: _start,
    Action.PAUSE: _pause,
    Action.PROGRESS: _progress,
    Action.STOP: _stop,
    Action.WATCHED: _watched,
    Action.CHECKIN: _checkin,
}


def rewound(play: Play, now: int) -> float:
    """The progress to tell for a start that goes out at `now`, so that the listener's expected end is right."""
    if play.progress is None:
        return 0.0
    if play.state is not PlayState.PLAYING:
        return play.progress
    return advanced(play.progress, play.progress_at, now, runtime_of(play.media, play.runtime))
