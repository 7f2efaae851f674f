"""Which rows of Trakt's history are which plays, when a list is believed, and what must be read."""

import pytest

from watchd.clock import DAY, HOUR, MINUTE
from watchd.model.library import Section
from watchd.rules.due_sections import (
    REFUSED,
    RETRY,
    RETRY_REFUSED,
    STAMPS,
    age_of,
    due,
    flattened,
    newest,
    of_stats,
    owned,
    same_owner,
    stamp,
)
from watchd.rules.pages import Tally, goes_on
from watchd.rules.reconcile import Fate, Kept, Told, fate, mismatch, paired
from watchd.rules.shrink import SECOND_LOOK, confirmed, suspicious

T = 1_790_000_000_000


@pytest.mark.parametrize(
    "rows, plays, expected",
    [
        ([(1, 0)], [(7, MINUTE)], {1: 7}),
        ([(1, 0)], [(7, 2 * MINUTE)], {1: 7}),
        ([(1, 0)], [(7, 2 * MINUTE + 1)], {}),
        ([(1, 0), (2, MINUTE)], [(7, MINUTE)], {2: 7}),
        ([(1, 0)], [(7, -MINUTE), (8, 1000)], {1: 8}),
        ([(1, 0), (2, 0)], [(7, 0), (8, 0)], {1: 7, 2: 8}),
        ([(1, 0), (2, 90_000)], [(7, 60_000), (8, 100_000)], {2: 8, 1: 7}),
        ([(1, 0), (2, 0)], [(7, 0)], {1: 7}),
        ([(1, -T)], [(7, -T)], {}),
    ],
)
def test_rows_and_plays_pair_off_the_nearest_first(
    rows: list[tuple[int, int]], plays: list[tuple[int, int]], expected: dict[int, int]
) -> None:
    told = [Told(number, T + at) for number, at in rows]
    assert paired(told, [Kept(number, T + at) for number, at in plays]) == expected


@pytest.mark.parametrize(
    "told, of_trakt, missing_for, gone, expected",
    [
        (True, True, None, False, Fate.SAME),
        (True, True, DAY, False, Fate.BACK),
        (True, True, DAY, True, Fate.BACK),
        (False, True, None, False, Fate.MISSING),
        (False, True, HOUR, False, Fate.SAME),
        (False, True, SECOND_LOOK, False, Fate.GONE),
        (False, True, DAY, True, Fate.SAME),
        (False, False, None, False, Fate.MISSING),
        (False, False, 100 * DAY, False, Fate.SAME),
    ],
)
def test_only_what_is_of_trakt_alone_goes_and_at_the_second_look(
    *, told: bool, of_trakt: bool, missing_for: int | None, gone: bool, expected: Fate
) -> None:
    missing_at = None if missing_for is None else T - missing_for
    assert fate(told=told, of_trakt=of_trakt, missing_at=missing_at, gone=gone, now=T) is expected


@pytest.mark.parametrize(
    "before, after, expected",
    [(0, 0, False), (25, 0, False), (26, 0, True), (100, 75, False), (100, 74, True), (4000, 3001, False), (4000, 100, True)],
)
def test_a_list_that_lost_much_is_suspicious(before: int, after: int, *, expected: bool) -> None:
    assert suspicious(before, after) is expected


def test_a_doubt_is_settled_by_a_second_look_that_says_the_same() -> None:
    doubted = Section("watchlist", rows=400, doubt_rows=0, doubt_at=T)
    assert not confirmed(doubted, 0, T + SECOND_LOOK - 1)
    assert confirmed(doubted, 10, T + SECOND_LOOK)
    assert not confirmed(doubted, 200, T + SECOND_LOOK)
    assert not confirmed(Section("watchlist", rows=400), 0, T)


def test_pages_are_whole_when_as_many_rows_came_as_were_told_of() -> None:
    for pages, trouble in (
        ([(250, 300), (50, 300)], None),
        ([(250, 300), (50, 301)], None),
        ([(250, 300), (49, 300)], "299 of 300 rows came"),
        ([(250, 300), (49, 299)], "the list shrank from 300 to 299 rows while it was read"),
        ([(100, 3846)], "100 of 3846 rows came"),
        ([(7, None)], None),
        ([(0, 0)], None),
        ([(250, 300), *[(0, 300)] * 10], "10 pages in a row brought nothing new"),
        ([(250, 300), *[(0, 300)] * 9, (50, 300)], None),
    ):
        tally = Tally()
        for fresh, items in pages:
            tally.add(fresh, items)
        assert tally.trouble() == trouble


@pytest.mark.parametrize(
    "number, rows, tally, count, paged, expected",
    [
        (1, 250, Tally(seen=250), 2, True, True),
        (2, 50, Tally(seen=300), 2, True, False),
        (1, 0, Tally(idle=1), 9, True, False),
        (1, 100, Tally(seen=100), None, True, True),
        (2, 100, Tally(seen=100, idle=1), None, True, False),
        (1, 100, Tally(seen=100), None, False, False),
        (3, 250, Tally(seen=250, idle=2), 9, True, True),
        (12, 250, Tally(seen=250, idle=10), 100_000, True, False),
        (1, 250, Tally(told=600, seen=250), 1, True, True),
        (3, 250, Tally(told=600, seen=500, idle=1), 1, True, False),
        (1, 100, Tally(told=300, seen=100), None, False, True),
        (2, 50, Tally(told=300, seen=300), None, True, False),
    ],
)
def test_pages_go_on_by_what_the_reply_says(
    number: int, rows: int, tally: Tally, count: int | None, *, paged: bool, expected: bool
) -> None:
    assert goes_on(number, rows, tally, count, paged=paged) is expected


def test_a_section_is_due_by_its_stamp_its_age_and_its_next_try() -> None:
    good = Section("watchlist", activity="a", synced_at=T)
    assert due(None, T, "a")
    assert not due(good, T + HOUR, "a")
    assert due(good, T + 1, "b")
    assert due(good, T + DAY, "a")
    blind = Section("watchlist", activity="?", synced_at=T)
    assert not due(blind, T + HOUR, "?")
    assert due(blind, T + 6 * HOUR, "?")
    failed = Section("watchlist", activity="a", failed="no", failed_at=T)
    assert not due(failed, T + RETRY - 1, "b")
    assert due(failed, T + RETRY, "a")
    refused = Section("watchlist", activity="a", failed=f"{REFUSED}HTTP 404", failed_at=T)
    assert not due(refused, T + RETRY, "b")
    assert due(refused, T + RETRY_REFUSED, "a")
    doubted = Section("watchlist", activity="a", synced_at=T, doubt_rows=0, doubt_at=T)
    assert not due(doubted, T + HOUR, "b")
    assert due(doubted, T + SECOND_LOOK, "b")


def test_a_moment_to_come_holds_nothing_up() -> None:
    """A clock that ran ahead and was set right has left such moments behind."""
    assert due(Section("watchlist", activity="a", synced_at=T + DAY), T, "a")
    assert due(Section("watchlist", activity="a", failed="no", failed_at=T + DAY), T, "a")
    assert due(Section("watchlist", activity="a", synced_at=T, doubt_rows=0, doubt_at=T + DAY), T, "a")
    assert age_of(T + 1, T) is None
    assert fate(told=False, of_trakt=True, missing_at=T + DAY, gone=False, now=T) is Fate.MISSING


def test_a_stamp_is_of_one_user() -> None:
    mine, yours = owned("me", "a"), owned("you", "a")
    assert due(Section("watchlist", activity=yours, synced_at=T), T + 1, mine)
    assert not same_owner(yours, mine)
    assert same_owner(owned("me", "b"), mine)
    assert same_owner(None, mine)
    assert same_owner("imported", mine)


def test_the_newest_change_is_the_latest_moment_told() -> None:
    assert newest({"a.b": "2026-01-01T00:00:00.000Z", "a.c": "2026-01-02T00:00:00.000Z", "d.e": "odd"}) == 1_767_312_000_000
    assert newest({"movies.watched_at": "3"}) is None


def test_what_trakt_says_of_changes_is_read_tolerantly() -> None:
    told = {"all": "x", "movies": {"watched_at": "1", "odd": None}, "watchlist": {"updated_at": "2"}, "new": 3}
    assert flattened(told) == {"movies.watched_at": "1", "watchlist.updated_at": "2"}
    assert stamp("watchlist", flattened(told)) == "2"
    assert stamp("history", flattened(told)) == "1|?"
    assert flattened(None) == of_stats([]) == {}
    figures = {"movies": {"plays": 3, "watched": 2, "ratings": 1}, "network": {"followers": 1}, "odd": 1}
    assert of_stats(figures)["movies.watched_at"] == "3"
    assert of_stats(figures)["account.followed_at"] == "[('followers', 1)]"
    assert all(isinstance(stamp(name, {}), str) for name in STAMPS)


def test_counts_differ_by_what_is_not_explained_by_rows_without_a_name() -> None:
    linked = {"movie": 3, "episode": 10}
    assert mismatch(linked, 0, {"movies": {"plays": 3}, "episodes": {"plays": 10}}) == {}
    assert mismatch(linked, 0, {"movies": {"plays": 4}, "episodes": {"plays": 9}}) == {"movie": 1, "episode": -1}
    assert mismatch(linked, 2, {"movies": {"plays": 4}, "episodes": {"plays": 11}}) == {}
    assert mismatch(linked, 0, None) == mismatch(linked, 0, {"movies": 3}) == {}
