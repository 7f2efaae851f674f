"""Which sitting an event belongs to: one of the plays of the same media, or a new one (None)."""

from collections.abc import Iterable

from watchd.model.playback import Action, Play, PlaybackEvent
from watchd.rules.policy import Policy
from watchd.rules.progress import stated
from watchd.rules.rewatch import half_runtime


def new_session(play: Play, event: PlaybackEvent) -> bool:
    """Whether the event's source told of this sitting under another session id."""
    known = {teller.session for teller in play.tellers if teller.source == event.source and teller.session}
    return event.session is not None and bool(known) and event.session not in known


def _has_session(play: Play, event: PlaybackEvent) -> bool:
    return event.session is not None and any(
        teller.source == event.source and teller.session == event.session for teller in play.tellers
    )


def _lasted(play: Play, at: int) -> tuple[bool, bool]:
    """Whether it lasted at that moment, and had counted by its end: of two that overlap the latter swallows what is said."""
    lasted = play.started_at <= at and (play.open or at <= max(play.ended_at or 0, play.watched_at or 0))
    return lasted, lasted and play.watched_at is not None


def _in_the_credits(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> bool:
    """A resume past the threshold goes on with what has counted already, in a new session and on the next morning too."""
    told = stated(event, play, at)
    resumed = event.action is Action.START and told is not None and told >= policy.threshold
    return resumed and at - play.updated_at < policy.paused_limit


def belongs(play: Play, event: PlaybackEvent, at: int, policy: Policy, *, newest: bool = True) -> bool:
    """Whether an event on the same media at `at` tells of this sitting rather than of another one.

    Overlap decides, with some slack. After the watched moment a new sitting needs a new session id of a source that already
    told of the old one, or half the runtime of real time. What comes sooner stays with the old one, where a second viewing
    is kept in mind until it counts; so does the end of a new session whose beginning went unheard.
    """
    if _has_session(play, event):
        return True
    if at < play.started_at - policy.slack:
        return False
    ended = play.updated_at if play.ended_at is None else play.ended_at
    if play.watched_at is None:
        return play.open or at - ended <= policy.slack
    if at <= play.watched_at or (newest and _in_the_credits(play, event, at, policy)):
        return True
    soon = at - max(play.watched_at, ended) < half_runtime(play)
    if new_session(play, event):
        return soon and event.action is not Action.START
    return play.open or soon


def choose(plays: Iterable[Play], event: PlaybackEvent, at: int, policy: Policy) -> Play | None:
    """The sitting of `event` among the recent plays of its media: by session, else one that lasted at `at`, else the newest."""
    newest = sorted(plays, key=lambda play: (*_lasted(play, at), play.open, play.started_at, play.id), reverse=True)
    for play in newest:
        if _has_session(play, event):
            return play
    for play in newest:
        if belongs(play, event, at, policy, newest=play is newest[0]):
            return play
    return None


def counted_elsewhere(play: Play, others: Iterable[Play]) -> bool:
    """Whether another play of the media had counted at the moment at which this one counts.

    Two plays of one sitting come about where a queue is delivered late and reaches further back than was heard till then.
    """
    reach = half_runtime(play) // 4
    at = play.watched_at or play.updated_at
    return any(
        other.id != play.id
        and other.watched_at is not None
        and other.started_at - reach <= at
        and (other.open or at <= max(other.watched_at, other.ended_at or 0) + reach)
        and play.started_at < other.watched_at
        for other in others
    )
