"""Plays by hand: one more, or one less."""

import sqlite3
from collections.abc import Callable

from watchd.clock import Clock
from watchd.errors import WatchdError
from watchd.model.media import Media, identifiable, label
from watchd.model.playback import Origin, Play, PlayState
from watchd.model.receipts import Step
from watchd.model.relay import TRAKT, Verb
from watchd.rules.marks import GATHER
from watchd.rules.tracker import NEW, Outcome
from watchd.services.deleting import Deleted, delete
from watchd.services.import_plays import NEAR
from watchd.services.merging import resolve
from watchd.services.sittings import keep
from watchd.store import deliveries, imports
from watchd.store.database import Database

SOURCE = "watchd"


class NotAPlay(WatchdError):
    """What is to be added cannot be a play, or is one already."""


class ByHand:
    """Adds and deletes plays. `changed(account_id)` is told afterwards, and `wake()` that something may be owed."""

    def __init__(self, database: Database, clock: Clock, *, changed: Callable[[int], None], wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._changed = changed
        self._wake = wake

    async def add(self, account_id: int, media: Media, at: int) -> dict[str, object]:
        """Record that an item was watched at a moment; it is owed to Trakt like any other. NotAPlay when that cannot be."""
        now = self._clock.now()
        if not identifiable(media):
            raise NotAPlay("give a title or an id, and for an episode its season and number")
        if not 0 <= at <= now + NEAR:
            raise NotAPlay("the moment lies in the future")
        play, owed = await self._database.write(lambda connection: _added(connection, account_id, media, at, now))
        self._changed(account_id)
        self._wake()
        return {"id": play.id, "title": label(play.media), "owed": owed}

    async def delete(self, play_id: int, account_id: int | None = None) -> dict[str, object]:
        """Delete a play here, and at Trakt as soon as that can be told; NoSuchPlay or StillOpen when that cannot be."""
        now = self._clock.now()
        deleted: Deleted = await self._database.write(lambda connection: delete(connection, play_id, now, account_id))
        self._changed(deleted.account_id)
        self._wake()
        return {"id": deleted.id, "title": deleted.title, "at_trakt": deleted.at_trakt}


def _added(connection: sqlite3.Connection, account_id: int, media: Media, at: int, now: int) -> tuple[Play, bool]:
    media_id, full = resolve(connection, account_id, media, now)
    near = imports.near(connection, media_id, at, NEAR)
    if near:
        raise NotAPlay(f"{label(full)} was watched at that time already: play {near[0][0]}")
    play = Play(
        id=NEW,
        account_id=account_id,
        media_id=media_id,
        media=full,
        state=PlayState.STOPPED,
        origin=Origin.MARK,
        source=SOURCE,
        player="",
        started_at=at,
        updated_at=at,
        progress=100.0,
        progress_at=at,
        runtime=full.runtime,
        watched_at=at,
        ended_at=at,
    )
    kept = keep(connection, Outcome(play, Step.WATCHED), now, due_at=now + GATHER)
    if kept.step is not Step.WATCHED:
        raise NotAPlay(f"{label(full)} was being watched at that time already")
    owed = any(item.verb is Verb.WATCHED and item.destination == TRAKT for item in deliveries.of_play(connection, kept.play.id))
    return kept.play, owed
