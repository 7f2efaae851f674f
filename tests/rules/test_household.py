"""For any sequence of events no sitting counts twice, and none with a stop or a watched event at the threshold is missed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.rules.household import START, TITLES, Evening, bounds, evenings
from watchd.clock import MINUTE
from watchd.model.media import label
from watchd.model.playback import Play, PlaybackEvent
from watchd.model.receipts import Fate, RawEvent
from watchd.model.relay import DeliveryState, Verb
from watchd.rules.media import same_item
from watchd.rules.policy import Policy
from watchd.services import sittings
from watchd.services.arrivals import Taken, take
from watchd.store import accounts, outbox, plays
from watchd.store.migrate import migrations

ME = 1
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@cache
def fresh_file() -> bytes:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in migrations():
        connection.executescript(step.script)
    account = accounts.ensure(connection, "me", 0)
    accounts.bind(connection, account.id, "uuid", "me", 0)
    kept = connection.serialize()
    connection.close()
    return kept


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(fresh_file())
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.close()


def arrive(connection: sqlite3.Connection, event: PlaybackEvent, at: int, policy: Policy) -> Taken:
    return take(connection, RawEvent(ME, event.source, at, "{}", str(event.action)), event, policy, at)


def history(connection: sqlite3.Connection) -> list[Play]:
    return plays.watched(connection, ME, 10_000)


def check_debts(connection: sqlite3.Connection) -> None:
    """Exactly one living watched outcome for each play that counts, none for the others."""
    counted = {play.id for play in history(connection)}
    owed = [
        item.play_id
        for item in outbox.listed(connection, None, 10_000)
        if item.verb is Verb.WATCHED and item.state is not DeliveryState.SUPERSEDED
    ]
    assert sorted(owed) == sorted(counted)


def check_times(play: Play | None) -> None:
    if play is None:
        return
    assert play.started_at <= play.updated_at
    assert play.open is (play.ended_at is None)
    if play.watched_at is not None:
        assert play.started_at <= play.watched_at
        assert play.ended_at is None or play.watched_at <= play.ended_at


def live_through(evening: Evening, threshold: float) -> None:
    seen, told, spans = evening.viewings, evening.told, evening.spans
    policy = Policy(threshold=threshold)
    with database() as connection:
        for item in told:
            sittings.settle_due(connection, item.arrives, policy)
            taken = arrive(connection, item.event, item.arrives, policy)
            note(f"{(item.arrives - START) / MINUTE:8.2f} {item} -> {taken.receipt.step}, {taken.receipt.fate}")
            assert taken.receipt.fate in (Fate.ACCEPTED, Fate.DUPLICATE)
            check_times(taken.receipt.play)
        sittings.settle_due(connection, spans[-1][1] + 48 * 60 * MINUTE, policy)
        counted = history(connection)
        for play in counted:
            check_times(play)
            note(f"counted {label(play.media)} at {((play.watched_at or 0) - START) / MINUTE:.2f}")
        for index, title in enumerate(TITLES):
            mine = [play.watched_at or 0 for play in counted if same_item(play.media, title.described[0])]
            numbers = [number for number, viewing in enumerate(seen) if viewing.title == index]
            limits = [bounds(seen[number], number, told, threshold) for number in numbers]
            assert sum(least for least, _ in limits) <= len(mine) <= sum(most for _, most in limits)
            for number, (least, _) in zip(numbers, limits, strict=True):
                begun, ended = spans[number]
                assert not least or any(begun <= at <= ended + title.runtime for at in mine)
        check_debts(connection)


@given(evening=evenings(), threshold=st.sampled_from([70.0, 80.0, 90.0]))
@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
def test_every_viewing_counts_once(evening: Evening, threshold: float) -> None:
    live_through(evening, threshold)


@pytest.mark.slow
@given(evening=evenings(most=6), threshold=st.sampled_from([70.0, 80.0, 90.0]))
@settings(max_examples=1_000, deadline=None, suppress_health_check=QUIET)
def test_every_viewing_of_long_evenings_counts_once(evening: Evening, threshold: float) -> None:
    live_through(evening, threshold)
