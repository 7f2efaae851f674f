"""Debts: made, superseded, sent, taken back, settled and asked for."""

import sqlite3

import pytest

from tests.store.given import NOW, a_debt, a_play, an_episode
from watchd.model.playback import Origin, PlayState
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.store import accounts, deliveries, outbox

OPEN = ("pending", "sent", "held", "unidentified")
SETTLED = ("delivered", "superseded", "dead")


def got(store: sqlite3.Connection, delivery_id: int) -> Delivery:
    found = deliveries.get(store, delivery_id)
    assert found is not None
    return found


def put(store: sqlite3.Connection, delivery_id: int, state: str, attempts: int = 0) -> None:
    store.execute("UPDATE deliveries SET state = ?, attempts = ? WHERE id = ?", (state, attempts, delivery_id))


def test_a_debt_is_pending_and_numbered_within_its_play(store: sqlite3.Connection) -> None:
    one, other = a_play(store), a_play(store, an_episode())
    ids = [a_debt(store, one), a_debt(store, other), a_debt(store, one, Verb.WATCHED, NOW + 5)]
    assert [got(store, delivery_id).seq for delivery_id in ids] == [1, 1, 2]
    expected = Delivery(ids[2], 1, one.id, TRAKT, 2, Verb.WATCHED, DeliveryState.PENDING, NOW + 5, 10.0)
    assert got(store, ids[2]) == expected
    assert deliveries.get(store, 99) is None


@pytest.mark.parametrize("verb", [Verb.START, Verb.PAUSE, Verb.STOP])
@pytest.mark.parametrize("state", ["pending", "held", "unidentified"])
def test_a_later_event_supersedes_what_was_live_and_unsent(store: sqlite3.Connection, verb: Verb, state: str) -> None:
    play = a_play(store)
    early = a_debt(store, play, verb)
    put(store, early, state)
    late = a_debt(store, play, Verb.PAUSE, NOW + 9)
    assert (got(store, early).state, got(store, early).settled_at) == (DeliveryState.SUPERSEDED, NOW + 9)
    assert got(store, late).state is DeliveryState.PENDING


def test_what_was_sent_is_settled_or_an_outcome_is_never_superseded(store: sqlite3.Connection) -> None:
    play, other = a_play(store), a_play(store, an_episode())
    kept = {}
    for verb, state, attempts in (
        (Verb.WATCHED, "pending", 0),
        (Verb.CHECKIN, "pending", 0),
        (Verb.START, "sent", 1),
        (Verb.START, "held", 1),
        (Verb.START, "delivered", 1),
        (Verb.START, "dead", 0),
    ):
        delivery_id = a_debt(store, play, verb)
        put(store, delivery_id, state, attempts)
        kept[delivery_id] = state
    kept[a_debt(store, other)] = "pending"
    a_debt(store, play, Verb.STOP)
    assert {delivery_id: str(got(store, delivery_id).state) for delivery_id in kept} == kept


def test_a_sitting_has_one_watched_outcome(store: sqlite3.Connection) -> None:
    play = a_play(store)
    first = a_debt(store, play, Verb.WATCHED)
    for state in (*OPEN, "delivered", "dead"):
        put(store, first, state)
        with pytest.raises(sqlite3.IntegrityError):
            a_debt(store, play, Verb.WATCHED)
    put(store, first, "superseded")
    a_debt(store, play, Verb.WATCHED)


def test_a_write_ahead_remembers_the_first_and_the_last_attempt(store: sqlite3.Connection) -> None:
    debt = a_debt(store, a_play(store), Verb.WATCHED)
    deliveries.write_ahead(store, debt, "scrobble/stop", NOW + 1)
    deliveries.write_ahead(store, debt, "sync/history", NOW + 2)
    sent = got(store, debt)
    assert (sent.state, sent.attempts, sent.sent_as) == (DeliveryState.SENT, 2, "sync/history")
    assert (sent.first_sent_at, sent.last_sent_at) == (NOW + 1, NOW + 2)


def test_a_write_ahead_that_led_to_nothing_is_taken_back(store: sqlite3.Connection) -> None:
    play = a_play(store)
    debt = a_debt(store, play, Verb.WATCHED)
    fresh = got(store, debt)
    deliveries.write_ahead(store, debt, "scrobble/stop", NOW + 1)
    once = got(store, debt)
    deliveries.write_ahead(store, debt, "sync/history", NOW + 2)
    deliveries.restore(store, once)
    assert got(store, debt) == once
    deliveries.restore(store, fresh)
    assert got(store, debt) == fresh


def test_an_outcome_that_missed_its_moment_goes_by_history(store: sqlite3.Connection) -> None:
    debt = a_debt(store, a_play(store), Verb.WATCHED)
    deliveries.write_ahead(store, debt, "scrobble/stop", NOW + 1)
    deliveries.turn_to_history(store, debt, NOW + 99, "a rewatch inside the window")
    turned = got(store, debt)
    assert (turned.state, turned.sent_as, turned.due_at) == (DeliveryState.SENT, "sync/history", NOW + 99)
    assert (turned.attempts, turned.first_sent_at) == (1, NOW + 1)


def test_a_settled_debt_is_no_longer_open_and_keeps_its_row_of_the_history(store: sqlite3.Connection) -> None:
    debt = a_debt(store, a_play(store), Verb.WATCHED)
    assert deliveries.is_open(store, debt)
    deliveries.settle(store, debt, DeliveryState.DELIVERED, NOW + 3, status=201, answer="{}", history_id=77)
    deliveries.settle(store, debt, DeliveryState.DELIVERED, NOW + 4, reason="found again")
    settled = got(store, debt)
    assert (settled.state, settled.settled_at, settled.history_id) == (DeliveryState.DELIVERED, NOW + 4, 77)
    assert not deliveries.is_open(store, debt)
    assert deliveries.due(store, 1, NOW) == []


def test_a_postponed_debt_is_due_at_its_time(store: sqlite3.Connection) -> None:
    debt = a_debt(store, a_play(store))
    deliveries.postpone(store, debt, DeliveryState.SENT, NOW + 100, status=503, answer="no", reason="busy")
    later = got(store, debt)
    assert (later.state, later.status, later.answer, later.reason) == (DeliveryState.SENT, 503, "no", "busy")
    assert deliveries.due(store, 1, NOW + 99) == []
    assert [item.id for item in deliveries.due(store, 1, NOW + 100)] == [debt]
    assert deliveries.next_due(store, 1) == NOW + 100
    assert deliveries.next_due(store, 2) is None


def test_what_is_held_is_let_go_with_what_is_known_of_it(store: sqlite3.Connection) -> None:
    you = accounts.ensure(store, "you", NOW).id
    ids = [a_debt(store, a_play(store, an_episode(1, n))) for n in range(4)]
    for delivery_id, state, attempts in zip(ids, ("held", "held", "dead", "held"), (0, 2, 0, 0), strict=True):
        put(store, delivery_id, state, attempts)
    store.execute("UPDATE deliveries SET account_id = ? WHERE id = ?", (you, ids[3]))
    deliveries.release(store, 1, NOW + 1)
    assert [str(got(store, delivery_id).state) for delivery_id in ids] == ["pending", "sent", "dead", "held"]
    assert [item.id for item in deliveries.due(store, 1, NOW + 1)] == ids[:2]


@pytest.mark.parametrize("state", [*OPEN, *SETTLED])
@pytest.mark.parametrize("attempts", [0, 2])
def test_by_hand_a_debt_is_tried_again_or_given_up(store: sqlite3.Connection, state: str, attempts: int) -> None:
    debt = a_debt(store, a_play(store), Verb.WATCHED)
    put(store, debt, state, attempts)
    again = state not in ("delivered", "superseded")
    assert outbox.retry(store, debt, NOW + 5) is again
    if again:
        assert got(store, debt).state == ("sent" if attempts else "pending"), "what was tried is read back first"
        assert [item.id for item in deliveries.due(store, 1, NOW + 5)] == [debt]
    put(store, debt, state, attempts)
    assert deliveries.drop(store, debt, NOW + 6) is again
    assert got(store, debt).state == ("superseded" if again else state)


def test_the_newest_sent_counts_what_left_as_live(store: sqlite3.Connection) -> None:
    assert deliveries.newest_sent(store, 1) == 0
    for n, method in enumerate(("scrobble/start", "scrobble/stop", "sync/history", None)):
        debt = a_debt(store, a_play(store, an_episode(1, n)), Verb.WATCHED, NOW + n)
        if method is not None:
            deliveries.write_ahead(store, debt, method, NOW + 50)
    assert deliveries.newest_sent(store, 1) == NOW + 1
    assert deliveries.newest_sent(store, 2) == 0


def test_a_long_backlog_hides_neither_the_oldest_nor_the_newest_debt(store: sqlite3.Connection) -> None:
    ids = [a_debt(store, a_play(store, an_episode(1, n)), Verb.WATCHED) for n in range(300)]
    found = [item.id for item in deliveries.due(store, 1, NOW, some=40)]
    assert found[:40] == ids[:40]
    assert sorted(found[40:]) == ids[-40:]
    assert [item.id for item in deliveries.due(store, 1, NOW, some=200)] == [*ids[:200], *ids[:199:-1]]
    assert len(outbox.listed(store, "open", 1000)) == 300


def test_newer_marks_by_hand_do_not_hide_what_is_live(store: sqlite3.Connection) -> None:
    def marks(first: int) -> None:
        for number in range(first, first + 60):
            play = a_play(store, an_episode(1, number), state=PlayState.STOPPED)
            deliveries.owe(store, 1, play.id, Verb.WATCHED, NOW, 100.0, sent_as="sync/history")

    marks(1)
    live = a_debt(store, a_play(store), Verb.WATCHED)
    marks(101)
    assert live in [item.id for item in deliveries.due(store, 1, NOW)]


def test_the_backlog_counts_what_is_open_and_what_is_dead(store: sqlite3.Connection) -> None:
    assert outbox.backlog(store, [1]) == (0, 0, None)
    for n, state in enumerate((*SETTLED, *OPEN)):
        put(store, a_debt(store, a_play(store, an_episode(1, n)), Verb.WATCHED, NOW + n), state)
    assert outbox.backlog(store, [1, 2]) == (4, 1, NOW + 3)
    assert outbox.backlog(store, [2]) == (0, 0, None)
    assert [str(item.state) for item in outbox.listed(store, "open", 9)] == list(reversed(OPEN))
    assert [str(item.state) for item in outbox.listed(store, "dead", 9)] == ["dead"]
    assert [item.id for item in outbox.listed(store, None, 3)] == [7, 6, 5]


def test_delivered_outcomes_without_a_row_wait_to_be_claimed(store: sqlite3.Connection) -> None:
    ids = [a_debt(store, a_play(store, an_episode(1, n)), Verb.WATCHED) for n in range(3)]
    for n, delivery_id in enumerate(ids):
        deliveries.settle(store, delivery_id, DeliveryState.DELIVERED, NOW + 10 - n)
    deliveries.set_history(store, ids[1], 5)
    assert [item.id for item in deliveries.unclaimed(store, 1, 0, NOW + 99)] == [ids[0], ids[2]]
    assert [item.id for item in deliveries.unclaimed(store, 1, 0, NOW + 10)] == [ids[2]]
    assert deliveries.unclaimed(store, 2, 0, NOW + 99) == []


def test_moved_debts_follow_those_of_the_other_play(store: sqlite3.Connection) -> None:
    one, other = a_play(store), a_play(store)
    mine = [a_debt(store, one, verb) for verb in (Verb.START, Verb.WATCHED)]
    theirs = [a_debt(store, other, verb) for verb in (Verb.START, Verb.PAUSE)]
    deliveries.move(store, other.id, one.id)
    assert [item.id for item in deliveries.of_play(store, one.id)] == [*mine, *theirs]
    assert [item.seq for item in deliveries.of_play(store, one.id)] == [1, 2, 3, 4]
    assert deliveries.of_play(store, other.id) == []


def test_the_past_is_owed_once_and_only_what_happened_here(store: sqlite3.Connection) -> None:
    seen = {"state": PlayState.STOPPED, "watched_at": NOW}
    owed = [a_play(store, an_episode(1, n), origin=origin, **seen).id for n, origin in enumerate((Origin.HOOK, Origin.CHECKIN))]
    a_play(store, an_episode(2, 1), origin=Origin.TRAKT, **seen)
    a_play(store, an_episode(2, 2), trakt_history_id=5, **seen)
    a_play(store, an_episode(2, 3))
    a_debt(store, a_play(store, an_episode(2, 4), **seen), Verb.WATCHED)
    dropped = a_debt(store, a_play(store, an_episode(2, 5), **seen), Verb.WATCHED)
    deliveries.drop(store, dropped, NOW)
    assert outbox.owe_past(store, 1) == 2
    assert [item.play_id for item in outbox.listed(store, None, 2)] == owed[::-1]
    assert outbox.listed(store, None, 1)[0].at == NOW
    assert outbox.owe_past(store, 1) == 0


def test_a_destination_knows_of_a_play_once_something_was_sent(store: sqlite3.Connection) -> None:
    play = a_play(store)
    debt = a_debt(store, play)
    assert not deliveries.started_there(store, play.id)
    deliveries.write_ahead(store, debt, "scrobble/start", NOW)
    assert deliveries.started_there(store, play.id)
