"""One row of an imported file: a play that is known, or becomes one. Runs in a transaction; a row that fails fails alone."""

import sqlite3
from dataclasses import dataclass

import structlog

from watchd.clock import HOUR, MINUTE
from watchd.model.imports import ImportedPlay, ImportedRating, Tally
from watchd.model.media import Media
from watchd.model.playback import Origin, Play, PlayState
from watchd.services.merging import resolve
from watchd.store import imports, plays, ratings, removals
from watchd.store.savepoint import attempt

log = structlog.get_logger()

NEAR = 2 * MINUTE
_SOME_DAY = 20 * HOUR
"""So far from the noon of a day in UTC may be a moment of that day where it was watched."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`new`, or known, or skipped for a `reason`; `play_id` is the play that the row is, which no other row can be."""

    new: bool = False
    reason: str | None = None
    play_id: int | None = None

    def count(self, tally: Tally) -> None:
        if self.reason is not None:
            tally.skipped[self.reason] += 1
        elif self.new:
            tally.new += 1
        else:
            tally.known += 1


class Used:
    """Plays that rows of the file have been matched with: those of transactions before, and of this one."""

    def __init__(self, before: set[int]) -> None:
        self._before = before
        self.fresh: set[int] = set()

    def __contains__(self, play_id: int) -> bool:
        return play_id in self._before or play_id in self.fresh


def take_play(connection: sqlite3.Connection, account_id: int, row: ImportedPlay, used: Used, now: int) -> Outcome:
    """Find the play a row tells of, or put it in."""
    outcome = Outcome(reason="could not be kept")
    with attempt(connection) as tried:
        outcome = _taken(connection, account_id, row, used, now)
    if tried.error is not None:
        log.error("import.row_quarantined", error=type(tried.error).__name__, exc_info=tried.error)
        return Outcome(reason=f"internal: {type(tried.error).__name__}")
    if outcome.play_id is not None:
        used.fresh.add(outcome.play_id)
    return outcome


def _taken(connection: sqlite3.Connection, account_id: int, row: ImportedPlay, used: Used, now: int) -> Outcome:
    if row.history_id is not None:
        if removals.removed(connection, account_id, row.history_id):
            return Outcome(reason="was deleted here")
        owner = plays.claimant(connection, account_id, row.history_id)
        if owner is not None:
            return Outcome(play_id=owner)
    media_id, media = resolve(connection, account_id, row.media, now)
    if row.id is not None and imports.matches(connection, account_id, row.id, media_id, row.watched_at):
        return Outcome(play_id=row.id)
    known = _known(connection, media_id, row, used)
    if known is not None:
        play_id, claimed = known
        if row.history_id is not None and claimed is None:
            plays.claim(connection, play_id, row.history_id)
        return Outcome(play_id=play_id)
    return Outcome(new=True, play_id=imports.put(connection, _play(account_id, media_id, media, row), row.action))


def _known(connection: sqlite3.Connection, media_id: int, row: ImportedPlay, used: Used) -> tuple[int, int | None] | None:
    """The nearest play of the same item that no other row is; within the same minute it is the same whatever it is called.

    A row that tells the day alone is the play of that day, if one is known.
    """
    reach = 0 if row.watched_at == 0 else _SOME_DAY if row.day_alone else NEAR
    near = imports.near(connection, media_id, row.watched_at, reach)
    near.sort(key=lambda found: (abs(found[1] - row.watched_at), found[0]))
    for play_id, at, claimed in near:
        other_row = row.history_id is not None and claimed is not None
        # Of unknown dates there may be many: then only the rows of Trakt's history tell them apart.
        same_minute = at // MINUTE == row.watched_at // MINUTE and not (at == 0 and other_row)
        if play_id in used:
            if same_minute and row.id is None:
                return play_id, claimed
        elif same_minute or not other_row:
            return play_id, claimed
    return None


def _play(account_id: int, media_id: int, media: Media, row: ImportedPlay) -> Play:
    at = row.watched_at
    origin = row.origin or (Origin.TRAKT if row.history_id is not None else Origin.IMPORT)
    return Play(
        id=row.id or 0,
        account_id=account_id,
        media_id=media_id,
        media=media,
        state=PlayState.STOPPED,
        origin=origin,
        source=row.source,
        player=row.player,
        player_name=row.player_name,
        started_at=at if row.started_at is None else row.started_at,
        updated_at=at if row.updated_at is None else row.updated_at,
        progress=row.progress,
        progress_at=at,
        runtime=row.runtime,
        watched_at=at,
        ended_at=at if row.ended_at is None else row.ended_at,
        trakt_history_id=row.history_id,
    )


def take_rating(connection: sqlite3.Connection, account_id: int, row: ImportedRating, now: int) -> Outcome:
    """Keep a rating unless a later one is known; nothing is owed for it."""
    outcome = Outcome(reason="could not be kept")
    with attempt(connection) as tried:
        media_id, _ = resolve(connection, account_id, row.media, now)
        before = ratings.get(connection, account_id, media_id)
        ratings.keep(connection, account_id, media_id, row.rating, row.rated_at, row.source, None)
        outcome = Outcome(new=ratings.get(connection, account_id, media_id) != before)
    if tried.error is not None:
        log.error("import.rating_quarantined", error=type(tried.error).__name__, exc_info=tried.error)
        return Outcome(reason=f"internal: {type(tried.error).__name__}")
    return outcome
