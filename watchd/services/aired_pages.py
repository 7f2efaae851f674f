"""How far shows are watched and what comes next, by what Trakt and TMDB told of their episodes."""

import sqlite3
from dataclasses import dataclass

from watchd.model.personal import Seen
from watchd.rules import aired as rules
from watchd.rules import derive
from watchd.rules.derive import NOT_TOLD, Aired, Watched
from watchd.services.pages import decoded, encoded
from watchd.store import aired, medias, shelves


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an account's shows at a moment: by Trakt, by its ids, and of which (by TMDB's ids) TMDB told.

    `nexts` are the episodes Trakt calls next, as JSON; without any it does not tell them to our app.
    """

    now: int
    trakt: dict[int, Aired]
    nexts: dict[int, str]
    tmdb: frozenset[int]

    def by_trakt(self, one: Watched) -> Aired:
        """What Trakt told of a show."""
        return NOT_TOLD if one.show.ids.trakt is None else self.trakt.get(one.show.ids.trakt, NOT_TOLD)

    def note(self, shows: list[Watched]) -> str | None:
        """What to say when of some of these shows nobody told."""
        silent = sum(1 for one in shows if not self._known(one))
        if not silent:
            return None
        return f"of {silent} of these shows neither Trakt nor TMDB has told here: their aired or next_episode is null for that"

    def _known(self, one: Watched) -> bool:
        if one.show.ids.tmdb in self.tmdb:
            return True
        return bool(self.nexts) and self.by_trakt(one).episodes is not None


def gathered(connection: sqlite3.Connection, account_id: int, now: int) -> Told:
    """What is told of an account's shows now."""
    nexts = shelves.following(connection, account_id)
    return Told(now, shelves.aired(connection, account_id), nexts, aired.told(connection))


def with_progress(connection: sqlite3.Connection, found: list[tuple[Watched, list[Seen]]], told: Told) -> list[str]:
    """How far each of these shows is watched."""
    rows = []
    for one, episodes in found:
        newest = derive.newest(episodes)
        last = None if newest is None else medias.get(connection, newest)
        ids, known = one.show.ids, told.by_trakt(one)
        by_tmdb = ids.tmdb if ids.tmdb in told.tmdb else None
        every = [] if by_tmdb is None else aired.parts(connection, by_tmdb)
        parts = rules.aired(every, told.now)
        count = known.episodes
        if count is None and by_tmdb is not None:
            known = Aired(len(parts), known.reset_at)
        said = decoded([told.nexts.get(ids.trakt or 0, "null")])
        done = derive.completed(episodes, known)
        following = rules.following(said, parts if rules.numbered_alike(every, done) else [], done, count)
        rows.append(encoded(derive.progress(one, episodes, last, known, following)))
    return rows
