"""Which sitting an event belongs to: one of the plays of the same media, or a new one (None)."""

from collections.abc import Iterable

from watchd.model.playback import Action, Play, PlaybackEvent
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import stated

_OPENING = (Action.START, Action.PROGRESS)


def half_runtime(play: Play) -> int:
    """Half the item's length in milliseconds: what must really pass before it can have been watched again."""
    return round(runtime_of(play.media, play.runtime) * 500)


def _new_session(play: Play, event: PlaybackEvent) -> bool:
    """Whether the event's source told of this sitting under another session id."""
    known = {teller.session for teller in play.tellers if teller.source == event.source and teller.session}
    return event.session is not None and bool(known) and event.session not in known


def _has_session(play: Play, event: PlaybackEvent) -> bool:
    return event.session is not None and any(
        teller.source == event.source and teller.session == event.session for teller in play.tellers
    )


def _in_the_credits(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> bool:
    """A resume past the threshold goes on with what has counted already, also on the next morning."""
    told = stated(event, play)
    return told is not None and told >= policy.threshold and at - play.updated_at < policy.paused_limit


def belongs(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> bool:
    """Whether an event on the same media at `at` tells of this sitting rather than of a later one.

    Overlap decides, with some slack; after the watched moment a new sitting needs a new session id of a source that
    already told of the old one, or half the runtime of real time (design 6, "Rewatch").
    """
    if _has_session(play, event):
        return True
    if play.watched_at is not None:
        if _new_session(play, event):
            return False
        if play.open and event.action not in _OPENING:
            return True
        if event.action is Action.START and _in_the_credits(play, event, at, policy):
            return True
        since = play.watched_at if event.action is Action.START else max(play.watched_at, play.updated_at)
        return at - since < half_runtime(play)
    return play.open or at - (play.ended_at or play.updated_at) <= policy.slack


def choose(plays: Iterable[Play], event: PlaybackEvent, at: int, policy: Policy) -> Play | None:
    """The sitting of `event` among the recent plays of its media: by session first, then open ones, then the newest."""
    newest = sorted(plays, key=lambda play: (play.open, play.started_at, play.id), reverse=True)
    for play in newest:
        if _has_session(play, event):
            return play
    for play in newest:
        if belongs(play, event, at, policy):
            return play
    return None
