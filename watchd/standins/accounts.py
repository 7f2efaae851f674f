"""People with an account, and what Trakt keeps of their watching."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from watchd.clock import SECOND
from watchd.standins.items import Episode, Watchable, written
from watchd.standins.ledger import Ledger
from watchd.standins.shelf import Shelf, leaves_watchlist

Action = Literal["scrobble", "checkin", "watch"]
Key = tuple[str, int]
K = TypeVar("K")
V = TypeVar("V")


def _kept(table: dict[K, V]) -> Callable[[], None]:
    before = dict(table)

    def back() -> None:
        table.clear()
        table.update(before)

    return back


def _plain(item: object) -> dict[str, Any] | None:
    return written(item, frozenset(), "new") if isinstance(item, Watchable) else None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A play; `watched_at` is the true moment, answers may show it cut to the minute."""

    id: int
    watched_at: int
    action: Action
    item: Watchable

    @property
    def type(self) -> str:
        return self.item.kind

    @property
    def trakt(self) -> int:
        """The Trakt id of the movie or episode."""
        return self.item.key[1]

    @property
    def movie(self) -> dict[str, Any] | None:
        return None if isinstance(self.item, Episode) else _plain(self.item)

    @property
    def episode(self) -> dict[str, Any] | None:
        return _plain(self.item) if isinstance(self.item, Episode) else None

    @property
    def show(self) -> dict[str, Any] | None:
        if not isinstance(self.item, Episode):
            return None
        return written(self.item.show, frozenset(), "new")


@dataclass(frozen=True, slots=True)
class PlaybackRow:
    """A saved position, in percent."""

    id: int
    progress: float
    paused_at: int
    item: Watchable


@dataclass(frozen=True, slots=True)
class WatchingNow:
    """What is on; a checkin carries the id its play will have."""

    item: Watchable
    action: Literal["scrobble", "checkin"]
    started_at: int
    expires_at: int
    checkin_id: int | None = None

    def progress(self, now: int) -> float:
        """In percent, as a client has to reckon it."""
        whole = max(self.item.runtime, 1) * 60 * SECOND
        return min(max(100 * (1 - (self.expires_at - now) / whole), 0.0), 100.0)


@dataclass(eq=False)
class UserState:
    """One account. What may be read here is as of the last moment the stand-in looked at the clock."""

    slug: str
    joined_at: int
    name: str | None = None
    private: bool = False
    vip: bool = False
    locked: bool = False
    deactivated: bool = False
    timezone: str = "Europe/Berlin"
    watching: WatchingNow | None = None
    plays: Ledger[HistoryRow] = field(default_factory=Ledger)
    positions: Ledger[PlaybackRow] = field(default_factory=Ledger)
    ratings: dict[Key, tuple[int, int, Any]] = field(default_factory=dict)
    activities: dict[str, int] = field(default_factory=dict)
    scrobbled: dict[Key, HistoryRow] = field(default_factory=dict)
    first_started: dict[Key, int] = field(default_factory=dict)
    tokens: list[dict[str, Any]] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    ghost_plays: list[dict[str, Any]] = field(default_factory=list)

    @property
    def uuid(self) -> str:
        """Stable for the slug; another user behind the same name would have another one."""
        return hashlib.sha256(f"stand-in {self.slug} {self.joined_at}".encode()).hexdigest()

    @property
    def history(self) -> list[HistoryRow]:
        """Every play, in the order in which Trakt came to know of them."""
        return self.plays.rows()

    @property
    def playback(self) -> list[PlaybackRow]:
        return self.positions.rows()

    def touch(self, activity: str, at: int) -> None:
        self.activities[activity] = max(at, self.activities.get(activity, 0))

    def settle(self, now: int) -> None:
        """Let what has run out run out: an expired checkin is a play, an expired start is nothing."""
        on = self.watching
        if on is None or now < on.expires_at:
            return
        self.watching = None
        if on.checkin_id is not None:
            self.add_play(HistoryRow(on.checkin_id, on.expires_at, "checkin", on.item), on.expires_at)

    def add_play(self, row: HistoryRow, at: int) -> None:
        self.plays.add(row, at)
        self.touch(f"{row.type}s.watched_at", at)
        if any(leaves_watchlist(entry, row.item) for entry in self.shelf.watchlist):
            self.shelf.watchlist = [entry for entry in self.shelf.watchlist if not leaves_watchlist(entry, row.item)]

    def save_position(self, row: PlaybackRow) -> None:
        self.drop_position(row.item, row.paused_at)
        self.positions.add(row, row.paused_at)
        self.touch(f"{row.item.kind}s.paused_at", row.paused_at)

    def drop_position(self, item: Watchable, at: int) -> None:
        for row in self.playback:
            if row.item.key == item.key:
                self.positions.remove(row.id, at)

    def position(self, item: Watchable) -> PlaybackRow | None:
        return next((row for row in self.playback if row.item.key == item.key), None)

    def remember(self) -> Callable[[], None]:
        """Note all this; what is returned brings it back."""
        plays, positions, on = self.plays.remember(), self.positions.remember(), self.watching
        shelf = self.shelf.remember()
        tables = [_kept(self.ratings), _kept(self.activities), _kept(self.scrobbled), _kept(self.first_started)]

        def back() -> None:
            plays()
            positions()
            shelf()
            self.watching = on
            for table in tables:
                table()

        return back
