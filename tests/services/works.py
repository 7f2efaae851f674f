"""Works of all kinds that change plays, media, events and logins, made up at random; some of them fail in some way."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from watchd.clients.trakt_items import TraktHistoryRow
from watchd.clock import HOUR, MINUTE, SECOND
from watchd.errors import MalformedPayload
from watchd.model.imports import ImportedPlay
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, UnnamedEvent
from watchd.model.receipts import RawEvent
from watchd.rules.policy import Policy
from watchd.services import import_plays, merging, sittings
from watchd.services.arrivals import Arrival, take_all
from watchd.services.deleting import NoSuchPlay, StillOpen, delete
from watchd.services.sync_rows import keep_rows
from watchd.store import accounts, events, plays
from watchd.store.database import Work
from watchd.store.savepoint import attempt

POISON = "poison"
POLICY = Policy()
ACCOUNTS = (1, 2)
_ACTIONS = (Action.START,) * 4 + (Action.PROGRESS,) * 4 + (Action.PAUSE, Action.STOP, Action.STOP, Action.WATCHED, Action.RATE)
_BY_HAND = (Action.MARK_WATCHED, Action.CHECKIN, Action.UNCHECKIN)


def descriptions() -> list[Media]:
    """A few items, each described in several ways of which some share nothing."""
    told: list[Media] = []
    for number in range(1, 4):
        ids = MediaIds(imdb=f"tt{number}", tmdb=number)
        told += [Movie(f"Film {number}"), Movie(ids=MediaIds(tmdb=number)), Movie(ids=MediaIds(imdb=f"tt{number}"))]
        told.append(Movie(f"Film {number}", 1990, ids, runtime=6000.0 if number > 1 else None))
        show, own = Show("Show", 2000, MediaIds(tmdb=9)), MediaIds(tvdb=number)
        told += [Episode(show, 1, number, ids=own, runtime=1800.0), Episode(Show("Show"), 1, number), Episode(Show(), ids=own)]
    return told


def _nth(connection: sqlite3.Connection, number: int) -> int:
    """Some play there is, an open one for every other number; 0 without one."""
    found = [row[0] for row in connection.execute("SELECT id FROM plays WHERE ? OR state <> 'stopped' LIMIT 8", (number % 2,))]
    return found[number % len(found)] if found else 0


def _ended(connection: sqlite3.Connection) -> None:
    """SQLite ends the whole transaction by itself."""
    connection.execute("INSERT OR ROLLBACK INTO accounts (id, name, created_at) VALUES (1, 'again', 0)")


def _refused(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO accounts (id, name, created_at) VALUES (1, 'again', 0)")


def _full(connection: sqlite3.Connection) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    connection.execute("INSERT INTO accounts (name, created_at) VALUES (hex(randomblob(200000)), 0)")


def _dangling(connection: sqlite3.Connection) -> None:
    """Nothing is wrong until COMMIT."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute(
        "INSERT INTO plays (account_id, media_id, state, origin, source, player, started_at, updated_at, progress_at) "
        "VALUES (1, 999999, 'playing', 'hook', 'plex', 'tv', 0, 0, 0)"
    )


def _mistaken(_: sqlite3.Connection) -> None:
    raise ZeroDivisionError


@dataclass(slots=True)
class Works:
    """`transactions` are lists of works that share one; the same seed makes the same ones."""

    random: random.Random
    now: int = 1_790_000_000_000
    media: list[Media] = field(default_factory=descriptions)
    last: Arrival | None = None

    def transactions(self, count: int) -> Iterator[list[Work[object]]]:
        for _ in range(count):
            self.now += self.random.choice((SECOND // 2, 3 * SECOND, 20 * SECOND, 5 * MINUTE))
            self.now += HOUR if self.random.random() < 0.05 else 0
            yield [self._work() for _ in range(self.random.choice((1, 1, 2, 3)))]

    def _work(self) -> Work[object]:
        work = self._hooks() if self.random.random() < 0.65 else self._other()
        if self.random.random() < 0.8:
            return work
        spoil = self.random.choice((_mistaken, _refused, _ended, _full, _dangling))
        if spoil is _mistaken and self.random.random() < 0.5:
            return lambda connection: _tried(connection, work)

        def spoilt(connection: sqlite3.Connection) -> None:
            work(connection)
            spoil(connection)

        return spoilt

    def _hooks(self) -> Work[object]:
        arrivals, now = [self._arrival() for _ in range(self.random.choice((1, 1, 2, 5)))], self.now
        return lambda connection: take_all(connection, arrivals, POLICY, now)

    def _arrival(self) -> Arrival:
        if self.last is not None and self.random.random() < 0.2:
            return replace(self.last, raw=replace(self.last.raw, received_at=self.now))
        pick = self.random.choice
        source, player = pick(("plex", "kodi")), pick(("tv", "tv", "bed"))
        user = "\ud800" if self.random.random() < 0.02 else None
        raw = RawEvent(pick(ACCOUNTS), source, self.now, "{}", "", user)
        action = pick(_ACTIONS) if self.random.random() < 0.9 else pick(_BY_HAND)
        chance, progress = self.random.random(), pick((0.0, 20.0, 50.0, 85.0, 95.0, None))
        if chance < 0.04:
            return Arrival(raw, pick((Ignored(IgnoreReason.MUSIC), MalformedPayload("torn", "torn"))))
        if chance < 0.1:
            return Arrival(raw, UnnamedEvent(source, pick((Action.PAUSE, Action.STOP)), progress, player=player))
        event = PlaybackEvent(
            source,
            action,
            pick(self.media),
            progress=progress,
            duration=pick((None, 6000.0)),
            at=self.now - pick((0, 2 * SECOND, 2 * HOUR)) if self.random.random() < 0.2 else None,
            session=pick((None, None, "one", "two")) if source == "plex" else None,
            player=player,
            player_name=POISON if self.random.random() < 0.05 else player,
            rating=7.0 if action is Action.RATE else None,
        )
        self.last = Arrival(raw, event)
        return self.last

    def _other(self) -> Work[object]:
        account, media, number, now = (
            self.random.choice(ACCOUNTS),
            self.random.choice(self.media),
            self.random.randrange(40),
            self.now,
        )
        row = TraktHistoryRow(number + 1, (now - self.random.choice((0, HOUR))) // MINUTE * MINUTE, "watch", media)
        play = ImportedPlay(
            media, row.watched_at, number + 100 if number % 2 else None, id=number + 200 if number % 3 else None
        )
        choices: tuple[Callable[[sqlite3.Connection], object], ...] = (
            lambda connection: sittings.settle_due(connection, now, POLICY),
            lambda connection: merging.merge_media(connection, account, *_known(connection, account, media), now),
            lambda connection: keep_rows(connection, account, [row], 0, now),
            lambda connection: import_plays.take_play(connection, account, play, import_plays.Used(set()), now),
            lambda connection: _deleted(connection, _nth(connection, number), now),
            lambda connection: plays.remove(connection, _nth(connection, number)),
            lambda connection: plays.claim(connection, _nth(connection, number), number + 300),
            lambda connection: plays.shift_open(connection, 5),
            lambda connection: events.prune(connection, keep=number % 2, at_most=50),
            lambda connection: accounts.bind(connection, account, f"uuid {account}", "slug", now),
        )
        return self.random.choice(choices)


def _known(connection: sqlite3.Connection, account: int, media: Media) -> tuple[int, tuple[int, ...]]:
    """A lookup tells all that there is to know of an item."""
    ids = MediaIds(trakt=media.ids.tmdb or media.ids.tvdb, imdb=media.ids.imdb, tmdb=media.ids.tmdb, tvdb=media.ids.tvdb)
    row, _ = merging.resolve(connection, account, media, 0)
    return merging.learn(connection, account, row, replace(media, ids=ids), 0)[0], ()


def _deleted(connection: sqlite3.Connection, play: int, now: int) -> None:
    with suppress(NoSuchPlay, StillOpen):
        delete(connection, play, now)


def _tried(connection: sqlite3.Connection, work: Work[object]) -> None:
    with attempt(connection):
        work(connection)
        raise ZeroDivisionError
