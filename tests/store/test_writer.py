"""What the writing connection keeps of the open plays is what a fresh look would bring."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.given import HEAT, NOW, a_play, a_store, an_episode
from watchd.model.media import Media, MediaIds, Movie
from watchd.model.playback import Play, PlayState
from watchd.store import medias, plays
from watchd.store.writer import Writer


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    a_store(tmp_path / "watchd.db").close()
    connection = sqlite3.connect(tmp_path / "watchd.db", isolation_level=None, factory=Writer)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def both(connection: sqlite3.Connection) -> list[Play]:
    """The open plays of the account, which must be the same asked for one account as for all."""
    kept = plays.open_plays(connection, 1)
    assert kept == plays.open_plays(connection)
    return kept


def test_plays_that_open_move_and_end_are_kept_up(writer: sqlite3.Connection) -> None:
    assert both(writer) == []
    one, other = a_play(writer), a_play(writer, an_episode())
    assert both(writer) == [one, other]
    plays.update(writer, replace(one, state=PlayState.STOPPED))
    assert both(writer) == [other]
    plays.update(writer, replace(one, progress=50.0))
    assert [play.progress for play in both(writer)] == [50.0, None]


def test_whatever_else_changes_plays_or_their_media_is_seen(writer: sqlite3.Connection) -> None:
    one, other = a_play(writer, Movie(title="Heat")), a_play(writer, an_episode())
    both(writer)
    medias.resolve(writer, 1, HEAT)
    assert both(writer)[0].media == HEAT
    plays.claim(writer, one.id, 77)
    assert both(writer)[0].trakt_history_id == 77
    plays.shift_open(writer, 5)
    assert both(writer)[0].started_at == NOW + 5
    plays.move_media(writer, other.media_id, one.media_id)
    assert both(writer)[1].media == HEAT
    plays.remove(writer, other.id)
    assert [play.id for play in both(writer)] == [one.id]


def test_what_a_savepoint_undoes_is_forgotten(writer: sqlite3.Connection) -> None:
    one = a_play(writer)
    both(writer)
    writer.execute("SAVEPOINT work")
    a_play(writer, an_episode())
    plays.update(writer, replace(one, progress=50.0))
    assert len(both(writer)) == 2
    writer.execute("ROLLBACK TO work")
    writer.execute("RELEASE work")
    assert both(writer) == [one]


def test_nothing_is_kept_beyond_the_transaction(writer: sqlite3.Connection, tmp_path: Path) -> None:
    one = a_play(writer)
    both(writer)
    writer.execute("COMMIT")
    other = sqlite3.connect(tmp_path / "watchd.db")
    other.execute("DELETE FROM plays")
    other.commit()
    other.close()
    writer.execute("BEGIN IMMEDIATE")
    assert plays.open_plays(writer, 1) == []
    assert plays.get(writer, one.id) is None


def test_a_description_leads_to_its_row_until_a_row_changes(writer: sqlite3.Connection) -> None:
    keep, full, _ = medias.resolve(writer, 1, HEAT)
    assert writer_rows(writer) == {(1, HEAT): (keep, full)}
    medias.resolve(writer, 1, an_episode())
    assert medias.resolve(writer, 1, HEAT) == (keep, full, ())
    told = replace(full, runtime=10_200.0)
    assert medias.learn(writer, 1, keep, told)[:2] == (keep, told)
    assert medias.resolve(writer, 1, HEAT) == (keep, told, ())


def test_a_description_that_says_what_its_row_does_not_is_looked_up_each_time(writer: sqlite3.Connection) -> None:
    keep = medias.resolve(writer, 1, HEAT)[0]
    other_title = replace(HEAT, title="Heat, Hotter")
    assert medias.resolve(writer, 1, other_title)[0] == keep
    assert writer_rows(writer).keys() == {(1, HEAT)}


def test_rows_of_a_transaction_that_was_undone_are_forgotten(writer: sqlite3.Connection) -> None:
    medias.resolve(writer, 1, HEAT)
    writer.execute("ROLLBACK")
    assert writer_rows(writer) == {}


def test_rows_outlive_their_transaction_when_it_was_committed(writer: sqlite3.Connection) -> None:
    medias.resolve(writer, 1, HEAT)
    writer.execute("COMMIT")
    writer.execute("BEGIN IMMEDIATE")
    assert len(writer_rows(writer)) == 1


def writer_rows(connection: sqlite3.Connection) -> dict[tuple[int, Media], tuple[int, Media]]:
    assert isinstance(connection, Writer)
    return connection.rows


def test_an_item_told_of_again_is_what_a_fresh_look_would_find(writer: sqlite3.Connection, tmp_path: Path) -> None:
    told = Movie(title="Heat", ids=MediaIds(tmdb=949))
    row, full, _ = medias.resolve(writer, 1, told)
    assert medias.resolve(writer, 1, told) == (row, full, ())
    assert medias.resolve(writer, 1, HEAT) == (row, HEAT, ())
    assert medias.resolve(writer, 1, told) == (row, HEAT, ())
    writer.execute("COMMIT")
    writer.execute("BEGIN IMMEDIATE")
    assert medias.resolve(writer, 1, told) == (row, HEAT, ())
    medias.learn(writer, 1, row, Movie(ids=MediaIds(trakt=480)))
    assert medias.resolve(writer, 1, told)[1].ids == MediaIds(trakt=480, imdb="tt0113277", tmdb=949)


@pytest.mark.parametrize("undo", ["ROLLBACK", "ROLLBACK TO work"])
def test_an_item_whose_row_was_undone_gets_one_again(writer: sqlite3.Connection, undo: str) -> None:
    writer.execute("SAVEPOINT work")
    medias.resolve(writer, 1, HEAT)
    medias.resolve(writer, 1, HEAT)
    writer.execute(undo)
    if not writer.in_transaction:
        writer.execute("BEGIN IMMEDIATE")
    row, _, _ = medias.resolve(writer, 1, HEAT)
    assert medias.get(writer, row) == HEAT


def test_an_item_whose_row_was_merged_away_is_found_in_the_other(writer: sqlite3.Connection) -> None:
    by_imdb, by_tmdb = Movie(ids=MediaIds(imdb="tt0113277")), Movie(ids=MediaIds(tmdb=949))
    keep, other = medias.resolve(writer, 1, by_imdb)[0], medias.resolve(writer, 1, by_tmdb)[0]
    assert medias.resolve(writer, 1, HEAT) == (keep, HEAT, (other,))
    medias.forget(writer, other)
    assert [medias.resolve(writer, 1, told) for told in (by_imdb, by_tmdb)] == [(keep, HEAT, ())] * 2


def test_a_transaction_that_sqlite_ended_by_itself_leaves_no_row_behind(writer: sqlite3.Connection) -> None:
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    medias.resolve(writer, 1, HEAT)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        writer.execute("INSERT INTO accounts (name, created_at) VALUES (hex(randomblob(200000)), 0)")
    if writer.in_transaction:
        writer.execute("ROLLBACK")
    writer.execute(f"PRAGMA max_page_count = {pages + 1000}")
    writer.execute("BEGIN IMMEDIATE")
    row, _, _ = medias.resolve(writer, 1, HEAT)
    assert medias.get(writer, row) == HEAT
