"""Which sitting an event belongs to."""

from dataclasses import replace

import pytest

from tests.rules.making import NOW, POLICY, event, minutes, paused, play, stopped, watched, watched_open
from watchd.model.playback import Action, Play, PlaybackEvent, Teller
from watchd.rules.sitting import choose


def told_by(item: Play, source: str, session: str | None) -> Play:
    return replace(item, tellers=(Teller(source, "", session, item.updated_at),))


START, STOP, BEAT = Action.START, Action.STOP, Action.PROGRESS
RUN = minutes(95)
SOON = NOW + 1000
A = told_by(watched(NOW), "plex", "a")
OPEN_A = told_by(watched_open(NOW), "plex", "a")
PART_A = told_by(stopped(40.0, NOW), "plex", "a")
UNNAMED = told_by(watched(NOW), "plex", None)
TABLE = {
    "an open play, whatever comes": (play(), event(Action.PAUSE, 5), NOW + minutes(5), True),
    "another source's start within the sitting": (play(), event(START, 2, source="jellyfin"), NOW + minutes(2), True),
    "a paused play, hours later": (paused(40.0, NOW), event(START, 40), NOW + minutes(600), True),
    "an unwatched play stopped within the slack": (stopped(40.0, NOW), event(START, 40), NOW + minutes(9), True),
    "an unwatched play stopped before": (stopped(40.0, NOW), event(START, 40), NOW + minutes(11), False),
    "a late stop soon after the sitting expired": (stopped(0.0, NOW), event(STOP, 95), NOW + minutes(9), True),
    "a late stop long after the sitting expired": (stopped(0.0, NOW), event(STOP, 95), NOW + minutes(30), False),
    "the stop after the watched event": (watched_open(NOW), event(STOP, 99), NOW + minutes(8), True),
    "the stop after a long rest in the credits": (watched_open(NOW), event(STOP, 99), NOW + minutes(300), True),
    "Plex's second start after its watched event": (watched_open(NOW), event(START), NOW + minutes(1), True),
    "a second start after the stop": (watched(NOW), event(START, 0), NOW + minutes(1), True),
    "a start within half a runtime of the end": (watched(NOW), event(START, 0), NOW + minutes(49), True),
    "a start after half a runtime": (watched(NOW), event(START, 0), NOW + minutes(50), False),
    "a stop within half a runtime of the end": (watched(NOW), event(STOP, 95), NOW + minutes(49), True),
    "a stop after half a runtime": (watched(NOW), event(STOP, 95), NOW + minutes(50), False),
    "heartbeats after half a runtime": (watched(NOW), event(BEAT, 3), NOW + minutes(50), False),
    "a resume in the credits next morning": (watched(NOW), event(START, 93), NOW + minutes(600), True),
    "a resume in the credits next week": (watched(NOW), event(START, 93), NOW + minutes(7 * 1440), False),
    "a resume before the threshold next morning": (watched(NOW), event(START, 60), NOW + minutes(600), False),
    "the first session": (A, event(STOP, 95, session="a"), NOW + minutes(700), True),
    "a new session at once": (A, event(START, 0, session="b"), SOON, False),
    "a new session while the old is open": (OPEN_A, event(START, 0, session="b"), SOON, False),
    "the stop of a new session that was not heard of before": (A, event(STOP, 95, session="b"), SOON, True),
    "such a stop after half a runtime": (A, event(STOP, 95, session="b"), NOW + minutes(50), False),
    "a new session from before the watched moment": (A, event(START, 40, session="b"), NOW, True),
    "a new session that begins in the credits": (A, event(START, 92, session="b"), SOON, True),
    "a new session of what has not counted": (PART_A, event(START, 40, session="b"), SOON, True),
    "the first session of another source": (A, event(STOP, 95, source="emby", session="b"), SOON, True),
    "a session of a source that had none before": (UNNAMED, event(STOP, 95, session="b"), SOON, True),
    "what was said long before it began": (play(), event(STOP, 95), NOW - minutes(60), False),
    "what was said just before it began": (play(), event(START, 0), NOW - minutes(9), True),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_the_sitting_of_an_event_among_one(name: str) -> None:
    known, told, at, same = TABLE[name]
    assert choose([known], told, at, POLICY) == (known if same else None)


def test_a_session_is_found_before_an_open_play_of_another() -> None:
    old, new = told_by(watched(NOW), "plex", "a"), replace(told_by(play(), "plex", "b"), id=8)
    assert choose([old, new], event(STOP, 95, session="a"), NOW + RUN, POLICY) == old
    assert choose([old, new], event(STOP, 95, session="b"), NOW + RUN, POLICY) == new


def test_an_event_of_the_past_goes_to_the_sitting_of_its_time() -> None:
    counted = watched(NOW + minutes(95))
    part = replace(stopped(5.0, NOW + minutes(8)), id=6, started_at=NOW + 1)
    since = replace(play(started_at=NOW + minutes(97), updated_at=NOW + minutes(97)), id=8)
    assert choose([part, counted, since], event(START, 5, at=NOW + minutes(9)), NOW + minutes(9), POLICY) == counted
    assert choose([part, counted, since], event(STOP, 95, at=NOW + minutes(94)), NOW + minutes(94), POLICY) == counted
    assert choose([part, counted, since], event(STOP, 95), NOW + minutes(98), POLICY) == since


def test_of_two_sittings_of_a_moment_the_one_that_has_counted_takes_what_is_said() -> None:
    unheard = replace(stopped(0.0, NOW + minutes(95)), id=8, started_at=NOW + minutes(95))
    counted = watched(NOW + minutes(97))
    assert choose([counted, unheard], event(STOP, 95, at=NOW + minutes(95)), NOW + minutes(95), POLICY) == counted


def test_the_credits_are_those_of_the_newest_sitting() -> None:
    counted, since = watched(NOW), replace(stopped(70.0, NOW + minutes(200)), id=8, started_at=NOW + minutes(130))
    resumed = event(START, 82)
    assert choose([counted, since], resumed, NOW + minutes(230), POLICY) is None
    assert choose([counted], resumed, NOW + minutes(230), POLICY) == counted


def test_an_open_play_goes_before_a_closed_one_and_the_newer_before_the_older() -> None:
    closed, opened = replace(watched(NOW), started_at=NOW), replace(play(started_at=NOW - minutes(60)), id=8)
    assert choose([closed, opened], event(STOP, 95), NOW + minutes(1), POLICY) == opened
    older = replace(closed, id=6, started_at=NOW - minutes(5))
    assert choose([older, closed], event(STOP, 95), NOW + minutes(1), POLICY) == closed


def test_an_event_on_nothing_begins_a_sitting() -> None:
    told: PlaybackEvent = event(START)
    assert choose([], told, NOW, POLICY) is None
