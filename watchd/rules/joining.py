"""Plays of two media that turned out to be one: which of them were one sitting, and what that one is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from watchd.clock import MINUTE
from watchd.model.playback import Play
from watchd.model.relay import Delivery, DeliveryState, Verb
from watchd.rules.rewatch import half_runtime

_SLACK = 10 * MINUTE
_RANK = {
    DeliveryState.DELIVERED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.HELD: 2,
    DeliveryState.PENDING: 3,
    DeliveryState.UNIDENTIFIED: 4,
    DeliveryState.DEAD: 5,
}


def pairs(plays: Iterable[Play]) -> Iterator[tuple[Play, Play]]:
    """Each play that is one sitting with the one before it, with that one as it has become by then."""
    current: Play | None = None
    for play in sorted(plays, key=lambda item: (item.started_at, item.id)):
        if current is not None and play.started_at <= _end(current) + _SLACK and one_sitting(current, play):
            yield current, play
            current = joined(current, play)
        else:
            current = play


def _end(play: Play) -> int:
    return max(play.ended_at or play.updated_at, play.watched_at or 0)


def one_sitting(one: Play, other: Play) -> bool:
    """Told of by different sources; two sittings of one source are its own business and were told apart before.

    Where both have counted, half the runtime between the end of one and the watched moment of the other makes them two;
    so do two rows of Trakt's history, of which one would be lost.
    """
    if one.trakt_history_id is not None and other.trakt_history_id not in (None, one.trakt_history_id):
        return False
    if one.watched_at is not None and other.watched_at is not None:
        first, second = sorted((one, other), key=lambda play: play.watched_at or 0)
        if (second.watched_at or 0) - _end(first) >= half_runtime(first):
            return False
    mine = {(teller.source, teller.player) for teller in one.tellers}
    return not any((teller.source, teller.player) in mine for teller in other.tellers)


def joined(one: Play, other: Play) -> Play:
    """The earlier play with what the later one knows."""
    newer = max(one, other, key=lambda play: (play.open, play.updated_at))
    watched = [play.watched_at for play in (one, other) if play.watched_at is not None]
    return replace(
        one,
        state=newer.state,
        progress=newer.progress,
        progress_at=newer.progress_at,
        updated_at=newer.updated_at,
        ended_at=None if newer.open else max([newer.ended_at or newer.updated_at, *watched]),
        reported=max((play.reported for play in (one, other) if play.reported is not None), default=None),
        runtime=one.runtime or other.runtime,
        watched_at=min(watched, default=None),
        trakt_history_id=one.trakt_history_id or other.trakt_history_id,
        tellers=(*one.tellers, *other.tellers),
        parts_after=max(one.parts_after, other.parts_after),
    )


def outcomes(owed: Iterable[Delivery]) -> list[Delivery]:
    """The watched outcomes of one sitting, of which the first stays: the one that has come farthest."""
    living = [item for item in owed if item.verb is Verb.WATCHED and item.state is not DeliveryState.SUPERSEDED]
    return sorted(living, key=lambda item: (_RANK[item.state], item.id))
