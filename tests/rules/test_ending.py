"""How plays end without a stop."""

from dataclasses import replace

import pytest

from tests.rules.making import NOW, PILOT, POLICY, SECOND, minutes, paused, play, stopped, watched_open
from watchd.model.media import Movie
from watchd.model.playback import Origin, Play, PlayState
from watchd.model.receipts import Step
from watchd.rules.ending import displace, ends_at, settle

LATE = NOW + minutes(2000)
AT_85 = play(progress=85.0, reported=85.0)


@pytest.mark.parametrize(
    "item, ends",
    [
        (play(), NOW + minutes(102)),
        (play(progress=60.0), NOW + minutes(42)),
        (paused(40.0, NOW), NOW + minutes(12 * 60)),
        (play(media=Movie("Heat"), runtime=None), NOW + minutes(4 * 60)),
        (play(origin=Origin.CHECKIN), NOW + minutes(100)),
    ],
)
def test_silence_ends_a_play_some_time_after_its_expected_end(item: Play, ends: int) -> None:
    assert ends_at(item, POLICY) == ends
    assert settle(item, ends - 1, POLICY) is None
    assert settle(item, ends, POLICY) is not None


def test_a_silent_play_that_was_reported_at_the_threshold_was_watched_at_its_expected_end() -> None:
    outcome = settle(AT_85, LATE, POLICY)
    assert outcome is not None
    assert outcome.step is Step.WATCHED
    assert outcome.play.watched_at == outcome.play.ended_at == NOW + minutes(15)


@pytest.mark.parametrize(
    "item",
    [
        play(),
        play(progress=79.0, reported=79.0),
        play(progress=95.0, reported=60.0),
        play(progress=10.0, reported=85.0),
        paused(85.0, NOW),
    ],
    ids=["never reported", "below", "reckoned only", "seeked back since", "paused"],
)
def test_any_other_silent_play_keeps_its_position(item: Play) -> None:
    outcome = settle(item, LATE, POLICY)
    assert outcome is not None
    assert (outcome.step, outcome.play.watched_at, outcome.play.state) == (Step.STOPPED, None, PlayState.STOPPED)
    assert outcome.play.progress == item.progress


def test_a_checkin_counts_when_its_runtime_has_passed() -> None:
    outcome = settle(play(origin=Origin.CHECKIN), NOW + minutes(100), POLICY)
    assert outcome is not None
    assert (outcome.step, outcome.play.watched_at, outcome.play.progress) == (Step.WATCHED, NOW + minutes(100), 100.0)


def test_a_play_that_has_counted_ends_without_counting_again() -> None:
    outcome = settle(watched_open(NOW), LATE, POLICY)
    assert outcome is not None
    assert (outcome.step, outcome.play.watched_at, outcome.play.ended_at) == (Step.SWALLOWED, NOW, NOW + minutes(10))


def test_a_second_viewing_in_it_counts_by_the_same_measure() -> None:
    again = replace(watched_open(NOW), again_at=NOW + minutes(5), again_progress=0.0)
    went_on = replace(again, progress=85.0, progress_at=NOW + minutes(90), updated_at=NOW + minutes(90))
    outcome = settle(went_on, LATE, POLICY)
    assert outcome is not None
    assert outcome.split_from is not None
    assert (outcome.step, outcome.play.id, outcome.play.watched_at) == (Step.WATCHED, 0, NOW + minutes(105))
    assert (outcome.split_from.id, outcome.split_from.watched_at, outcome.split_from.open) == (7, NOW, False)
    stayed = settle(replace(went_on, progress=60.0), LATE, POLICY)
    assert stayed is not None
    assert stayed.step is Step.SWALLOWED


def test_a_closed_play_has_ended() -> None:
    assert settle(stopped(40.0, NOW), LATE, POLICY) is None


EPISODE = play(media=PILOT, runtime=2400.0)


@pytest.mark.parametrize(
    "item, at, step",
    [
        (EPISODE, NOW + minutes(40), Step.WATCHED),
        (EPISODE, NOW + minutes(38), Step.WATCHED),
        (EPISODE, NOW + minutes(37), Step.STOPPED),
        (replace(EPISODE, state=PlayState.PAUSED), NOW + minutes(40), Step.STOPPED),
        (replace(EPISODE, progress=85.0, reported=85.0), NOW + minutes(1), Step.WATCHED),
        (replace(EPISODE, media=replace(PILOT, number=7)), NOW + minutes(40), Step.STOPPED),
        (replace(EPISODE, watched_at=NOW + minutes(30)), NOW + minutes(40), Step.SWALLOWED),
    ],
    ids=["at its end", "just before", "too early", "paused", "at the threshold", "not the next one", "counted already"],
)
def test_the_next_episode_at_the_expected_end_shows_that_this_one_ran_through(item: Play, at: int, step: Step) -> None:
    outcome = displace(item, SECOND, at, POLICY)
    assert outcome.step is step
    assert (outcome.play.state, outcome.play.ended_at) == (PlayState.STOPPED, at)
    assert outcome.play.watched_at is None or NOW < outcome.play.watched_at <= at


def test_a_play_displaced_by_an_event_from_before_it_was_last_heard_of_ends_no_earlier_than_it_counted() -> None:
    outcome = displace(AT_85, Movie("Heat"), NOW - 1000, POLICY)
    assert outcome.step is Step.WATCHED
    assert outcome.play.watched_at is not None
    assert outcome.play.ended_at is not None
    assert NOW - 1000 < outcome.play.watched_at <= outcome.play.ended_at
