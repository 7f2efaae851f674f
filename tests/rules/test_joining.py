"""Plays of two media that turned out to be one."""

import pytest

from tests.rules.making import NOW, minutes, play, stopped, watched
from watchd.model.playback import Play, PlayState, Teller
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.rules.joining import joined, one_sitting, outcomes, pairs

PLEX = (Teller("plex", "", None, NOW),)
KODI = (Teller("kodi", "", None, NOW),)
ONE = play(id=1, tellers=PLEX)


@pytest.mark.parametrize(
    "other, together",
    [
        (play(id=2, tellers=KODI, started_at=NOW + minutes(5)), True),
        (play(id=2, tellers=PLEX, started_at=NOW + minutes(5)), False),
        (play(id=2, tellers=KODI, started_at=NOW + minutes(30)), False),
    ],
    ids=["another source", "the same source", "long after"],
)
def test_overlapping_plays_of_different_sources_were_one_sitting(other: Play, together: bool) -> None:
    assert list(pairs([other, ONE])) == ([(ONE, other)] if together else [])


def test_a_third_is_compared_with_what_the_first_two_have_become() -> None:
    second = stopped(50.0, NOW + minutes(50), id=2, tellers=KODI, started_at=NOW + minutes(1))
    third = play(id=3, tellers=(Teller("emby", "", None, NOW),), started_at=NOW + minutes(55))
    first = stopped(1.0, NOW + minutes(1), id=1, tellers=PLEX)
    assert [pair[1] for pair in pairs([first, second, third])] == [second, third]


def test_two_that_counted_half_a_runtime_apart_were_two() -> None:
    first = watched(NOW, id=1, tellers=PLEX)
    assert one_sitting(first, watched(NOW + minutes(40), id=2, tellers=KODI))
    assert not one_sitting(first, watched(NOW + minutes(50), id=2, tellers=KODI))


@pytest.mark.parametrize("row, together", [(None, True), (8, True), (9, False)])
def test_two_rows_of_the_history_at_trakt_stay_two_plays(row: int | None, together: bool) -> None:
    first = watched(NOW, id=1, tellers=PLEX, trakt_history_id=8)
    second = watched(NOW + minutes(5), id=2, tellers=KODI, trakt_history_id=row)
    assert one_sitting(first, second) == one_sitting(second, first) == together
    assert len(list(pairs([first, second]))) == together


def test_the_earlier_play_keeps_its_beginning_and_takes_what_the_later_one_knows() -> None:
    late = watched(NOW + minutes(95), id=2, tellers=KODI, trakt_history_id=9)
    made = joined(ONE, late)
    assert (made.id, made.state, made.tellers) == (1, PlayState.PLAYING, (*PLEX, *KODI))
    assert (made.watched_at, made.trakt_history_id, made.reported) == (NOW + minutes(95), 9, 95.0)


def test_of_several_outcomes_the_one_that_has_come_farthest_stays() -> None:
    states = [DeliveryState.DEAD, DeliveryState.PENDING, DeliveryState.SUPERSEDED, DeliveryState.DELIVERED, DeliveryState.SENT]
    owed = [Delivery(number, 1, 7, TRAKT, number, Verb.WATCHED, state, NOW, 95.0) for number, state in enumerate(states)]
    start = Delivery(9, 1, 7, TRAKT, 9, Verb.START, DeliveryState.DELIVERED, NOW, 0.0)
    assert [item.id for item in outcomes([*owed, start])] == [3, 4, 1, 0]
