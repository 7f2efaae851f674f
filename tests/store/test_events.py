"""Raw events: when one was there before, and how few are kept."""

import sqlite3

import pytest

from tests.store.given import NOW, a_play, a_repeat, an_event
from watchd.model.receipts import Fate, RawEvent, Step
from watchd.rules.repeats import Repeat
from watchd.store import accounts, events

WINDOW = 10_000


def took(store: sqlite3.Connection, raw: RawEvent, repeat: Repeat, fate: Fate = Fate.ACCEPTED) -> int:
    return events.insert(store, raw, fate, None, repeat)


def earlier(store: sqlite3.Connection, at: int, repeat: Repeat, source: str = "plex") -> int | None:
    return events.earlier(store, an_event(at, source), repeat, WINDOW)


def test_an_event_and_its_fate_are_kept(store: sqlite3.Connection) -> None:
    play = a_play(store)
    events.insert(store, an_event(), Fate.ACCEPTED, "because", a_repeat("k"), step=Step.STARTED, play_id=play.id)
    row = store.execute(
        "SELECT account_id, source, verb, received_at, body, fate, reason, step, play_id FROM events"
    ).fetchone()
    assert row == (1, "plex", "play", NOW, "{}", "accepted", "because", "started", play.id)


@pytest.mark.parametrize(
    "after, repeated", [(0, True), (WINDOW, True), (WINDOW + 1, False), (-WINDOW, True), (-WINDOW - 1, False)]
)
def test_the_same_words_within_the_window_are_a_repeat(store: sqlite3.Connection, after: int, repeated: bool) -> None:
    took(store, an_event(), a_repeat("pause|12.0"))
    assert (earlier(store, NOW + after, a_repeat("pause|12.0")) is not None) is repeated


def test_play_pause_resume_pause_within_seconds_are_four_events(store: sqlite3.Connection) -> None:
    for after, key in enumerate(("start", "pause", "start", "pause")):
        assert earlier(store, NOW + after, a_repeat(key)) is None
        took(store, an_event(NOW + after), a_repeat(key))
    assert earlier(store, NOW + 5, a_repeat("pause")) == 0


def test_another_player_source_or_account_repeats_nothing(store: sqlite3.Connection) -> None:
    took(store, an_event(), a_repeat("pause"))
    you = RawEvent(accounts.ensure(store, "you", NOW).id, "plex", NOW, "{}")
    assert earlier(store, NOW, a_repeat("pause", player="bedroom")) is None
    assert earlier(store, NOW, a_repeat("pause"), source="kodi") is None
    assert events.earlier(store, you, a_repeat("pause"), WINDOW) is None


def test_an_exact_key_repeats_however_late_and_whatever_came_between(store: sqlite3.Connection) -> None:
    play = a_play(store)
    events.insert(store, an_event(), Fate.ACCEPTED, None, a_repeat("plex|at 5", exact=True), play_id=play.id)
    took(store, an_event(NOW + 1), a_repeat("other"))
    assert earlier(store, NOW + 10**9, a_repeat("plex|at 5", exact=True)) == play.id
    assert earlier(store, NOW + 10**9, a_repeat("plex|at 6", exact=True)) is None
    assert earlier(store, NOW + 1, a_repeat("plex|at 5")) is None, "a key that is not exact is another thing"


@pytest.mark.parametrize("fate", [Fate.INTERNAL, Fate.IGNORED, Fate.DUPLICATE, Fate.MALFORMED])
@pytest.mark.parametrize("exact", [True, False])
def test_what_was_not_accepted_is_no_first_time(store: sqlite3.Connection, fate: Fate, exact: bool) -> None:
    took(store, an_event(), a_repeat("k", exact=exact), fate)
    assert earlier(store, NOW, a_repeat("k", exact=exact)) is None


def test_pruning_removes_the_oldest_a_few_at_a_time(store: sqlite3.Connection) -> None:
    for n in range(30):
        took(store, an_event(NOW + n), a_repeat(str(n)))
    assert [events.prune(store, keep=10, at_most=8) for _ in range(4)] == [8, 8, 4, 0]
    assert store.execute("SELECT min(id), max(id), count(*) FROM events").fetchone() == (21, 30, 10)


def test_pruning_an_empty_table_does_nothing(store: sqlite3.Connection) -> None:
    assert events.prune(store) == 0
