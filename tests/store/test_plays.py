"""Plays as they are stored, found, claimed and removed."""

import sqlite3
from dataclasses import replace

import pytest

from tests.store.given import HEAT, NOW, a_debt, a_play, an_episode, an_event
from watchd.model.playback import Origin, PlayState, Teller
from watchd.model.receipts import Fate, Step
from watchd.store import accounts, deliveries, events, plays

HOUR = 3_600_000


def test_a_play_comes_back_as_it_was(store: sqlite3.Connection) -> None:
    play = a_play(store, origin=Origin.CHECKIN)
    full = replace(
        play,
        state=PlayState.PAUSED,
        progress=33.3,
        progress_at=NOW + 1,
        reported=40.0,
        runtime=10_200.0,
        watched_at=NOW + 2,
        ended_at=NOW + 3,
        again_at=NOW + 4,
        again_progress=1.5,
        trakt_history_id=2**40,
        tellers=(Teller("plex", "Wohnzimmer é", "s1", NOW, 3, NOW - 5), Teller("kodi", "", None, NOW)),
    )
    plays.update(store, full)
    assert plays.get(store, play.id) == full
    assert plays.get(store, play.id + 1) is None


def test_open_plays_are_those_that_play_or_pause_oldest_first(store: sqlite3.Connection) -> None:
    playing, paused = a_play(store), a_play(store, an_episode(), state=PlayState.PAUSED)
    a_play(store, an_episode(1, 3), state=PlayState.STOPPED)
    you = accounts.ensure(store, "you", NOW).id
    store.execute("UPDATE plays SET account_id = ? WHERE id = ?", (you, paused.id))
    assert [play.id for play in plays.open_plays(store)] == [playing.id, paused.id]
    assert [play.id for play in plays.open_plays(store, 1)] == [playing.id]
    assert [play.id for play in plays.open_plays(store, you)] == [paused.id]


def test_of_a_media_the_newest_few_are_given(store: sqlite3.Connection) -> None:
    made = [a_play(store, started_at=NOW + n * HOUR).id for n in range(9)]
    a_play(store, an_episode())
    found = plays.of_media(store, plays.open_plays(store)[0].media_id)
    assert [play.id for play in found] == made[:2:-1]


def test_the_history_is_what_was_watched_newest_first(store: sqlite3.Connection) -> None:
    a_play(store)
    seen = [a_play(store, state=PlayState.STOPPED, watched_at=NOW + n % 3).id for n in range(5)]
    assert [play.id for play in plays.watched(store, 1, 4)] == [seen[2], seen[4], seen[1], seen[3]]
    assert plays.watched(store, 2, 4) == []


def test_a_row_of_the_history_is_claimed_by_one_play_of_the_account(store: sqlite3.Connection) -> None:
    one, other = a_play(store), a_play(store)
    plays.claim(store, one.id, 77)
    plays.claim(store, one.id, 77)
    assert plays.claimant(store, 1, 77) == one.id
    assert plays.claimant(store, 1, 78) is None
    with pytest.raises(sqlite3.IntegrityError):
        plays.claim(store, other.id, 77)


def test_only_open_plays_jump_with_the_clock(store: sqlite3.Connection) -> None:
    live, over = a_play(store, progress_at=NOW), a_play(store, an_episode(), state=PlayState.STOPPED)
    assert plays.shift_open(store, -HOUR) == 1
    moved = plays.get(store, live.id)
    assert moved == replace(live, started_at=NOW - HOUR, updated_at=NOW - HOUR, progress_at=NOW - HOUR)
    assert plays.get(store, over.id) == over


def test_removing_a_play_takes_its_debts_and_keeps_its_events(store: sqlite3.Connection) -> None:
    one, other = a_play(store), a_play(store)
    debt = a_debt(store, one)
    for play in (one, other):
        events.insert(store, an_event(), Fate.ACCEPTED, None, None, step=Step.STARTED, play_id=play.id)
    plays.move_events(store, other.id, one.id)
    plays.remove(store, other.id)
    assert store.execute("SELECT play_id FROM events").fetchall() == [(one.id,), (one.id,)]
    plays.remove(store, one.id)
    assert store.execute("SELECT play_id FROM events").fetchall() == [(None,), (None,)]
    assert deliveries.get(store, debt) is None


def test_the_id_of_a_removed_play_is_not_used_again(store: sqlite3.Connection) -> None:
    gone = a_play(store)
    plays.remove(store, gone.id)
    assert a_play(store).id > gone.id


def test_a_media_row_with_plays_cannot_be_forgotten(store: sqlite3.Connection) -> None:
    play = a_play(store, HEAT)
    with pytest.raises(sqlite3.IntegrityError):
        store.execute("DELETE FROM media WHERE id = ?", (play.media_id,))
