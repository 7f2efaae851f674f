"""When Trakt is asked next."""

import pytest

from tests.rules.making import NOW
from watchd.clock import MINUTE, SECOND
from watchd.model.watching import WatchState
from watchd.rules.poll import next_poll


def wait(*, left: int | None = None, idle: int = 0, failures: int = 0, local: WatchState | None = None) -> int:
    expires = None if left is None else NOW + left
    return next_poll(NOW, expires_at=expires, idle_polls=idle, failures=failures, local=local)


@pytest.mark.parametrize(
    "left, seconds", [(40 * MINUTE, 15), (14 * SECOND, 15), (5 * SECOND, 6), (100, 1.1), (0, 15), (-5 * SECOND, 15)]
)
def test_what_is_shown_is_asked_after_every_15_s_and_right_at_its_end(left: int, seconds: float) -> None:
    assert wait(left=left) == seconds * SECOND


def test_idle_grows_to_a_minute() -> None:
    waits = [wait(idle=count) for count in range(40)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (15 * SECOND, 60 * SECOND)


def test_a_live_play_here_needs_a_slow_check_only() -> None:
    playing = WatchState.WATCHING
    assert wait(local=playing) == wait(local=playing, left=3 * SECOND) == 5 * MINUTE
    assert wait(local=WatchState.PAUSED) == MINUTE


def test_failures_are_asked_again_ever_more_slowly_but_within_a_minute() -> None:
    assert [wait(failures=count, local=WatchState.WATCHING) for count in (1, 2, 3, 4, 1000)] == [
        15_000,
        30_000,
        60_000,
        60_000,
        60_000,
    ]
