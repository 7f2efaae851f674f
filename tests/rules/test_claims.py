"""Which row of the history is an outcome's own."""

import pytest

from tests.rules.making import NOW, minutes, play, watched
from watchd.model.playback import Origin, Play
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.rules.claims import Row, near, ours, taken

OWED = Delivery(1, 1, 7, TRAKT, 2, Verb.WATCHED, DeliveryState.SENT, NOW, 95.0, attempts=1, first_sent_at=NOW, last_sent_at=NOW)
MINE = watched(NOW)
OTHER = watched(NOW - minutes(1), id=8)


@pytest.mark.parametrize(
    "rows, awaiting, expected",
    [
        ([], [], None),
        ([Row(1, NOW)], [], 1),
        ([Row(1, NOW - minutes(1)), Row(2, NOW)], [], 2),
        ([Row(1, NOW, claimant=8)], [], None),
        ([Row(1, NOW, claimant=7)], [], 1),
        ([Row(1, NOW - minutes(30))], [], None),
        ([Row(1, NOW - minutes(1)), Row(2, NOW)], [OTHER], 2),
        ([Row(1, NOW)], [OTHER], None),
        ([Row(1, NOW)], [watched(NOW - minutes(60), id=8)], 1),
    ],
)
def test_the_nearest_row_that_is_no_other_plays_is_ours(rows: list[Row], awaiting: list[Play], expected: int | None) -> None:
    assert ours(rows, OWED, MINE, awaiting, NOW) == expected


def test_a_checkins_row_lies_anywhere_in_its_sitting() -> None:
    checkin = play(origin=Origin.CHECKIN, started_at=NOW - minutes(100))
    assert ours([Row(1, NOW - minutes(50))], OWED, checkin, [], NOW) == 1


def test_rows_and_plays_of_about_a_moment_lie_within_two_minutes_of_it() -> None:
    assert near([Row(1, NOW - minutes(2)), Row(2, NOW + minutes(3))], NOW) == [Row(1, NOW - minutes(2))]
    assert taken(MINE, [MINE, OTHER], NOW)
    assert not taken(MINE, [MINE], NOW)
