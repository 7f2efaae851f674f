"""What TMDB tells of episodes, kept: only what was read is replaced, and what nobody has any more goes."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from watchd.clock import DAY
from watchd.model.aired import Coming, Part, ShowTold
from watchd.store import aired
from watchd.store.migrate import bring_up, migrations

NOW = 1_790_000_000_000
TODAY = NOW - NOW % DAY
DARK = 70523


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    bring_up(tmp_path / "watchd.db", migrations())
    connection = sqlite3.connect(tmp_path / "watchd.db")
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


def seasons(*places: tuple[int, int], title: str = "Part") -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    for season, number in places:
        found.setdefault(season, []).append(Part(season, number, title, TODAY + number * DAY, season * 100 + number))
    return found


def put(connection: sqlite3.Connection, told: ShowTold | None, read: dict[int, list[Part]], *, whole: bool = True) -> bool:
    return aired.put(connection, DARK, told, read, NOW, NOW + DAY, whole=whole)


TWO = ShowTold("Dark", 2017, True, ((1, 2), (2, 1)))


def test_what_was_read_replaces_what_was_kept_and_the_rest_stays(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [DARK], NOW, 10)
    assert put(connection, TWO, seasons((1, 1), (1, 2), (2, 1)))
    assert not put(connection, TWO, seasons((2, 1)), whole=False)
    assert put(connection, TWO, seasons((2, 2), title="New"), whole=False)
    assert [(one.place, one.title) for one in aired.parts(connection, DARK)] == [
        ((1, 1), "Part"), ((1, 2), "Part"), ((2, 2), "New"),
    ]  # fmt: skip
    put(connection, ShowTold("Dark", 2017, False, ((1, 2),)), {}, whole=False)
    assert [one.place for one in aired.parts(connection, DARK)] == [(1, 1), (1, 2)]


def test_a_show_tmdb_has_not_got_is_counted_apart(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [DARK, 1, 2], NOW, 10)
    assert (aired.told(connection), aired.told_at(connection)) == (frozenset(), None)
    put(connection, None, {})
    aired.put(connection, 1, ShowTold(None, None, True), {}, NOW, NOW, whole=True)
    aired.postpone(connection, 2, NOW + 5)
    assert aired.standing(connection) == {"told": 1, "none": 1, "waiting": 1, "failing": 1}
    assert (aired.told(connection), aired.told_at(connection)) == (frozenset({1}), NOW)
    assert aired.tries(connection, 2) == 1


def test_the_longest_due_comes_first_and_a_known_show_is_not_due_again(connection: sqlite3.Connection) -> None:
    assert aired.learn(connection, [5, 6, DARK], NOW, 2) == 2
    assert aired.learn(connection, [5, 6, DARK], NOW, 2) == 0
    aired.postpone(connection, 5, NOW - 1)
    assert aired.due(connection, NOW, 9) == [(6, None), (5, None)]
    aired.put(connection, 6, TWO, {}, NOW, NOW + DAY, whole=True)
    assert aired.due(connection, NOW + DAY, 1) == [(5, None)]
    assert aired.due(connection, NOW + DAY, 9)[1] == (6, NOW)


def test_only_what_is_not_known_of_late_is_news(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [5, DARK], NOW, 10)
    assert aired.news(connection, [5, DARK, 6, 6], NOW + DAY // 4) == [6]
    assert sorted(aired.news(connection, [5, DARK, 6], NOW + DAY)) == [5, 6, DARK]
    assert aired.news(connection, [], NOW) == []


def test_what_nobody_has_or_is_too_old_to_be_shown_goes(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [DARK, 5], NOW, 10)
    put(connection, TWO, seasons((1, 1)))
    aired.learn(connection, [DARK], NOW + 2 * DAY, 10)
    aired.forget(connection, NOW + 2 * DAY, NOW + DAY, NOW)
    assert aired.told(connection) == {DARK}
    assert [tmdb_id for tmdb_id, _ in aired.due(connection, NOW + 9 * DAY, 9)] == [DARK]
    aired.forget(connection, NOW + 2 * DAY, NOW + DAY, NOW + 1)
    assert (aired.told(connection), aired.parts(connection, DARK)) == (frozenset(), [])
    assert aired.standing(connection)["waiting"] == 1


def test_what_a_clock_that_ran_ahead_was_told_is_asked_for_anew(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [DARK, 5], NOW, 10)
    put(connection, TWO, seasons((1, 1)))
    aired.postpone(connection, 5, NOW + 1)
    aired.forget(connection, NOW, 0, 0)
    assert aired.due(connection, NOW, 9) == []
    aired.forget(connection, NOW - 400 * DAY, 0, 0)
    assert sorted(aired.due(connection, NOW - 400 * DAY, 9)) == [(5, None), (DARK, None)]
    assert aired.told_at(connection) == NOW - 400 * DAY
    assert len(aired.parts(connection, DARK)) == 1


def test_a_show_that_is_told_of_for_the_first_time_or_by_another_title_is_news(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [DARK], NOW, 10)
    assert [put(connection, told, {}) for told in (None, None, TWO, TWO, ShowTold("Dark", 2018, True))] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_what_comes_is_of_the_shows_asked_for_and_in_order(connection: sqlite3.Connection) -> None:
    aired.learn(connection, [DARK, 5], NOW, 10)
    put(connection, TWO, seasons((1, 1), (1, 2), (2, 3), (0, 1)))
    aired.put(connection, 5, TWO, seasons((1, 1)), NOW, NOW, whole=True)
    found = aired.coming(connection, [DARK], TODAY + 2 * DAY, TODAY + 4 * DAY)
    assert [(one.show_id, one.part.place) for one in found] == [(DARK, (1, 2)), (DARK, (2, 3))]
    assert found[0] == Coming(DARK, Part(1, 2, "Part", TODAY + 2 * DAY, 102), "Dark", 2017)
    assert len(aired.coming(connection, [5, DARK], TODAY, TODAY + 2 * DAY)) == 2
    plan = str(connection.execute("EXPLAIN QUERY PLAN SELECT * FROM aired_episodes WHERE day >= 1 AND day < 2").fetchall())
    assert "aired_episodes_day" in plan
