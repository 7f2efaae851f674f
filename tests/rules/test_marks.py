"""When an item marked by hand is a play."""

from dataclasses import replace
from typing import Literal

import pytest

from tests.rules.making import HEAT, NOW, event, minutes, paused, play, stopped, watched, watched_open
from watchd.clock import DAY
from watchd.model.playback import Action, Origin, Play, PlayState
from watchd.model.receipts import Step
from watchd.rules.marks import mark
from watchd.rules.meaning import refusal
from watchd.rules.policy import Policy

MARK = event(Action.MARK_WATCHED)
Setting = Literal["new", "always", "never"]


@pytest.mark.parametrize(
    "known, new, always",
    [
        ([], Step.WATCHED, Step.WATCHED),
        ([play(origin=Origin.CHECKIN)], Step.SWALLOWED, Step.SWALLOWED),
        ([watched_open(NOW - minutes(30))], Step.SWALLOWED, Step.SWALLOWED),
        ([play(), watched(NOW - DAY, started_at=NOW - DAY)], Step.SWALLOWED, Step.WATCHED),
        ([play(), watched(NOW - minutes(1))], Step.SWALLOWED, Step.SWALLOWED),
        ([stopped(40.0, NOW - minutes(1))], Step.WATCHED, Step.WATCHED),
        ([watched(NOW - minutes(1))], Step.SWALLOWED, Step.SWALLOWED),
        ([watched(NOW - DAY, started_at=NOW - DAY)], Step.SWALLOWED, Step.WATCHED),
        ([watched(NOW - DAY, started_at=NOW - DAY), stopped(3.0, NOW)], Step.SWALLOWED, Step.WATCHED),
    ],
)
def test_a_mark_counts_where_it_is_no_echo_and_the_setting_wants_it(known: list[Play], new: Step, always: Step) -> None:
    assert mark(MARK, 1, NOW, known, Policy()).step is new
    assert mark(MARK, 1, NOW, known, Policy(marks="always")).step is always


def test_what_counts_is_a_closed_play_of_that_moment() -> None:
    made = mark(MARK, 1, NOW, [], Policy()).play
    assert (made.media, made.origin, made.state, made.progress) == (HEAT, Origin.MARK, PlayState.STOPPED, 100.0)
    assert made.started_at == made.updated_at == made.watched_at == made.ended_at == NOW


@pytest.mark.parametrize("known", [play(progress=10.0), paused(40.0, NOW - minutes(90))])
def test_an_open_sitting_that_is_marked_counts_and_goes_on_as_it_was(known: Play) -> None:
    outcome = mark(MARK, 1, NOW, [known], Policy())
    assert outcome.step is Step.WATCHED
    assert outcome.play == replace(known, watched_at=NOW)


@pytest.mark.parametrize(
    "action, rating, policy, expected",
    [
        (Action.MARK_WATCHED, None, Policy(), None),
        (Action.MARK_WATCHED, None, Policy(marks="never"), "marks do not count here (setting hooks.marks)"),
        (Action.MARK_UNWATCHED, None, Policy(), "a mark removed here removes no play"),
        (Action.RATE, 8.0, Policy(), None),
        (Action.RATE, 8.0, Policy(ratings=False), "ratings are not kept here (setting hooks.ratings)"),
        (Action.RATE, 0.0, Policy(), "no_rating"),
        (Action.RATE, None, Policy(), "no_rating"),
        (Action.STOP, None, Policy(marks="never", ratings=False), None),
    ],
)
def test_what_is_not_acted_on_has_its_reason(
    action: Action, rating: float | None, policy: Policy, expected: str | None
) -> None:
    assert refusal(event(action, rating=rating), policy) == expected
