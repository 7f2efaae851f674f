"""When two deliveries are one event."""

import pytest

from tests.rules.making import HEAT, NOW, PILOT, POLICY, event
from tests.rules.test_household import arrive, database
from watchd.clock import DAY, SECOND
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Fate
from watchd.rules.repeats import media_key, repeat_of

PLAY, PAUSE, STOP = event(Action.START, 10), event(Action.PAUSE, 10), event(Action.STOP, 95)


def fates(*lines: tuple[float, PlaybackEvent]) -> str:
    """One letter each: accepted or duplicate, the events arriving so many seconds after `NOW`."""
    with database() as connection:
        taken = [arrive(connection, told, NOW + round(seconds * SECOND), POLICY) for seconds, told in lines]
    return "".join("d" if item.receipt.fate is Fate.DUPLICATE else "a" for item in taken)


def test_the_same_again_within_the_window_is_one_event() -> None:
    assert fates((0, STOP), (9.9, STOP)) == "ad"
    assert fates((0, STOP), (3, STOP), (6, STOP)) == "add"


def test_the_same_again_after_the_window_is_another_event() -> None:
    assert fates((0, STOP), (10.1, STOP)) == "aa"


def test_play_pause_resume_and_pause_within_seconds_are_four_events() -> None:
    assert fates((0, PLAY), (1, PAUSE), (2, PLAY), (3, PAUSE)) == "aaaa"


@pytest.mark.parametrize(
    "other",
    [
        event(Action.STOP, 96),
        event(Action.STOP, 95, source="jellyfin"),
        event(Action.STOP, 95, player="bedroom"),
        event(Action.STOP, 95, user="somebody"),
        event(Action.STOP, 95, media=PILOT),
        event(Action.STOP, 95, session="b"),
        event(Action.PAUSE, 95),
    ],
)
def test_what_differs_in_anything_is_another_event(other: PlaybackEvent) -> None:
    assert fates((0, STOP), (1, other)) == "aa"


def test_an_events_own_time_is_its_key_for_ever() -> None:
    timed = event(Action.STOP, 95, at=NOW)
    assert fates((0, timed), (1, event(Action.PAUSE, 3)), (DAY / SECOND, timed)) == "aad"
    assert fates((0, timed), (1, event(Action.STOP, 95, at=NOW + 1))) == "aa"


def test_a_repeat_is_answered_like_the_first() -> None:
    with database() as connection:
        first = arrive(connection, STOP, NOW, POLICY).receipt
        again = arrive(connection, STOP, NOW + 1000, POLICY).receipt
    assert (again.play and again.play.id) == (first.play and first.play.id)
    assert again.event_id != first.event_id


def test_a_position_makes_the_difference_to_a_tenth() -> None:
    assert repeat_of(event(Action.PROGRESS, position=60.0)) != repeat_of(event(Action.PROGRESS, position=60.1))
    assert repeat_of(event(Action.PROGRESS, 60.0)) == repeat_of(event(Action.PROGRESS, 60.01))


def test_a_media_is_keyed_by_its_ids_or_its_title() -> None:
    assert media_key(HEAT) != media_key(PILOT)
    assert media_key(PILOT) == media_key(PILOT)
