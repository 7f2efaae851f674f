"""What to do with a debt now."""

import pytest

from tests.rules.making import NOW, minutes, paused, play, stopped, watched, watched_open
from watchd.clock import HOUR, MINUTE, SECOND
from watchd.model.playback import Play
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.rules.plan import (
    HISTORY,
    IN_FLIGHT,
    Move,
    Plan,
    backoff,
    fits,
    fits_sitting,
    in_sitting,
    plan,
    read_window,
)

SEND, READ_BACK, SUPERSEDE, WAIT = Move.SEND, Move.READ_BACK, Move.SUPERSEDE, Move.WAIT


def debt(
    verb: Verb, at: int = NOW, *, sent: tuple[int, int] | None = None, sent_as: str | None = None, seq: int = 2
) -> Delivery:
    return Delivery(
        5, 1, 7, TRAKT, seq, verb, DeliveryState.SENT if sent else DeliveryState.PENDING, at, 50.0,
        attempts=1 if sent else 0, sent_as=sent_as,
        first_sent_at=sent[0] if sent else None, last_sent_at=sent[1] if sent else None,
    )  # fmt: skip


def decided(
    delivery: Delivery, item: Play, later: int = SECOND, *, newest: int = 0, tried: bool = False, pause: str = "stop"
) -> Plan:
    return plan(delivery, item, NOW + later, newest_sent=newest, tried=tried, pause_verb=pause)


@pytest.mark.parametrize(
    "verb, item, later, newest, move, method",
    [
        (Verb.START, play(), SECOND, 0, SEND, "scrobble/start"),
        (Verb.START, play(), HOUR, 0, SEND, "scrobble/start"),
        (Verb.START, play(), SECOND, NOW + 1, SUPERSEDE, ""),
        (Verb.START, paused(40.0, NOW), SECOND, 0, SUPERSEDE, ""),
        (Verb.START, stopped(40.0, NOW), SECOND, 0, SUPERSEDE, ""),
        (Verb.START, watched_open(NOW), SECOND, 0, SUPERSEDE, ""),
        (Verb.PAUSE, paused(40.0, NOW), SECOND, 0, SEND, "scrobble/stop"),
        (Verb.PAUSE, paused(40.0, NOW), HOUR + 1, 0, SUPERSEDE, ""),
        (Verb.PAUSE, paused(40.0, NOW), SECOND, NOW + 1, SUPERSEDE, ""),
        (Verb.STOP, stopped(40.0, NOW), SECOND, 0, SEND, "scrobble/stop"),
        (Verb.STOP, stopped(40.0, NOW), HOUR + 1, 0, SUPERSEDE, ""),
        (Verb.CHECKIN, play(), SECOND, 0, SEND, "checkin"),
        (Verb.CHECKIN, stopped(0.0, NOW), SECOND, 0, SUPERSEDE, ""),
        (Verb.CHECKIN, play(), minutes(100), 0, SUPERSEDE, ""),
        (Verb.CHECKIN, play(), 3 * MINUTE + 1, 0, SUPERSEDE, ""),
        (Verb.UNCHECKIN, stopped(0.0, NOW), SECOND, 0, SEND, "checkin/delete"),
        (Verb.UNCHECKIN, stopped(0.0, NOW), SECOND, NOW + 1, SUPERSEDE, ""),
        (Verb.UNCHECKIN, stopped(0.0, NOW), HOUR + 1, 0, SUPERSEDE, ""),
        (Verb.UNCHECKIN, stopped(0.0, NOW, runtime=600.0), minutes(10), 0, SUPERSEDE, ""),
        (Verb.WATCHED, watched(NOW), SECOND, 0, SEND, "scrobble/stop"),
        (Verb.WATCHED, watched(NOW), 3 * MINUTE, 0, SEND, "scrobble/stop"),
        (Verb.WATCHED, watched(NOW), 3 * MINUTE + 1, 0, READ_BACK, HISTORY),
        (Verb.WATCHED, watched(NOW), SECOND, NOW + 1, READ_BACK, HISTORY),
        (Verb.WATCHED, watched(NOW), 1000 * HOUR, NOW + 1, READ_BACK, HISTORY),
    ],
)
def test_a_debt_that_was_never_tried(verb: Verb, item: Play, later: int, newest: int, move: Move, method: str) -> None:
    found = decided(debt(verb), item, later, newest=newest)
    assert (found.move, found.method) == (move, method)
    assert bool(found.reason) is (move is SUPERSEDE)


def test_a_pause_goes_out_by_the_verb_of_the_settings() -> None:
    assert decided(debt(Verb.PAUSE), paused(40.0, NOW), pause="pause").method == "scrobble/pause"
    assert decided(debt(Verb.STOP), stopped(40.0, NOW), pause="pause").method == "scrobble/stop"


def test_an_outcome_that_may_be_there_already_is_read_back_after_the_lag() -> None:
    tried = debt(Verb.WATCHED, sent=(NOW, NOW))
    waiting = decided(tried, watched(NOW), 9 * SECOND, tried=True)
    assert (waiting.move, waiting.until) == (WAIT, NOW + 10 * SECOND)
    again = decided(tried, watched(NOW), 10 * SECOND, tried=True)
    assert (again.move, again.method) == (READ_BACK, "scrobble/stop")


def test_the_outcome_of_a_checkin_that_went_out_is_read_back() -> None:
    assert decided(debt(Verb.WATCHED), watched(NOW), tried=True).move is READ_BACK


def test_what_was_turned_to_the_history_stays_there_and_rests_longer() -> None:
    turned = debt(Verb.WATCHED, sent=(NOW, NOW), sent_as=HISTORY)
    waiting = decided(turned, watched(NOW), 20 * SECOND, tried=True)
    assert (waiting.move, waiting.method, waiting.until) == (WAIT, HISTORY, NOW + IN_FLIGHT)
    found = decided(turned, watched(NOW), IN_FLIGHT, tried=True)
    assert (found.move, found.method) == (READ_BACK, HISTORY)


def test_a_watched_outcome_is_never_superseded() -> None:
    for newest in (0, NOW + HOUR):
        for later in (0, HOUR, 10_000 * HOUR):
            for tried in (False, True):
                assert decided(debt(Verb.WATCHED), watched(NOW), later, newest=newest, tried=tried).move is not SUPERSEDE


def test_the_window_read_back_spans_the_moment_and_every_attempt() -> None:
    near = 2 * MINUTE
    assert read_window(debt(Verb.WATCHED), watched(NOW)) == (NOW - near, NOW + near)
    tried = debt(Verb.WATCHED, sent=(NOW + MINUTE, NOW + HOUR))
    assert read_window(tried, watched(NOW)) == (NOW - near, NOW + HOUR + near)


def test_a_sitting_trakt_was_told_nothing_of_is_looked_for_over_its_whole_length() -> None:
    item = watched(NOW + minutes(95))
    first, tried = debt(Verb.WATCHED, NOW + minutes(95), seq=1), debt(Verb.WATCHED, sent=(NOW, NOW), seq=1)
    assert read_window(first, item) == (NOW - minutes(30), NOW + minutes(125))
    inside = [fits_sitting(first, item, NOW + minutes(at)) for at in (-31, -30, 60, 125, 126)]
    assert inside == [False, True, True, True, False]
    assert not fits_sitting(tried, item, NOW)
    assert not fits_sitting(debt(Verb.WATCHED), item, NOW)


@pytest.mark.parametrize(
    "moment, fitting",
    [(0, True), (-2 * MINUTE, True), (2 * MINUTE, True), (-4 * MINUTE, False), (4 * MINUTE, False), (30 * MINUTE, False)],
)
def test_a_row_fits_an_untried_outcome_near_its_moment(moment: int, fitting: bool) -> None:
    assert fits(debt(Verb.WATCHED), NOW + moment) is fitting


def test_a_row_within_the_attempts_fits() -> None:
    tried = debt(Verb.WATCHED, sent=(NOW + 10 * MINUTE, NOW + 40 * MINUTE))
    inside = [fits(tried, NOW + minute * MINUTE) for minute in (0, 5, 8, 25, 42, 43)]
    assert inside == [True, False, True, True, True, False]


def test_a_scrobble_lies_in_the_sitting_from_its_beginning_on() -> None:
    item = play()
    now = NOW + minutes(90)
    assert in_sitting(item, NOW - 2 * MINUTE, now)
    assert in_sitting(item, now + 2 * MINUTE, now)
    assert not in_sitting(item, NOW - 2 * MINUTE - 1, now)
    assert not in_sitting(item, now + 2 * MINUTE + 1, now)


def test_waits_grow_to_five_minutes_and_are_spread() -> None:
    middle = [backoff(tries, 0.5) for tries in range(12)]
    assert middle == sorted(middle)
    assert (middle[0], middle[-1], backoff(10_000, 0.5)) == (2_000, 300_000, 300_000)
    assert (backoff(1, 0.0), backoff(1, 1.0)) == (3_200, 4_800)
