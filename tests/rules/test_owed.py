"""What a step owes, and in which progress."""

import pytest

from tests.rules.making import play
from watchd.model.playback import Origin
from watchd.model.receipts import Step
from watchd.model.relay import Verb
from watchd.rules.owed import clamped, owed

OWED = {
    Step.STARTED: Verb.START,
    Step.MOVED: Verb.START,
    Step.PAUSED: Verb.PAUSE,
    Step.STOPPED: Verb.STOP,
    Step.WATCHED: Verb.WATCHED,
    Step.CHECKED_IN: Verb.CHECKIN,
    Step.CANCELLED: Verb.UNCHECKIN,
    Step.SWALLOWED: None,
    Step.BUSY: None,
    Step.NONE: None,
}


@pytest.mark.parametrize("step", Step)
def test_a_step_of_what_happened_here_owes(step: Step) -> None:
    assert owed(play(), step) is OWED[step]
    assert owed(play(origin=Origin.CHECKIN), step) is OWED[step]


@pytest.mark.parametrize("origin", [Origin.TRAKT, Origin.IMPORT])
@pytest.mark.parametrize("step", Step)
def test_what_came_from_elsewhere_owes_nothing(origin: Origin, step: Step) -> None:
    assert owed(play(origin=origin), step) is None


@pytest.mark.parametrize(
    "verb, progress, sent",
    [
        (Verb.WATCHED, 75.0, 80.0),
        (Verb.WATCHED, 93.0, 93.0),
        (Verb.WATCHED, 130.0, 100.0),
        (Verb.STOP, 85.0, 79.9),
        (Verb.STOP, 0.0, 1.0),
        (Verb.STOP, 42.0, 42.0),
        (Verb.PAUSE, 85.0, 79.9),
        (Verb.PAUSE, 0.2, 1.0),
        (Verb.START, 0.0, 0.0),
        (Verb.START, 93.0, 93.0),
        (Verb.START, -1.0, 0.0),
    ],
)
def test_progress_is_clamped_to_what_trakt_takes(verb: Verb, progress: float, sent: float) -> None:
    assert clamped(verb, progress) == sent
