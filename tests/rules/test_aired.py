"""What has aired, to the day, what comes next, and what is read anew."""

import pytest

from watchd.clock import DAY, HOUR, parse_iso
from watchd.model.aired import Coming, Part, ShowTold
from watchd.model.media import MediaIds, Show
from watchd.model.personal import Ask
from watchd.rules import aired as rules
from watchd.rules import calendar

NOON = parse_iso("2026-11-21T12:00:00Z")
TODAY = parse_iso("2026-11-21")


def part(season: int, number: int, days: int | None = -10) -> Part:
    return Part(season, number, f"Part {number}", None if days is None else TODAY + days * DAY, season * 100 + number)


@pytest.mark.parametrize("at, counted", [(TODAY - 1, 1), (TODAY, 2), (TODAY + 23 * HOUR, 2), (TODAY + DAY, 3)])
def test_an_episode_counts_from_the_beginning_of_its_day_on(at: int, counted: int) -> None:
    assert len(rules.aired([part(1, 1, -7), part(1, 2, 0), part(1, 3, 1)], at)) == counted


def test_specials_are_aside_and_an_episode_without_a_day_has_aired_if_a_later_one_has() -> None:
    parts = [part(2, 2, None), part(0, 1), part(1, 2, None), part(2, 1, -1), part(1, 1), part(2, 3, 5)]
    assert [one.place for one in rules.aired(parts, NOON)] == [(1, 1), (1, 2), (2, 1)]
    assert rules.aired([part(1, 1, None)], NOON) == []


def test_the_next_episode_is_the_first_aired_one_that_is_not_watched() -> None:
    parts = [part(1, 1), part(1, 2), part(2, 1)]
    told = rules.following(None, parts, {(1, 1), (2, 1)}, None)
    assert told == {
        "season": 1, "number": 2, "title": "Part 2", "ids": {"trakt": None, "tvdb": None, "imdb": None, "tmdb": 102},
    }  # fmt: skip
    assert rules.following(None, parts, {one.place for one in parts}, None) is None
    assert rules.following(None, [], set(), None) is None


def test_only_what_tmdb_has_too_is_numbered_as_tmdb_does() -> None:
    parts = [part(1, 1), part(1, 2), part(2, 1, 30)]
    assert rules.numbered_alike(parts, {(1, 1), (2, 1)})
    assert not rules.numbered_alike(parts, {(1, 1), (1, 3)})


def test_what_trakt_calls_next_stands_until_it_is_watched_and_then_the_one_after_it() -> None:
    said: dict[str, object] = {"season": 2, "number": 1, "title": "As Trakt has it", "ids": {"trakt": 5}}
    parts = [part(1, 1), part(1, 2), part(2, 1), part(2, 2)]
    assert rules.following(said, parts, {(1, 1)}, 4) is said
    after = rules.following(said, parts, {(1, 1), (2, 1)}, 4)
    assert after is not None
    assert (after["season"], after["number"]) == (2, 2)
    assert rules.following(said, [], {(2, 1)}, 4) is None
    assert rules.following(said, parts, {one.place for one in parts}, 4) is None
    assert rules.following({"season": "2"}, parts, set(), None) == rules.as_episode(parts[0])


def test_only_seasons_that_may_have_changed_are_read_anew() -> None:
    told = ShowTold("Dark", 2017, True, ((0, 9), (1, 2), (2, 2), (3, 0)))
    old = [part(1, 1, -900), part(1, 2, -893)]
    kept = [*old, part(2, 1, -500), part(2, 2, -493)]
    assert rules.to_read(told, [], NOON, None) == [1, 2]
    assert rules.to_read(told, kept, NOON, NOON - DAY) == []
    assert rules.to_read(told, kept, NOON, NOON - 70 * DAY) == [1, 2]
    assert rules.to_read(told, [*old, part(2, 1)], NOON, NOON - DAY) == [2]
    assert rules.to_read(told, [*old, part(2, 1, -500), part(2, 2, 3)], NOON, NOON - DAY) == [2]
    undated = ShowTold("Dark", 2017, True, ((1, 1), (2, 1)))
    assert rules.to_read(undated, [part(1, 1, None), part(2, 1, None)], NOON, NOON) == [2]


def test_running_shows_are_asked_for_daily_and_others_rarely_but_within_what_tmdb_allows() -> None:
    assert rules.again(ShowTold("A", None, True), NOON) == NOON + DAY
    assert NOON + 30 * DAY < rules.again(ShowTold("A", None, False), NOON) < NOON + rules.LIFETIME < NOON + 182 * DAY
    assert rules.again(None, NOON) > NOON + DAY


def test_tries_are_made_ever_more_seldom() -> None:
    waits = [rules.retry(tries, 0) for tries in range(1, 40)]
    assert waits == sorted(waits)
    assert (waits[0], waits[1], waits[-1]) == (600_000, 1_200_000, 12 * HOUR)


def test_the_calendar_is_by_day_in_both_orders_and_has_no_movies() -> None:
    found = [Coming(7, part(2, number, days), "Dark", 2017) for number, days in ((1, 0), (2, 7), (3, 14))]
    shows = {7: Show("Dark (as known here)", 2017, MediaIds(trakt=113938, tmdb=7))}
    rows = calendar.rows(found, shows, Ask("calendar", sort="rank"))
    assert [row["first_aired"] for row in rows] == [
        "2026-11-21T00:00:00.000Z", "2026-11-28T00:00:00.000Z", "2026-12-05T00:00:00.000Z",
    ]  # fmt: skip
    assert rows[0]["show"] == {
        "title": "Dark (as known here)", "year": 2017,
        "ids": {"trakt": 113938, "slug": None, "tvdb": None, "imdb": None, "tmdb": 7},
    }  # fmt: skip
    assert calendar.rows(found, {}, Ask("calendar", sort="newest"))[0]["first_aired"] == rows[-1]["first_aired"]
    assert len(calendar.rows(found, {}, Ask("calendar", start_at=NOON, end_at=NOON + 7 * DAY))) == 2
    assert len(calendar.rows(found, {}, Ask("calendar", type="episodes", start_at=NOON + DAY))) == 2
    assert calendar.rows(found, {}, Ask("calendar", type="movies")) == []


def test_the_calendar_runs_from_yesterday_for_as_long_as_trakts() -> None:
    assert calendar.span(NOON) == (TODAY - DAY, TODAY + 32 * DAY)
