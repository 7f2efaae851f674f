"""What the writing connection keeps of the open plays is what a fresh look would bring."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.given import HEAT, NOW, a_play, a_repeat, a_store, an_episode, an_event
from watchd.model.media import Media, MediaIds, Movie
from watchd.model.playback import Play, PlayState, Teller
from watchd.model.receipts import Fate
from watchd.store import accounts, events, medias, plays, reconciling
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
    reconciling.link(writer, one.id, 78, "scrobble", NOW)
    assert both(writer)[0].trakt_history_id == 78
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


def test_open_plays_outlive_their_transaction_only_when_it_was_committed(writer: sqlite3.Connection) -> None:
    one = a_play(writer)
    both(writer)
    writer.execute("COMMIT")
    writer.execute("BEGIN IMMEDIATE")
    asked: list[str] = []
    writer.set_trace_callback(asked.append)
    assert plays.open_plays(writer, 1) == [one]
    assert asked == []
    plays.update(writer, replace(one, progress=50.0))
    writer.execute("ROLLBACK")
    writer.execute("BEGIN IMMEDIATE")
    assert both(writer) == [one]


def test_only_what_has_changed_of_an_open_play_is_written(writer: sqlite3.Connection) -> None:
    one = a_play(writer)
    both(writer)
    asked: list[str] = []
    writer.set_trace_callback(asked.append)
    plays.update(writer, one)
    assert asked == []
    moved = replace(one, progress=50.0, tellers=(Teller("plex", "tv", None, NOW),))
    plays.update(writer, moved)
    writer.set_trace_callback(None)
    assert [sql.split(" WHERE ")[0].count("=") for sql in asked] == [2]
    writer.execute("COMMIT")
    assert plays.get(writer, one.id) == moved


def test_a_play_nothing_is_known_of_is_written_whole(writer: sqlite3.Connection) -> None:
    one = a_play(writer)
    writer.execute("UPDATE plays SET player = 'another', reported = 7.0")
    plays.update(writer, one)
    assert both(writer) == [one]


@pytest.mark.parametrize("behind", ["UPDATE plays SET updated_at = 5", "UPDATE plays SET media_id = 1", "DELETE FROM plays"])
def test_a_play_that_is_not_as_it_was_held_to_be_is_not_written_but_read_anew(writer: sqlite3.Connection, behind: str) -> None:
    medias.resolve(writer, 1, an_episode())
    one = a_play(writer)
    plays.open_plays(writer, 1)
    writer.execute(behind)
    with pytest.raises(LookupError):
        plays.update(writer, replace(one, progress=50.0))
    assert [play.progress for play in both(writer)] == ([] if behind.startswith("DELETE") else [None])


def test_pruned_events_are_heard_of_no_more(writer: sqlite3.Connection) -> None:
    for player in ("tv", "bed"):
        events.insert(writer, an_event(), Fate.ACCEPTED, None, a_repeat("k", player=player))
    assert events.prune(writer, keep=1) == 1
    asked = [events.earlier(writer, an_event(), a_repeat("k", player=player), 10_000) for player in ("tv", "bed")]
    assert asked == [None, 0]


def test_the_last_event_of_a_player_is_known_until_plays_change_or_it_is_undone(writer: sqlite3.Connection) -> None:
    one = a_play(writer)

    def earlier(key: str) -> int | None:
        return events.earlier(writer, an_event(NOW + 1), a_repeat(key), 10_000)

    events.insert(writer, an_event(), Fate.ACCEPTED, None, a_repeat("k"), play_id=one.id)
    assert (earlier("k"), earlier("other")) == (one.id, None)
    writer.execute("SAVEPOINT work")
    events.insert(writer, an_event(), Fate.ACCEPTED, None, a_repeat("other"), play_id=one.id)
    events.insert(writer, an_event(), Fate.DUPLICATE, None, a_repeat("third"), play_id=one.id)
    assert (earlier("k"), earlier("other")) == (None, one.id)
    writer.execute("ROLLBACK TO work")
    assert earlier("k") == one.id
    other = a_play(writer, an_episode())
    plays.move_events(writer, one.id, other.id)
    assert earlier("k") == other.id


def test_the_first_login_is_known_until_there_is_one(writer: sqlite3.Connection) -> None:
    assert accounts.trakt_since(writer, 1) is None
    accounts.bind(writer, 1, "uuid", "slug", NOW)
    assert accounts.trakt_since(writer, 1) == NOW
    writer.execute("ROLLBACK")
    writer.execute("BEGIN IMMEDIATE")
    assert accounts.trakt_since(writer, 1) is None


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
