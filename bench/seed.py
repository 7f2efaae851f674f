"""A state directory of long use: plays, media, raw events and settled deliveries, made by the store's own verbs."""

import json
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.library import payload
from watchd.clock import DAY, HOUR, MINUTE
from watchd.model import media
from watchd.model.media import MediaIds
from watchd.model.playback import Origin, Play, PlayState, Teller
from watchd.model.receipts import Fate, RawEvent, Step
from watchd.model.relay import DeliveryState, Verb
from watchd.model.tokens import TokenPair
from watchd.rules.repeats import Repeat
from watchd.services import indexing
from watchd.standins.items import Episode, Movie, Watchable
from watchd.store import accounts, deliveries, events, medias, pictures, plays, state_dir, titles
from watchd.store import tokens as token_rows
from watchd.store.migrate import bring_up, migrations

_HERE = 5  # every so many plays came by a hook and have an event and a delivery; the others came by a sync
_AT_ONCE = 500
_ALL = 1_000_000
_UUID = "b6589fc6ab0dc82cf12099d1c2d40ab994e8410c"


def fill(directory: Path, items: Sequence[Watchable], count: int, now: int) -> None:
    """Make `count` plays of `items` before `now`, oldest first, and the search index of them."""
    path = state_dir.prepare(directory)
    bring_up(path, migrations())
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        me = accounts.ensure(connection, accounts.ME, now).id
        found = [medias.resolve(connection, me, as_media(item))[:2] for item in items]
        chance = random.Random(3)
        for number in range(count):
            which = chance.randrange(len(found))
            at = now - DAY - (count - number) * HOUR
            _play(connection, me, number, at, *found[which])
            if number % _HERE == 0:
                _here(connection, me, items[which], number, at)
        while news := titles.news(connection, _AT_ONCE):
            indexing.take_media(connection, news)
        connection.execute("COMMIT")
        connection.execute("PRAGMA optimize")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _play(connection: sqlite3.Connection, account_id: int, number: int, at: int, media_id: int, what: media.Media) -> None:
    runtime = what.runtime or 3600.0
    here = number % _HERE == 0
    play = Play(
        id=0,
        account_id=account_id,
        media_id=media_id,
        media=what,
        state=PlayState.STOPPED,
        origin=Origin.HOOK if here else Origin.TRAKT,
        source="plex" if here else "trakt",
        player="attic/tv" if here else "",
        started_at=at - round(runtime * 1000),
        updated_at=at,
        progress=96.0,
        progress_at=at,
        reported=96.0,
        runtime=runtime,
        watched_at=at,
        ended_at=at,
        trakt_history_id=10_000_000_000 + number,
        tellers=(Teller("plex", "attic/tv", None, at),) if here else (),
    )
    plays.insert(connection, play)


def _here(connection: sqlite3.Connection, account_id: int, item: Watchable, number: int, at: int) -> None:
    body = json.dumps(payload("media.stop", item, 96.0, 0), separators=(",", ":"))
    repeat = Repeat(f"stop|{number}", exact=False, player="attic/tv|watcher")
    raw = RawEvent(account_id, "plex", at, body)
    events.insert(connection, raw, Fate.ACCEPTED, None, repeat, step=Step.WATCHED, play_id=number + 1)
    debt = deliveries.owe(connection, account_id, number + 1, Verb.WATCHED, at, 96.0)
    deliveries.settle(connection, debt, DeliveryState.DELIVERED, at + MINUTE, status=201, history_id=10_000_000_000 + number)


def as_media(item: Watchable) -> media.Media:
    """A catalogue item as the store knows it after a sync."""
    seconds = item.runtime * 60.0
    if isinstance(item, Movie):
        return media.Movie(item.title, item.year, _ids(item.ids), seconds)
    assert isinstance(item, Episode)
    return media.Episode(
        show=media.Show(item.show.title, item.show.year, _ids(item.show.ids)),
        season=item.season,
        number=item.number,
        title=item.title,
        ids=_ids(item.ids),
        runtime=seconds,
    )


def _ids(ids: dict[str, object]) -> MediaIds:
    return MediaIds(**{name: ids.get(name) for name in ("trakt", "slug", "imdb", "tmdb", "tvdb")})  # type: ignore[arg-type]


def picture(directory: Path, now: int) -> list[tuple[str, int]]:
    """Pictures for all movies and shows played, as if TMDB had told of them today; return which these are."""
    connection = sqlite3.connect(directory / state_dir.DATABASE, isolation_level=None)
    try:
        connection.execute("BEGIN")
        ids = [(kind, int(value)) for kind in ("movie", "show") for value in pictures.played(connection, kind, "", _ALL)]
        for kind, tmdb_id in ids:
            files = [f"/{kind}{tmdb_id:08}{which}aBcDeFgHiJkL.jpg" for which in range(4)]
            seasons = [(season, files[2], None) for season in (1, 2)] if kind == "show" else []
            rows = [(pictures.ITSELF, files[0], files[1]), *seasons]
            pictures.put(connection, (kind, tmdb_id), rows, now, now + 90 * DAY, now + 80 * DAY)
        connection.execute("COMMIT")
        return ids
    finally:
        connection.close()


def log_in(directory: Path, tokens: dict[str, Any], now: int) -> None:
    """Tie the account to the stand-in's user and keep its tokens, so that plays from now on owe Trakt."""
    connection = sqlite3.connect(directory / state_dir.DATABASE, isolation_level=None)
    try:
        me = accounts.ensure(connection, accounts.ME, now).id
        accounts.bind(connection, me, _UUID, "watcher", now)
        pair = TokenPair(tokens["access_token"], tokens["refresh_token"], now, tokens["expires_in"], tokens["scope"])
        token_rows.save(connection, me, pair)
    finally:
        connection.close()
