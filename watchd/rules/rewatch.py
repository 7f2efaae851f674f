"""The second viewing that may hide in a sitting that has counted: where it began and when it counts (design 6, "Rewatch")."""

from watchd.model.copies import replace
from watchd.model.playback import Action, Origin, Play, PlaybackEvent, PlayState
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import position, stated

_POINTS = 50.0


def half_runtime(play: Play) -> int:
    """Half the item's length in milliseconds: what must really pass before it can have been watched again."""
    return round(runtime_of(play.media, play.runtime) * 500)


def played_again(play: Play, at: int, told: float | None = None) -> int:
    """Milliseconds played since the second viewing began.

    Rests do not count, for `again_at` moves on with each; but a position that moved on meanwhile tells that it was no rest.
    """
    if play.again_at is None:
        return 0
    if play.state is PlayState.PLAYING:
        return max(0, at - play.again_at)
    since = play.progress_at if play.state is PlayState.PAUSED else play.ended_at or play.progress_at
    moved = 0.0 if told is None or play.progress is None else max(0.0, told - play.progress)
    unheard = min(max(0, at - since), round(moved * runtime_of(play.media, play.runtime) * 10))
    return max(0, since - play.again_at) + unheard


def rested(play: Play, at: int, told: float | None = None) -> Play:
    """The play with the rest that ends at `at` left out of what was played again."""
    return play if play.again_at is None else replace(play, again_at=at - played_again(play, at, told))


def noted(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> Play:
    """A watched play with the place where a second viewing may have begun, when `event` is the first to tell of one.

    What merely plays on begins nothing. A viewing first heard of in its middle began as early as it can have.
    """
    told = stated(event, play, at)
    play = rested(play, at, told)
    if play.again_at is not None:
        if told is None and not play.open and (play.progress or 0.0) < policy.threshold:
            told = play.progress
        lower = told is not None and play.again_progress is not None and told < play.again_progress
        return replace(play, again_at=at, again_progress=told) if lower or (told is None and not play.open) else play
    if play.open and told is not None and told >= (position(play, at) or 0.0) - policy.seek_points:
        return play
    if event.action is Action.START or play.open or told is None or told >= policy.threshold:
        return replace(play, again_at=at, again_progress=told)
    point = runtime_of(play.media, event.duration or play.runtime) * 10
    back = min(told, max(0, at - (play.ended_at or at)) / point)
    return replace(play, again_at=at - round(back * point), again_progress=told - back)


def counts(play: Play, at: int, progress: float | None, policy: Policy) -> bool:
    """Whether an end at `progress` completes a second viewing: half the runtime played since, and not from the credits on."""
    if play.again_at is None or progress is None or progress < policy.threshold:
        return False
    if played_again(play, at, progress) < half_runtime(play):
        return False
    return play.again_progress is None or (play.again_progress < policy.threshold and progress - play.again_progress >= _POINTS)


def split(play: Play) -> tuple[Play, Play]:
    """The sitting that had counted, closed, and the second one as it began; that one has no row anywhere yet."""
    began = play.again_at if play.again_at is not None else play.updated_at
    ended = min(play.ended_at or began, began)
    old = replace(
        play, state=PlayState.STOPPED, ended_at=max(play.watched_at or ended, ended), again_at=None, again_progress=None
    )
    fresh = replace(
        play,
        id=0,
        origin=Origin.HOOK if play.origin is Origin.MARK else play.origin,
        started_at=began,
        watched_at=None,
        ended_at=None,
        again_at=None,
        again_progress=None,
        trakt_history_id=None,
        reported=None,
        tellers=tuple(teller for teller in play.tellers if teller.last_at >= began),
    )
    return old, fresh


def handed_over(old: Play, new: Play, at: int) -> tuple[Play, Play]:
    """A watched sitting that was still open ends where a new one begins; sources that spoke of the second viewing go along."""
    since = at if old.again_at is None else old.again_at
    gone = tuple(
        teller for teller in old.tellers if old.again_at is not None and teller.last_at >= since and teller.source != new.source
    )
    closed = replace(
        old,
        state=PlayState.STOPPED,
        ended_at=max(old.watched_at or since, since),
        again_at=None,
        again_progress=None,
        tellers=tuple(teller for teller in old.tellers if teller not in gone),
    )
    return closed, replace(new, tellers=(*gone, *new.tellers))
