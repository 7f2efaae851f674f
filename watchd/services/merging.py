"""Two media that turn out to be one: their plays meet, and so do their deliveries and ratings. Runs in a transaction."""

import sqlite3
from collections.abc import Iterable

from watchd.model.media import Media
from watchd.model.playback import Play
from watchd.model.relay import DeliveryState
from watchd.rules import joining
from watchd.store import deliveries, medias, plays, ratings


def resolve(connection: sqlite3.Connection, account_id: int, media: Media, at: int) -> tuple[int, Media]:
    """The row of what an event tells of, made or completed, after others that turn out to be the same went up in it."""
    keep, full, others = medias.resolve(connection, account_id, media)
    merge_media(connection, account_id, keep, others, at)
    return keep, full


def learn(connection: sqlite3.Connection, account_id: int, media_id: int, told: Media, at: int) -> tuple[int, Media]:
    """Add what a lookup or an answer told of a media, merging it with others it turns out to be; return the row to use."""
    keep, full, others = medias.learn(connection, account_id, media_id, told)
    merge_media(connection, account_id, keep, others, at)
    return keep, full


def merge_media(connection: sqlite3.Connection, account_id: int, keep: int, others: Iterable[int], at: int) -> None:
    """Move the plays of other media rows to `keep`, join those that were one sitting, and forget the other rows."""
    for other in others:
        plays.move_media(connection, other, keep)
        ratings.move(connection, account_id, other, keep)
        medias.forget(connection, other)
        for one, same in joining.pairs(plays.of_media(connection, keep, most=plays.EVERY)):
            _join(connection, one, same, at)


def _join(connection: sqlite3.Connection, one: Play, other: Play, at: int) -> None:
    _join_deliveries(connection, one.id, other.id, at)
    plays.remove(connection, other.id)
    plays.update(connection, joining.joined(one, other))


def _join_deliveries(connection: sqlite3.Connection, keep: int, other: int, at: int) -> None:
    """One watched outcome per sitting, with the attempts of the superseded others."""
    owed = (*deliveries.of_play(connection, keep), *deliveries.of_play(connection, other))
    outcomes = joining.outcomes(owed)
    for item in outcomes[1:]:
        first = outcomes[0]
        if item.attempts and first.state is not DeliveryState.DELIVERED:
            deliveries.inherit(connection, first.id, item)
        deliveries.settle(connection, item.id, DeliveryState.SUPERSEDED, at, reason="one sitting with another source's play")
    deliveries.move(connection, other, keep)
    plays.move_events(connection, other, keep)
