"""Rows of Trakt's history, kept: each is a play from here, or one of Trakt alone. Runs in a transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from watchd.clients.trakt_items import TraktHistoryRow
from watchd.rules.plan import NEAR
from watchd.rules.reconcile import Kept, Told, paired
from watchd.services.merging import merge_media
from watchd.store import medias, reconciling, removals
from watchd.store.reconciling import Linked
from watchd.store.removals import Removal


def stale(known: Linked | None, row: TraktHistoryRow) -> bool:
    """Whether a row says anything that is not kept yet."""
    if known is None or known.missing_at is not None or known.gone_at is not None or known.twin:
        return True
    return known.of_trakt and (known.watched_at, known.action) != (row.watched_at, row.action)


def keep_rows(connection: sqlite3.Connection, account_id: int, rows: Iterable[TraktHistoryRow], offset: int, now: int) -> None:
    """Keep some rows; `offset` is Trakt's time less ours."""
    told = list(rows)
    ids = [row.id for row in told]
    known = reconciling.linked(connection, account_id, ids, NEAR, offset)
    deleted = reconciling.removed(connection, account_id, ids)
    graves = _Graves(connection, account_id, removals.unnamed(connection, account_id), now)
    of_media: dict[int, list[TraktHistoryRow]] = {}
    for row in told:
        one = known.get(row.id)
        if row.id in deleted:
            continue
        if one is not None and not one.of_trakt:
            reconciling.mark(connection, [one.play_id], (), (), now)
        elif one is not None:
            of_media.setdefault(one.media_id, []).append(row)
        else:
            media_id, _, others = medias.resolve(connection, account_id, row.media)
            merge_media(connection, account_id, media_id, others, now)
            for other in others:  # what went up in this media went with the rows that were found for it before
                of_media.setdefault(media_id, []).extend(of_media.pop(other, ()))
            of_media.setdefault(media_id, []).append(row)
    for media_id, same in of_media.items():
        _keep(connection, account_id, media_id, same, known, offset, graves)


def _keep(
    connection: sqlite3.Connection,
    account_id: int,
    media_id: int,
    rows: Sequence[TraktHistoryRow],
    known: dict[int, Linked],
    offset: int,
    graves: "_Graves",
) -> None:
    """Keep rows of one media: the nearest play from here each, one to one; the others are of Trakt alone."""
    moments = [Told(row.id, row.watched_at - offset) for row in rows]
    start, end = min(told.at for told in moments) - NEAR, max(told.at for told in moments) + NEAR
    ours = [Kept(*found) for found in reconciling.unlinked(connection, media_id, start, end)]
    pairs = paired(moments, ours) if ours else {}
    for row in rows:
        before, play_id = known.get(row.id), pairs.get(row.id)
        if play_id is not None:
            if before is not None:
                reconciling.give_way(connection, before.play_id)
            reconciling.link(connection, play_id, row.id, row.action, graves.now)
        elif before is not None:
            reconciling.told_anew(connection, before.play_id, row.watched_at, row.action)
        elif not graves.take(media_id, row.id, row.watched_at - offset):
            reconciling.add(connection, account_id, media_id, row.id, row.watched_at, row.action)


@dataclass(frozen=True, slots=True)
class _Graves:
    """Plays deleted here whose rows at Trakt were not known."""

    connection: sqlite3.Connection
    account_id: int
    unnamed: list[Removal]
    now: int

    def take(self, media_id: int, history_id: int, at: int) -> bool:
        """Whether a row is of a deleted play, by what it is of and when it was told of; it is known to be from now on."""
        for grave in self.unnamed:
            moments = (grave.watched_at, grave.first_sent_at, grave.last_sent_at)
            near = any(moment is not None and abs(at - moment) <= NEAR for moment in moments)
            if near and medias.known(self.connection, self.account_id, grave.media) == media_id:
                removals.learn(self.connection, grave.id, history_id, self.now)
                self.unnamed.remove(grave)
                return True
        return False
