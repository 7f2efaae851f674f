"""Where a play is."""

from dataclasses import replace

import pytest

from tests.rules.making import HEAT, NOW, event, minutes, paused, play
from watchd.model.media import Movie
from watchd.model.playback import Action, Play, PlaybackEvent
from watchd.rules.progress import advanced, expected_end, position, progress_of, stated

NAMELESS = Movie("Heat")


@pytest.mark.parametrize(
    "told, known, expected",
    [
        (event(Action.STOP, 42.0), None, 42.0),
        (event(Action.STOP, 140.0), None, 100.0),
        (event(Action.STOP, -3.0), None, 0.0),
        (event(Action.STOP, 42.0, position=10.0, duration=100.0), None, 42.0),
        (event(Action.STOP, position=1234.5, duration=6000.0), None, 20.57),
        (event(Action.STOP, position=3000.0), None, 50.0),
        (event(Action.STOP, position=3000.0, media=NAMELESS), None, None),
        (event(Action.STOP, position=3000.0, media=NAMELESS), play(runtime=12000.0), 25.0),
        (event(Action.STOP, position=3000.0, duration=0.0, media=NAMELESS), None, None),
        (event(Action.STOP), None, None),
        (event(Action.STOP, position=6100.0), None, 100.0),
        (event(Action.START, position=0.0, media=NAMELESS), play(), 0.0),
        (event(Action.STOP, position=0.0, media=NAMELESS), None, None),
        (event(Action.WATCHED, position=0.0), None, None),
        (event(Action.WATCHED, 0.0, position=5400.0), None, 0.0),
        (event(Action.WATCHED, position=5400.0), None, 90.0),
    ],
)
def test_an_event_states_its_percent_or_its_position_in_a_known_duration(
    told: PlaybackEvent, known: Play | None, expected: float | None
) -> None:
    assert stated(told, known, NOW) == expected


@pytest.mark.parametrize("small", [event(Action.STOP, 0.0, completed=True), event(Action.STOP, position=0.0, completed=True)])
def test_a_completion_flag_beats_a_small_position(small: PlaybackEvent) -> None:
    assert stated(small, play(), NOW) == 100.0


def test_a_start_completes_nothing_whatever_its_flag_says() -> None:
    assert stated(event(Action.START, 3.0, completed=True), play(), NOW) == 3.0


def test_a_playing_position_is_reckoned_on_and_stops_short_of_the_end() -> None:
    assert position(play(progress=10.0), NOW + minutes(20)) == pytest.approx(30.0)
    assert position(play(), NOW + minutes(500)) == 99.0
    assert advanced(100.0, NOW, NOW + minutes(5), 6000.0) == 100.0
    assert advanced(50.0, NOW, NOW - minutes(5), 6000.0) == 50.0


def test_a_paused_position_stands_still() -> None:
    assert position(paused(40.0, NOW), NOW + minutes(600)) == 40.0


def test_without_a_duration_a_position_stands_where_it_was_told() -> None:
    assert position(play(media=NAMELESS, runtime=None, progress=12.0), NOW + minutes(30)) == 12.0


def test_the_expected_end_lies_what_is_left_after_the_last_position() -> None:
    assert expected_end(play(progress=60.0)) == NOW + minutes(40)
    assert expected_end(play(media=replace(NAMELESS), runtime=None)) == NOW + minutes(120)
    assert expected_end(play(progress=None)) == NOW + minutes(100)


@pytest.mark.parametrize(
    "told, known, expected",
    [
        (event(Action.START), None, 0.0),
        (event(Action.CHECKIN), None, 0.0),
        (event(Action.PAUSE), None, None),
        (event(Action.STOP), None, None),
        (event(Action.STOP), play(progress=10.0), 30.0),
        (event(Action.PAUSE), play(progress=None), None),
        (event(Action.START), paused(55.0, NOW), 55.0),
        (event(Action.STOP, 12.0), play(progress=10.0), 12.0),
    ],
)
def test_the_best_progress_is_stated_or_remembered_or_reckoned(
    told: PlaybackEvent, known: Play | None, expected: float | None
) -> None:
    assert progress_of(told, known, NOW + minutes(20)) == expected


def test_an_event_without_duration_is_reckoned_with_the_items_own() -> None:
    assert position(play(runtime=None, media=HEAT), NOW + minutes(50)) == pytest.approx(50.0)


@pytest.mark.parametrize(
    "action, known, true_at, expected",
    [
        (Action.STOP, None, NOW - minutes(10), 60.0),
        (Action.PROGRESS, play(), NOW - minutes(10), 60.0),
        (Action.START, None, NOW - minutes(10), 60.0),
        (Action.START, paused(50.0, NOW - minutes(5)), NOW - minutes(10), 50.0),
        (Action.STOP, paused(50.0, NOW - minutes(30)), NOW - minutes(10), 60.0),
        (Action.PAUSE, play(), NOW - minutes(10), 50.0),
        (Action.STOP, play(), NOW - minutes(900), 99.0),
        (Action.STOP, play(), NOW + minutes(1), 50.0),
        (Action.STOP, play(), None, 50.0),
    ],
)
def test_a_position_that_was_true_earlier_is_moved_on_by_what_was_played_since(
    action: Action, known: Play | None, true_at: int | None, expected: float
) -> None:
    told = event(action, position=3000.0, duration=6000.0, position_at=true_at)
    assert stated(told, known, NOW) == expected
