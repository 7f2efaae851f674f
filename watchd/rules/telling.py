"""Who tells of a play: what is remembered of each source, and which of its events come too late to say how it stands."""

from watchd.model.copies import replace
from watchd.model.playback import Action, Play, PlaybackEvent, Teller
from watchd.rules.policy import Policy
from watchd.rules.progress import stated


def overtaken(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> bool:
    """Whether later events came before it: by its own time, else by when its position was true, a moment before another's."""
    if event.at is not None:
        return at < play.updated_at
    known = max((item.place_at or 0 for item in play.tellers if _is_of(item, event)), default=0)
    return event.position_at is not None and 0 < known - event.position_at <= policy.settle_window


def noticed(play: Play, event: PlaybackEvent, at: int, policy: Policy) -> Play:
    """The play with this source noted as telling of it, and with the longest position any source has stated."""
    others = tuple(item for item in play.tellers if not _is_of(item, event))
    before = next((item for item in play.tellers if _is_of(item, event)), None)
    beats = (before.beats if before else 0) + (event.action is Action.PROGRESS)
    places = [place for place in (event.position_at, before.place_at if before else None) if place is not None]
    last = max(at, before.last_at if before else at)
    teller = Teller(event.source, event.player, event.session, last, beats, max(places, default=None))
    told = stated(event, play, at)
    reported = play.reported if told is None else max(told, play.reported or 0.0)
    if event.action is Action.WATCHED and told is None:
        reported = max(policy.threshold, reported or 0.0)
    return replace(
        play,
        tellers=(*others, teller)[-12:],
        reported=reported,
        runtime=event.duration or play.runtime or event.media.runtime,
        started_at=min(at, play.started_at),
        updated_at=max(at, play.updated_at),
    )


def _is_of(teller: Teller, event: PlaybackEvent) -> bool:
    return (teller.source, teller.player, teller.session) == (event.source, event.player, event.session)
