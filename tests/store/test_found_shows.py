"""TMDB's ids of shows by the rows of their episodes: what is to be asked for, and what is kept."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from watchd.clock import DAY
from watchd.model.media import Episode, MediaIds, Show
from watchd.store import found_shows, medias
from watchd.store.migrate import bring_up, migrations

NOW = 1_790_000_000_000


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    bring_up(tmp_path / "watchd.db", migrations())
    connection = sqlite3.connect(tmp_path / "watchd.db")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("INSERT OR REPLACE INTO accounts (id, name, created_at) VALUES (1, 'me', 0), (2, 'her', 0)")
    yield connection
    connection.close()


def row(connection: sqlite3.Connection, number: int, *, account_id: int = 1, show: MediaIds | None = None) -> int:
    show = show or MediaIds()
    episode = Episode(Show("Dark", 2017, show), 1, number, ids=MediaIds(imdb=f"tt{number}"))
    return medias.resolve(connection, account_id, episode)[0]


def test_only_what_was_played_and_is_not_known_is_asked_for(connection: sqlite3.Connection) -> None:
    one, _not_played, told = row(connection, 1), row(connection, 2), row(connection, 3, show=MediaIds(tmdb=5))
    for media_id in (one, told):
        connection.execute(
            "INSERT INTO plays (account_id, media_id, state, origin, source, player, watched_at, started_at, updated_at, "
            "progress_at) VALUES (1, ?, 'stopped', 'hook', 'plex', 'tv', 5, 5, 5, 5)",
            (media_id,),
        )
    (found,) = found_shows.unnamed(connection, 0, 9)
    assert (found.media_id, found.episode.ids.imdb, found.name) == (one, "tt1", (1, "dark", 2017))
    assert found_shows.unnamed(connection, one, 9) == []
    found_shows.put(connection, one, None, NOW)
    assert found_shows.unnamed(connection, 0, 9) == []
    assert found_shows.asked(connection) == [((1, "dark", 2017), False)]


def test_each_account_has_its_own(connection: sqlite3.Connection) -> None:
    mine, hers = row(connection, 1), row(connection, 1, account_id=2)
    found_shows.put(connection, mine, 70523, NOW)
    found_shows.put(connection, hers, None, NOW)
    assert [found_shows.of_account(connection, account_id) for account_id in (1, 2)] == [{mine: 70523}, {}]


def test_what_was_found_goes_with_a_row_that_is_no_more(connection: sqlite3.Connection) -> None:
    media_id = row(connection, 1)
    found_shows.put(connection, media_id, 70523, NOW)
    medias.forget(connection, media_id)
    found_shows.put(connection, media_id, 70523, NOW)
    assert found_shows.asked(connection) == []


def test_what_is_not_known_goes_before_what_is(connection: sqlite3.Connection) -> None:
    known, unknown = row(connection, 1), row(connection, 2)
    found_shows.put(connection, known, 70523, NOW)
    found_shows.put(connection, unknown, None, NOW)
    found_shows.forget(connection, NOW + DAY, NOW)
    assert [good for _, good in found_shows.asked(connection)] == [True]
    found_shows.forget(connection, NOW + DAY, NOW + DAY)
    assert found_shows.asked(connection) == []
