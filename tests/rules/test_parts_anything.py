"""For any sequence over a file of several episodes no part counts twice in a sitting, and none played through is lost."""

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.rules.test_household import check_debts, check_times, database, history
from tests.rules.test_parts import DOUBLE, lived, numbers, told
from watchd.model.playback import Action


@dataclass(frozen=True, slots=True)
class Move:
    """`played` minutes go by, then a jump to `to` percent (None: none), then what the player says."""

    played: float
    to: float | None
    action: Action


moves = st.lists(
    st.builds(
        Move,
        st.sampled_from([0.1, 1.0, 4.0, 9.0, 14.0, 23.0]),
        st.sampled_from([None, None, None, None, 5.0, 30.0, 49.0, 51.0, 70.0, 90.0]),
        st.sampled_from([Action.PROGRESS, Action.PROGRESS, Action.PAUSE, Action.WATCHED]),
    ),
    max_size=8,
)


@given(begin=st.sampled_from([0.0, 0.0, 20.0, 60.0]), script=moves, count=st.integers(2, 4))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_part_counts_twice_and_none_that_was_played_through_is_lost(begin: float, script: list[Move], count: int) -> None:
    media = replace(DOUBLE, number_end=14 + count)
    length, place, now = 100 / count, begin, 0.0
    seen = [0.0] * count
    since = place
    whole: set[int] = set()
    with database() as connection:
        lived(connection, (now, told(Action.START, place, media=media)))
        for move in (*script, Move(0.5, None, Action.STOP)):
            played = min(move.played / 0.44, 99.0 - place)
            for part in range(count):
                seen[part] += max(0.0, min(place + played, (part + 1) * length) - max(place, part * length))
            place += played
            now += played * 0.44
            whole |= {part for part in range(count) if since <= part * length + 0.01 and (part + 1) * length <= place - 0.01}
            if move.to is not None:
                lived(connection, (now, told(Action.PROGRESS, place, media=media)))
                place = move.to
                since = place
            action = move.action if move.action is not Action.WATCHED or place >= 80 else Action.PROGRESS
            lived(connection, (now, told(action, place, media=media)))
            if action is Action.PAUSE:
                now += 5
                lived(connection, (now, told(Action.START, place, media=media)))
        found = numbers(connection)
        for part in range(count):
            times = found.count(15 + part)
            assert times <= 1 or seen[part] >= (times - 1) * length / 2
            assert times or part not in whole
        note(f"{found} seen {seen} whole {whole}")
        check_debts(connection)
        for play in history(connection):
            check_times(play)


@given(
    pauses=st.lists(st.floats(3, 97), max_size=6),
    count=st.integers(2, 5),
    last=st.floats(5, 99).map(lambda point: round(point, 1)),
    beat=st.sampled_from([None, 20, 300]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_played_without_a_jump_exactly_the_parts_behind_it_count(
    pauses: list[float], count: int, last: float, beat: int | None
) -> None:
    media = replace(DOUBLE, number_end=14 + count)
    now, place = 0.0, 0.0
    with database() as connection:
        lived(connection, (now, told(Action.START, 0.0, media=media)))
        for stop in (*sorted(point for point in pauses if point < last - 1), last):
            while beat is not None and place + beat / 26.4 < stop:
                place += beat / 26.4
                now += beat / 60
                lived(connection, (now, told(Action.PROGRESS, place, media=media)))
            now += (stop - place) * 0.44
            place = stop
            if stop != last:
                lived(connection, (now, told(Action.PAUSE, place, media=media)))
                now += 20
                lived(connection, (now, told(Action.START, place, media=media)))
        lived(connection, (now, told(Action.STOP, place, media=media)))
        local = (place * count / 100) % 1 * 100
        behind = int(place * count / 100) + (local >= 80)
        expected = count if place >= 80 else behind
        assert numbers(connection) == [15 + part for part in range(expected)]
