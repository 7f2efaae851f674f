"""A file of several episodes: each is a play of its own, by its share of the runtime."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import currently_in_test_context, note

from tests.rules.test_household import ME, arrive, check_debts, database, history
from watchd.clock import HOUR, MINUTE
from watchd.model.media import Episode, MediaIds, Show
from watchd.model.playback import Action, PlaybackEvent, PlayState
from watchd.model.receipts import Step
from watchd.rules.parts import MOST, parts_of
from watchd.rules.policy import Policy
from watchd.services import sittings
from watchd.store import plays

START = 1_790_000_000_000
SHOW = Show("Friends", 1994, MediaIds(tmdb=1668))
DOUBLE = Episode(SHOW, 6, 15, number_end=16, number_abs=140, title="The One", ids=MediaIds(tvdb=303_999), runtime=2640.0)
TRIPLE = replace(DOUBLE, number_end=17)
POLICY = Policy()


def told(action: Action, progress: float | None = None, *, media: Episode = DOUBLE, source: str = "emby") -> PlaybackEvent:
    return PlaybackEvent(source, action, media, progress=progress, duration=2640.0, player="tv")


def lived(connection: sqlite3.Connection, *script: tuple[float, PlaybackEvent]) -> None:
    """Events at their minutes."""
    for minute, event in script:
        at = START + round(minute * MINUTE)
        sittings.settle_due(connection, at, POLICY)
        taken = arrive(connection, event, at, POLICY)
        if currently_in_test_context():
            note(f"{minute:7.2f} {event.action} {event.progress} -> {taken.receipt.step}")


def counted(connection: sqlite3.Connection) -> list[tuple[int, float]]:
    """(number, minute) of what counts, in the order in which it did."""
    found = [
        (play.media.number or 0, ((play.watched_at or 0) - START) / MINUTE)
        for play in history(connection)
        if isinstance(play.media, Episode)
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def numbers(connection: sqlite3.Connection) -> list[int]:
    return sorted(number for number, _ in counted(connection))


def kept(connection: sqlite3.Connection) -> dict[int, float | None]:
    """The position of each episode that is closed and does not count."""
    rows = connection.execute("SELECT id FROM plays WHERE watched_at IS NULL AND state = 'stopped'").fetchall()
    found = [play for (row,) in rows if (play := plays.get(connection, row)) is not None]
    return {play.media.number or 0: play.progress for play in found if isinstance(play.media, Episode)}


def test_the_files_own_ids_are_those_of_the_first_episode_and_the_shows_those_of_all() -> None:
    first, second = parts_of(DOUBLE)
    assert first == replace(DOUBLE, number_end=None, runtime=1320.0)
    assert second == Episode(SHOW, 6, 16, number_abs=141, runtime=1320.0)


@pytest.mark.parametrize(
    "media",
    [
        replace(DOUBLE, number_end=15),
        replace(DOUBLE, number_end=3),
        replace(DOUBLE, number_end=15 + MOST),
        replace(DOUBLE, number=None),
        replace(DOUBLE, show=Show()),
        replace(DOUBLE, season=None),
    ],
)
def test_what_cannot_be_taken_apart_is_one_item(media: Episode) -> None:
    assert parts_of(media) == (replace(media, number_end=None),)


START_TO_END = [
    ((0, told(Action.START, 0)), (42, told(Action.STOP, 95))),
    ((0, told(Action.START, 0)), (42, told(Action.STOP))),
    ((0, told(Action.START)), (40, told(Action.WATCHED))),
    ((0, told(Action.START, 0)), (21, told(Action.PAUSE, 47)), (60, told(Action.START, 47)), (82, told(Action.STOP, 95))),
    ((0, told(Action.START, 0)), (30, told(Action.PAUSE, 68)), (31, told(Action.START, 68)), (44, told(Action.STOP, 98))),
    (*((n, told(Action.PROGRESS, n / 0.44)) for n in range(43)), (43, told(Action.STOP, 98))),
    ((42, told(Action.STOP, 95)),),
    ((42, told(Action.WATCHED)),),
    ((0, told(Action.START, 0)), (40, told(Action.WATCHED)), (41, told(Action.PROGRESS, 93)), (43, told(Action.STOP, 98))),
]


@pytest.mark.parametrize("script", START_TO_END)
def test_a_double_episode_watched_to_the_end_is_two_plays(script: tuple[tuple[float, PlaybackEvent], ...]) -> None:
    with database() as connection:
        lived(connection, *script)
        assert numbers(connection) == [15, 16]
        assert kept(connection) == {}
        (_, first), (_, second) = counted(connection)
        assert second - first == pytest.approx(21, abs=3) or len(script) > 3
        check_debts(connection)


@pytest.mark.parametrize(
    "script, watched, positions",
    [
        (((0, told(Action.START, 0)), (31, told(Action.STOP, 70))), [15], {16: 40.0}),
        (((0, told(Action.START, 0)), (31, told(Action.PAUSE, 70))), [15], {}),
        (((0, told(Action.START, 0)), (13, told(Action.STOP, 30))), [], {15: 60.0}),
        (((0, told(Action.START, 0)), (20, told(Action.STOP, 46))), [15], {}),
        (((0, told(Action.START, 60)), (15, told(Action.STOP, 95))), [16], {}),
        (((0, told(Action.START, 10)), (5, told(Action.PROGRESS, 60)), (9, told(Action.STOP, 70))), [], {15: 20.0, 16: 40.0}),
        (((0, told(Action.START, 60)), (5, told(Action.PROGRESS, 10)), (6, told(Action.STOP, 12))), [], {15: 24.0, 16: 0.0}),
    ],
    ids=[
        "into the second",
        "paused in the second",
        "in the first",
        "the first alone",
        "the second alone",
        "seeked over",
        "back",
    ],
)
def test_each_episode_counts_by_what_was_seen_of_it(
    script: tuple[tuple[float, PlaybackEvent], ...], watched: list[int], positions: dict[int, float]
) -> None:
    with database() as connection:
        lived(connection, *script)
        assert numbers(connection) == watched
        assert kept(connection) == positions


def test_the_first_episode_counts_at_the_moment_at_which_it_ended() -> None:
    with database() as connection:
        lived(connection, (0, told(Action.START, 0)), (31, told(Action.PAUSE, 70.45)))
        ((number, minute),) = counted(connection)
        assert (number, round(minute)) == (15, 22)


def test_of_three_the_one_between_two_events_counts_too() -> None:
    with database() as connection:
        lived(connection, (0, told(Action.START, 0, media=TRIPLE)), (35, told(Action.PROGRESS, 79.5, media=TRIPLE)))
        assert [number for number, _ in counted(connection)] == [15, 16]
        (now,) = plays.open_plays(connection, ME)
        assert (now.media, now.state) == (replace(parts_of(TRIPLE)[2], ids=now.media.ids), PlayState.PLAYING)


def test_a_second_source_and_every_event_again_add_nothing() -> None:
    script = [
        (0.0, told(Action.START, 0)),
        (20.0, told(Action.PAUSE, 45)),
        (21.0, told(Action.START, 45)),
        (45.0, told(Action.STOP, 97)),
    ]
    with database() as connection:
        lived(
            connection,
            *(step for step in script for _ in range(2) for step in (step, (step[0], replace(step[1], source="jellyfin")))),
        )
        assert numbers(connection) == [15, 16]


def test_the_next_file_at_the_expected_end_shows_that_both_ran_through() -> None:
    with database() as connection:
        following = replace(DOUBLE, number=17, number_end=18, number_abs=142, ids=MediaIds())
        lived(connection, (0, told(Action.START, 0)), (44, told(Action.START, 0, media=following)))
        assert counted(connection) == [(15, 22.0), (16, 44.0)]


def test_a_silent_file_keeps_its_position_when_its_time_is_over_and_not_before() -> None:
    with database() as connection:
        lived(connection, (0, told(Action.START, 0)))
        assert sittings.settle_due(connection, START + 40 * MINUTE, POLICY)[0] == []
        (ended,) = sittings.settle_due(connection, START + 3 * HOUR, POLICY)[0]
        assert ended.step is Step.STOPPED
        assert numbers(connection) == []


def test_watching_the_file_again_the_next_evening_counts_both_again() -> None:
    script = ((0, told(Action.START, 0)), (42, told(Action.STOP, 95)))
    with database() as connection:
        lived(connection, *script, *((minute + 1440, event) for minute, event in script))
        assert numbers(connection) == [15, 15, 16, 16]
