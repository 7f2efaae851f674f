"""Two media that turn out to be one: their plays meet, and so do their deliveries. Runs in a transaction."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from watchd.clock import MINUTE
from watchd.model.media import Media
from watchd.model.playback import Play
from watchd.model.relay import DeliveryState, Verb
from watchd.rules.rewatch import half_runtime
from watchd.store import deliveries, medias, plays

_SLACK = 10 * MINUTE
_ALL = 100_000
_RANK = {
    DeliveryState.DELIVERED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.HELD: 2,
    DeliveryState.PENDING: 3,
    DeliveryState.UNIDENTIFIED: 4,
    DeliveryState.DEAD: 5,
}


def learn(connection: sqlite3.Connection, account_id: int, media_id: int, told: Media, at: int) -> tuple[int, Media]:
    """Add what a lookup or an answer told of a media, merging it with others it turns out to be; return the row to use."""
    keep, full, others = medias.learn(connection, account_id, media_id, told)
    merge_media(connection, account_id, keep, others, at)
    return keep, full


def merge_media(connection: sqlite3.Connection, account_id: int, keep: int, others: Iterable[int], at: int) -> None:
    """Move the plays of other media rows to `keep`, join those that were one sitting, and forget the other rows."""
    for other in others:
        plays.move_media(connection, other, keep)
        medias.forget(connection, other)
        _join_sittings(connection, keep, at)


def _join_sittings(connection: sqlite3.Connection, media_id: int, at: int) -> None:
    """Of each two plays of the media that overlap in time, let the earlier one have what the later one knows."""
    sittings = sorted(plays.of_media(connection, media_id, most=_ALL), key=lambda play: (play.started_at, play.id))
    current: Play | None = None
    for play in sittings:
        if current is not None and play.started_at <= _end(current) + _SLACK and _one_sitting(current, play):
            current = _join(connection, current, play, at)
        else:
            current = play


def _end(play: Play) -> int:
    return max(play.ended_at or play.updated_at, play.watched_at or 0)


def _one_sitting(one: Play, other: Play) -> bool:
    """Told of by different sources; two sittings of one source are its own business and were told apart before.

    Where both have counted, half the runtime between the end of one and the watched moment of the other makes them two.
    """
    if one.watched_at is not None and other.watched_at is not None:
        first, second = sorted((one, other), key=lambda play: play.watched_at or 0)
        if (second.watched_at or 0) - _end(first) >= half_runtime(first):
            return False
    mine = {(teller.source, teller.player) for teller in one.tellers}
    return not any((teller.source, teller.player) in mine for teller in other.tellers)


def _join(connection: sqlite3.Connection, one: Play, other: Play, at: int) -> Play:
    newer = max(one, other, key=lambda play: (play.open, play.updated_at))
    watched = [play.watched_at for play in (one, other) if play.watched_at is not None]
    joined = replace(
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
    )
    _join_deliveries(connection, one.id, other.id, at)
    plays.remove(connection, other.id)
    plays.update(connection, joined)
    return joined


def _join_deliveries(connection: sqlite3.Connection, keep: int, other: int, at: int) -> None:
    """One watched outcome per sitting: the one that has come farthest stays, with the attempts of the superseded other."""
    outcomes = [
        item
        for item in (*deliveries.of_play(connection, keep), *deliveries.of_play(connection, other))
        if item.verb is Verb.WATCHED and item.state is not DeliveryState.SUPERSEDED
    ]
    outcomes.sort(key=lambda item: (_RANK[item.state], item.id))
    for item in outcomes[1:]:
        if item.attempts and outcomes[0].state is not DeliveryState.DELIVERED:
            deliveries.inherit(connection, outcomes[0].id, item)
        deliveries.settle(connection, item.id, DeliveryState.SUPERSEDED, at, reason="one sitting with another source's play")
    deliveries.move(connection, other, keep)
    plays.move_events(connection, other, keep)
