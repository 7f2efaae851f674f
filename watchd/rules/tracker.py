"""Open play + event → outcome. The one place that decides what an event means (design 6)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from watchd.model.playback import Action, Origin, Play, PlaybackEvent, PlayState, Step, Teller
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import advanced, expected_end, position, progress_of, stated
from watchd.rules.sitting import half_runtime

NEW = 0
_REWATCH_POINTS = 50.0


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
        told = stated(event, play)
        if told is not None and told < policy.threshold:
            action = Action.PROGRESS
    if play is not None and _out_of_order(play, event, at, action):
        return Outcome(_told(play, event, play.updated_at, policy), Step.NONE)
    outcome = _BY_ACTION[action](before, event, at, policy, fresh)
    return replace(outcome, play=_told(outcome.play, event, at, policy))


def _out_of_order(play: Play, event: PlaybackEvent, at: int, action: Action) -> bool:
    """An event that carries its own time and comes after later ones has nothing to say, unless it completes the play."""
    return event.at is not None and at < play.updated_at and action in (Action.START, Action.PAUSE, Action.PROGRESS)


def _told(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> Play:
    """The play with this source noted as telling of it, and with the longest position any source has stated."""
    mine = (event.source, event.player, event.session)
    others = tuple(item for item in play.tellers if (item.source, item.player, item.session) != mine)
    beats = next((item.beats for item in play.tellers if (item.source, item.player, item.session) == mine), 0)
    teller = Teller(event.source, event.player, event.session, at, beats + (event.action is Action.PROGRESS))
    told = stated(event, play)
    reported = play.reported if told is None else max(told, play.reported or 0.0)
    if event.action is Action.WATCHED and told is None:
        reported = max(policy.threshold, reported or 0.0)
    runtime = event.duration or play.runtime or event.media.runtime
    return replace(
        play, tellers=(*others, teller)[-12:], reported=reported, runtime=runtime, updated_at=max(at, play.updated_at)
    )


def _moved(play: Play, event: PlaybackEvent, at: int, state: PlayState) -> Play:
    progress = progress_of(event, play, at)
    ended = at if state is PlayState.STOPPED else None
    return replace(play, state=state, progress=progress, progress_at=at, ended_at=ended)


def _start(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    after = _moved(play, event, at, PlayState.PLAYING)
    if play.watched_at is not None:
        if not play.open or play.again_at is None:
            after = replace(after, again_at=at, again_progress=stated(event, play))
        return Outcome(after, Step.SWALLOWED)
    if fresh or play.state is not PlayState.PLAYING:
        return Outcome(after, Step.STARTED)
    return Outcome(after, Step.MOVED if _sought(play, after, at, policy) else Step.NONE)


def _sought(play: Play, after: Play, at: int, policy: Policy) -> bool:
    """A jump that playing on does not explain, large enough to matter in percent and in time."""
    was = position(play, at)
    if was is None or after.progress is None:
        return False
    points = abs(after.progress - was)
    return points >= policy.seek_points and points * runtime_of(play.media, play.runtime) * 10 >= policy.seek_span


def _pause(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    if not fresh and not play.open:
        if play.watched_at is not None:
            return Outcome(play, Step.SWALLOWED)
        if at - (play.ended_at or 0) <= policy.settle_window:
            return Outcome(play, Step.NONE)
    after = _moved(play, event, at, PlayState.PAUSED)
    if play.watched_at is not None:
        return Outcome(after, Step.SWALLOWED)
    return Outcome(after, Step.NONE if play.state is PlayState.PAUSED else Step.PAUSED)


def _progress(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    straggler = not fresh and not play.open and at - (play.ended_at or 0) <= policy.settle_window
    if straggler:
        return Outcome(play, Step.SWALLOWED if play.watched_at is not None else Step.NONE)
    return _start(play, event, at, policy, fresh)


def _stop(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    progress = progress_of(event, None if fresh else play, at)
    if play.watched_at is not None:
        return _again(play, event, at, progress)
    after = _moved(play, event, at, PlayState.STOPPED)
    if progress is not None and progress >= policy.threshold:
        return Outcome(replace(after, watched_at=at, ended_at=at), Step.WATCHED, until=at + half_runtime(play))
    if not fresh and not play.open:
        return Outcome(replace(after, ended_at=play.ended_at), Step.NONE)
    return Outcome(after, Step.STOPPED)


def _watched(play: Play, event: PlaybackEvent, at: int, policy: Policy, fresh: bool) -> Outcome:
    known = None if fresh else position(play, at)
    progress = stated(event, play) or max(policy.threshold, known or 0.0)
    if play.watched_at is not None:
        return _again(play, event, at, progress)
    state = PlayState.PLAYING if fresh else play.state
    after = replace(play, state=state, progress=progress, progress_at=at, watched_at=at)
    return Outcome(after, Step.WATCHED, until=at + half_runtime(play))


def _again(play: Play, event: PlaybackEvent, at: int, progress: float | None) -> Outcome:
    """A completion on a sitting that has counted: swallowed, or a rewatch that began with a start after the watched moment."""
    split = _rewatched(play, at, progress)
    if split is not None:
        open_on = event.action is Action.WATCHED
        state = play.state if open_on else PlayState.STOPPED
        again = replace(split, state=state, progress=progress, progress_at=at, ended_at=None if open_on else at, watched_at=at)
        old = replace(
            play, state=PlayState.STOPPED, ended_at=play.ended_at or play.watched_at, again_at=None, again_progress=None
        )
        return Outcome(again, Step.WATCHED, split_from=old, until=at + half_runtime(play))
    until = (play.watched_at or at) + half_runtime(play)
    if event.action is Action.WATCHED:
        return Outcome(play, Step.SWALLOWED, until=until)
    stopped = replace(play, state=PlayState.STOPPED, progress=progress, progress_at=at, ended_at=play.ended_at or at)
    return Outcome(stopped, Step.SWALLOWED, until=until)


def _rewatched(play: Play, at: int, progress: float | None) -> Play | None:
    """The second sitting hidden in a watched play: begun by its later start, with half the runtime really played since."""
    if play.again_at is None or at - play.again_at < half_runtime(play):
        return None
    if progress is not None and play.again_progress is not None and progress - play.again_progress < _REWATCH_POINTS:
        return None
    return replace(
        play,
        id=NEW,
        started_at=play.again_at,
        again_at=None,
        again_progress=None,
        trakt_history_id=None,
        reported=None,
        ended_at=None,
    )


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
FOLLOWED = frozenset(_BY_ACTION)


def rewound(play: Play, now: int) -> float:
    """The progress to tell for a start that goes out at `now`, so that the listener's expected end is right."""
    if play.progress is None:
        return 0.0
    if play.state is not PlayState.PLAYING:
        return play.progress
    return advanced(play.progress, play.progress_at, now, runtime_of(play.media, play.runtime))
