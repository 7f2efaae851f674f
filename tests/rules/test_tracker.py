"""What an event makes of a play: every action on every state."""

from dataclasses import replace

import pytest

from tests.rules.making import HEAT, NOW, POLICY, event, minutes, paused, play, stopped, watched, watched_open
from watchd.model.media import Movie
from watchd.model.playback import Action, Origin, Play, PlaybackEvent, PlayState, Teller
from watchd.model.receipts import Step
from watchd.rules.policy import Policy
from watchd.rules.progress import position
from watchd.rules.tracker import NEW, Outcome, follow, rewound

ME = 1
PLAYING, PAUSED, STOPPED = PlayState.PLAYING, PlayState.PAUSED, PlayState.STOPPED
STATES: dict[str, Play | None] = {
    "new": None,
    "playing": play(),
    "paused": paused(10.0, NOW),
    "stopped": stopped(10.0, NOW),
    "watched open": watched_open(NOW),
    "watched closed": watched(NOW),
}


def after(item: Play | None, told: PlaybackEvent, later: float = 10, policy: Policy = POLICY) -> Outcome:
    return follow(item, told, ME, NOW + minutes(later), policy)


TABLE = [
    ("new", Action.START, 10, Step.STARTED, PLAYING),
    ("new", Action.PROGRESS, 10, Step.STARTED, PLAYING),
    ("new", Action.PAUSE, 10, Step.PAUSED, PAUSED),
    ("new", Action.STOP, 10, Step.STOPPED, STOPPED),
    ("new", Action.STOP, 95, Step.WATCHED, STOPPED),
    ("new", Action.WATCHED, None, Step.WATCHED, PLAYING),
    ("new", Action.CHECKIN, None, Step.CHECKED_IN, PLAYING),
    ("playing", Action.START, 10, Step.NONE, PLAYING),
    ("playing", Action.START, 50, Step.MOVED, PLAYING),
    ("playing", Action.START, None, Step.NONE, PLAYING),
    ("playing", Action.PROGRESS, 10, Step.NONE, PLAYING),
    ("playing", Action.PROGRESS, 60, Step.MOVED, PLAYING),
    ("playing", Action.PAUSE, 10, Step.PAUSED, PAUSED),
    ("playing", Action.STOP, 10, Step.STOPPED, STOPPED),
    ("playing", Action.STOP, 80, Step.WATCHED, STOPPED),
    ("playing", Action.WATCHED, None, Step.WATCHED, PLAYING),
    ("paused", Action.START, 10, Step.STARTED, PLAYING),
    ("paused", Action.PROGRESS, 10, Step.STARTED, PLAYING),
    ("paused", Action.PAUSE, 10, Step.NONE, PAUSED),
    ("paused", Action.STOP, 10, Step.STOPPED, STOPPED),
    ("paused", Action.STOP, 80, Step.WATCHED, STOPPED),
    ("paused", Action.WATCHED, None, Step.WATCHED, PAUSED),
    ("stopped", Action.START, 10, Step.STARTED, PLAYING),
    ("stopped", Action.PROGRESS, 10, Step.STARTED, PLAYING),
    ("stopped", Action.PAUSE, 10, Step.PAUSED, PAUSED),
    ("stopped", Action.STOP, 10, Step.NONE, STOPPED),
    ("stopped", Action.STOP, 60, Step.STOPPED, STOPPED),
    ("stopped", Action.STOP, 80, Step.WATCHED, STOPPED),
    ("stopped", Action.WATCHED, None, Step.WATCHED, STOPPED),
    ("watched open", Action.START, 92, Step.SWALLOWED, PLAYING),
    ("watched open", Action.PROGRESS, 95, Step.SWALLOWED, PLAYING),
    ("watched open", Action.PAUSE, 95, Step.SWALLOWED, PAUSED),
    ("watched open", Action.STOP, 99, Step.SWALLOWED, STOPPED),
    ("watched open", Action.WATCHED, None, Step.SWALLOWED, PLAYING),
    ("watched closed", Action.START, 0, Step.SWALLOWED, PLAYING),
    ("watched closed", Action.PROGRESS, 96, Step.SWALLOWED, PLAYING),
    ("watched closed", Action.PAUSE, 96, Step.SWALLOWED, STOPPED),
    ("watched closed", Action.STOP, 96, Step.SWALLOWED, STOPPED),
    ("watched closed", Action.WATCHED, None, Step.SWALLOWED, STOPPED),
]


@pytest.mark.parametrize("state, action, progress, step, becomes", TABLE)
def test_an_action_on_a_state(state: str, action: Action, progress: float | None, step: Step, becomes: PlayState) -> None:
    before = STATES[state]
    outcome = after(before, event(action, progress))
    assert (outcome.step, outcome.play.state) == (step, becomes)
    assert outcome.play.open is (outcome.play.ended_at is None)
    assert outcome.play.updated_at == NOW + minutes(10)
    assert outcome.play.id == (NEW if before is None else before.id)
    assert outcome.split_from is None
    if step is Step.WATCHED:
        assert outcome.play.watched_at == NOW + minutes(10)
        assert outcome.until == NOW + minutes(60)
    elif before is not None:
        assert outcome.play.watched_at == before.watched_at


@pytest.mark.parametrize("action", [Action.PROGRESS, Action.PAUSE, Action.STOP])
@pytest.mark.parametrize("state", ["stopped", "watched closed"])
def test_what_straggles_in_right_after_a_stop_opens_nothing(state: str, action: Action) -> None:
    before = STATES[state]
    outcome = after(before, event(action, 11), later=0.4)
    assert outcome.step in (Step.NONE, Step.SWALLOWED)
    assert outcome.play.state is STOPPED


def test_an_event_from_before_the_end_that_silence_made_takes_that_end_back() -> None:
    expired = stopped(10.0, NOW + minutes(90), updated_at=NOW)
    outcome = after(expired, event(Action.PAUSE, 70, at=NOW + minutes(75)), later=75)
    assert (outcome.step, outcome.play.state, outcome.play.progress) == (Step.PAUSED, PAUSED, 70.0)


THRESHOLDS = [
    (80.0, event(Action.PAUSE, 85), Step.PAUSED),
    (80.0, event(Action.STOP, 79), Step.STOPPED),
    (80.0, event(Action.STOP, 80), Step.WATCHED),
    (70.0, event(Action.STOP, 75), Step.WATCHED),
    (90.0, event(Action.STOP, 85), Step.STOPPED),
    (90.0, event(Action.WATCHED), Step.WATCHED),
    (80.0, event(Action.WATCHED, 50), Step.MOVED),
    (80.0, event(Action.WATCHED, 0), Step.NONE),
    (80.0, event(Action.WATCHED, 85), Step.WATCHED),
    (80.0, event(Action.STOP, 0, completed=True), Step.WATCHED),
    (80.0, event(Action.STOP, position=0.0, completed=True), Step.WATCHED),
    (80.0, event(Action.STOP, position=5000.0, duration=6000.0), Step.WATCHED),
]


@pytest.mark.parametrize("threshold, told, step", THRESHOLDS)
def test_it_counts_when_a_stop_or_the_players_own_event_comes_at_the_threshold(
    threshold: float, told: PlaybackEvent, step: Step
) -> None:
    outcome = after(play(), told, later=1, policy=Policy(threshold=threshold))
    assert outcome.step is step
    assert (outcome.play.watched_at is not None) is (step is Step.WATCHED)


def test_a_stop_below_the_threshold_keeps_the_resume_position() -> None:
    assert after(play(), event(Action.STOP, 79)).play.progress == 79.0


def test_a_stop_without_progress_is_reckoned_while_it_was_playing() -> None:
    assert after(play(), event(Action.STOP), later=85).step is Step.WATCHED
    assert after(play(), event(Action.STOP), later=75).step is Step.STOPPED
    assert after(paused(10.0, NOW), event(Action.STOP), later=600).step is Step.STOPPED


def test_a_play_that_is_first_heard_of_at_its_stop_began_earlier() -> None:
    outcome = after(None, event(Action.STOP, 95, duration=6000.0), later=100)
    assert outcome.play.started_at == NOW + minutes(5)
    assert outcome.play.watched_at == NOW + minutes(100)


def test_a_second_stop_at_the_threshold_completes_one_that_stopped_below_it() -> None:
    outcome = after(stopped(60.0, NOW), event(Action.STOP, 95, source="jellyfin"), later=1)
    assert (outcome.step, outcome.play.ended_at) == (Step.WATCHED, NOW + minutes(1))


def test_an_event_with_an_earlier_time_of_its_own_moves_nothing() -> None:
    before = paused(50.0, NOW + minutes(50))
    for action in (Action.START, Action.PROGRESS, Action.PAUSE, Action.STOP):
        outcome = after(before, event(action, 20, at=NOW + minutes(20)), later=20)
        assert outcome.step is Step.NONE
        assert (outcome.play.state, outcome.play.progress, outcome.play.updated_at) == (PAUSED, 50.0, NOW + minutes(50))


@pytest.mark.parametrize("told", [event(Action.STOP, 95, at=NOW + minutes(95)), event(Action.WATCHED, at=NOW + minutes(95))])
def test_a_completion_with_an_earlier_time_counts_then_and_closes_nothing(told: PlaybackEvent) -> None:
    before = play(updated_at=NOW + minutes(99), progress=99.0, progress_at=NOW + minutes(99))
    outcome = after(before, told, later=95)
    assert (outcome.step, outcome.play.watched_at, outcome.play.state) == (Step.WATCHED, NOW + minutes(95), PLAYING)
    assert outcome.play.updated_at == NOW + minutes(99)
    again = follow(outcome.play, told, ME, NOW + minutes(95), POLICY)
    assert again.step is Step.SWALLOWED


def test_an_event_from_before_the_first_one_heard_moves_the_beginning() -> None:
    outcome = after(play(), event(Action.START, 0, source="jellyfin", at=NOW - minutes(2)), later=-2)
    assert outcome.play.started_at == NOW - minutes(2)


def test_the_play_knows_who_tells_of_it_and_counts_heartbeats() -> None:
    once = after(None, event(Action.START, 0, session="a"), later=0).play
    beaten = after(once, event(Action.PROGRESS, 1, session="a"), later=1).play
    beaten = after(beaten, event(Action.PROGRESS, 2, session="a"), later=2).play
    both = after(beaten, event(Action.START, 3, source="jellyfin", player="tv"), later=3).play
    assert both.tellers == (
        Teller("plex", "", "a", NOW + minutes(2), 2),
        Teller("jellyfin", "tv", None, NOW + minutes(3), 0),
    )


def by_place(action: Action, true_at: float) -> PlaybackEvent:
    """An event without a time of its own, with a position that was true so many minutes after `NOW`."""
    return event(action, source="homeassistant", position=true_at * 60, duration=6000.0, position_at=NOW + minutes(true_at))


@pytest.mark.parametrize(
    "first, second, state",
    [
        ((Action.START, 10.1), (Action.PAUSE, 10.0), PLAYING),
        ((Action.PAUSE, 10.1), (Action.START, 10.0), PAUSED),
        ((Action.START, 10.0), (Action.PAUSE, 10.0), PAUSED),
        ((Action.START, 10.0), (Action.PAUSE, 10.1), PAUSED),
        ((Action.START, 20.0), (Action.PAUSE, 10.0), PAUSED),
    ],
)
def test_of_two_events_without_a_time_the_one_with_the_newer_position_says_how_it_stands(
    first: tuple[Action, float], second: tuple[Action, float], state: PlayState
) -> None:
    begun = after(None, by_place(Action.START, 0), later=0).play
    once = after(begun, by_place(*first), later=20).play
    assert after(once, by_place(*second), later=20).play.state is state


def test_going_on_at_another_player_shows_that_player() -> None:
    moved = after(stopped(40.0, NOW), event(Action.START, 40, source="jellyfin", player="bedroom")).play
    assert (moved.source, moved.player) == ("jellyfin", "bedroom")
    echoed = after(moved, event(Action.START, 50, player="den"), later=20).play
    assert (echoed.source, echoed.player) == ("jellyfin", "bedroom")


def test_only_a_jump_that_matters_is_a_seek() -> None:
    clip = play(media=Movie("Clip", runtime=600.0), runtime=600.0)
    assert after(play(), event(Action.PROGRESS, 12.9)).step is Step.NONE
    assert after(play(), event(Action.PROGRESS, 13)).step is Step.MOVED
    assert after(play(), event(Action.PROGRESS, 7)).step is Step.MOVED
    assert after(clip, event(Action.PROGRESS, 20), later=1).step is Step.NONE


def test_a_checkin_becomes_a_play_that_ends_with_the_runtime() -> None:
    outcome = after(None, event(Action.CHECKIN), later=0)
    assert (outcome.play.origin, outcome.until) == (Origin.CHECKIN, NOW + minutes(100))


def test_a_start_is_told_with_the_progress_of_the_moment_it_goes_out() -> None:
    assert rewound(play(), NOW + minutes(30)) == pytest.approx(30.0)
    assert rewound(paused(30.0, NOW), NOW + minutes(30)) == 30.0
    assert rewound(play(progress=None), NOW) == 0.0


def test_pause_resume_and_seek_leave_the_true_position() -> None:
    item = after(None, event(Action.START, 60), later=0).play
    assert position(item, NOW + minutes(5)) == pytest.approx(65.0)
    item = after(item, event(Action.PAUSE), later=10).play
    assert position(item, NOW + minutes(40)) == pytest.approx(70.0)
    item = after(item, event(Action.START), later=40).play
    assert position(item, NOW + minutes(45)) == pytest.approx(75.0)
    item = after(item, event(Action.START, position=600.0, duration=6000.0), later=46).play
    assert position(item, NOW + minutes(50)) == pytest.approx(14.0)
    assert replace(item).media == HEAT
