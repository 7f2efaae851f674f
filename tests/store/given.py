"""What the tests of the store begin with: small media, plays and events."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Origin, Play, PlayState
from watchd.model.receipts import RawEvent
from watchd.model.relay import Verb
from watchd.rules.repeats import Repeat
from watchd.store import accounts, deliveries, medias, plays
from watchd.store.database import Database
from watchd.store.migrate import bring_up, migrations

NOW = 1_790_000_000_000
HEAT = Movie(title="Heat", year=1995, ids=MediaIds(imdb="tt0113277", tmdb=949), runtime=10_200.0)


def a_store(path: Path) -> sqlite3.Connection:
    """A database of today's schema with one account, open for a test that needs no event loop."""
    bring_up(path, migrations())
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = OFF")
    accounts.ensure(connection, accounts.ME, NOW)
    return connection


def an_episode(season: int | None = 1, number: int | None = 2, *, show: Show | None = None, **told: Any) -> Episode:
    return Episode(show=show or Show(title="The Wire", year=2002), season=season, number=number, **told)


def a_play(connection: sqlite3.Connection, media: Media = HEAT, **told: Any) -> Play:
    """A stored play; an open one unless `state` says otherwise."""
    media_id, full, _ = medias.resolve(connection, 1, media)
    values: dict[str, Any] = {
        "state": PlayState.PLAYING,
        "origin": Origin.HOOK,
        "source": "plex",
        "player": "tv",
        "started_at": NOW,
        "updated_at": NOW,
    }
    play = Play(id=0, account_id=1, media_id=media_id, media=full, **{**values, **told})
    stored = plays.get(connection, plays.insert(connection, play))
    assert stored is not None
    return stored


def a_debt(connection: sqlite3.Connection, play: Play, verb: Verb = Verb.START, at: int = NOW) -> int:
    return deliveries.owe(connection, 1, play.id, verb, at, 10.0)


def an_event(at: int = NOW, source: str = "plex") -> RawEvent:
    return RawEvent(account_id=1, source=source, received_at=at, body="{}", verb="play")


def a_repeat(key: str, *, exact: bool = False, player: str = "tv") -> Repeat:
    return Repeat(key, exact, player)


@asynccontextmanager
async def busy(database: Database) -> AsyncIterator[Callable[[], None]]:
    """The writer held by a write of its own, until what is yielded is called or the block ends."""
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(connection: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(20)

    holder = asyncio.create_task(database.write(work))
    try:
        await begun.wait()
        yield go_on.set
    finally:
        go_on.set()
        await holder


async def turns(count: int = 5) -> None:
    """Let everything that can go on do so."""
    for _ in range(count):
        await asyncio.sleep(0)
