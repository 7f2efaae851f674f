"""Bodies of Trakt's calls that write history and ratings."""

from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.clock import parse_iso
from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored, IgnoreReason
from watchd.sources.trakt_sync import MOST_ITEMS, batch, parse_many

WHEN = "2014-09-01T09:10:11.000Z"
RAN = {"title": "Ran", "year": 1985, "ids": {"trakt": 500, "imdb": "tt0089881"}}


def told(verb: str, payload: object) -> list[dict[str, object]]:
    return [facts(event) for event in parse_many(verb, payload)]


def test_a_movie_is_marked_with_its_time() -> None:
    [event] = told("history", {"movies": [RAN | {"watched_at": WHEN}]})
    assert (event["action"], event["title"], event["year"]) == ("mark_watched", "Ran", 1985)
    assert (event["ids"], event["at"], event["rating"]) == ({"trakt": 500, "imdb": "tt0089881"}, parse_iso(WHEN), None)


@pytest.mark.parametrize(
    "value, at",
    [
        (WHEN, parse_iso(WHEN)),
        ("2014-09-01T11:10:11+02:00", parse_iso(WHEN)),
        ("unknown", 0),
        ("released", 0),
        ("1901-01-01T00:00:00Z", 0),
        ("yesterday", None),
        (1409562611, None),
        (None, None),
    ],
)
def test_a_time_is_read_as_trakt_reads_it(value: object, at: int | None) -> None:
    assert told("history", {"movies": [RAN | {"watched_at": value}]})[0]["at"] == at


def test_without_a_time_it_is_now() -> None:
    assert told("history", {"movies": [RAN]})[0]["at"] is None


def test_an_episode_may_be_named_by_its_ids_or_within_its_show() -> None:
    show = {"title": "Dark (2017)", "ids": {"tvdb": 334824}}
    seasons = [
        {"number": 0, "episodes": [{"number": 2}]},
        {"number": 1, "watched_at": WHEN, "episodes": [{"number": 1}, {"number": "2", "ids": {"tmdb": 1416121}}]},
    ]
    body = {"episodes": [{"ids": {"tvdb": 349232}}], "shows": [show | {"seasons": seasons}]}
    special, first, second, own = told("history", body)
    assert (special["title"], special["year"], special["show_ids"]) == ("Dark", 2017, {"tvdb": 334824})
    assert (special["season"], special["number"], special["at"]) == (0, 2, None)
    assert (first["season"], first["number"], first["at"]) == (1, 1, parse_iso(WHEN))
    assert (second["number"], second["ids"]) == (2, {"tmdb": 1416121})
    assert own["ids"] == {"tvdb": 349232}


def test_an_episodes_own_time_comes_before_that_of_its_season_and_show() -> None:
    season = {"number": 1, "watched_at": "2015-01-01T00:00:00Z", "episodes": [{"number": 1, "watched_at": WHEN}, {"number": 2}]}
    first, second = told("history", {"shows": [{"title": "Dark", "watched_at": "2016-01-01T00:00:00Z", "seasons": [season]}]})
    assert (first["at"], second["at"]) == (parse_iso(WHEN), parse_iso("2015-01-01T00:00:00Z"))


def test_each_item_comes_with_a_body_of_its_own() -> None:
    show = {"title": "Dark", "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 2}]}]}
    found = batch("history", {"movies": [RAN], "shows": [show]})
    assert found.items[0].alone == {"movies": [RAN]}
    assert found.items[2].alone == {"shows": [{"title": "Dark", "seasons": [{"number": 1, "episodes": [{"number": 2}]}]}]}
    assert [parse_many("history", item.alone) for item in found.items] == [(item.event,) for item in found.items]


def test_a_rating_is_read_with_its_time() -> None:
    [event] = told("ratings", {"episodes": [{"rating": 8, "rated_at": WHEN, "ids": {"tvdb": 349232}}]})
    assert (event["action"], event["rating"], event["at"], event["ids"]) == ("rate", 8.0, parse_iso(WHEN), {"tvdb": 349232})


def test_a_season_or_show_is_not_its_episodes_where_ratings_are_meant() -> None:
    show = {"title": "Dark", "rating": 9, "seasons": [{"number": 1, "rating": 8, "episodes": [{"number": 1, "rating": 7}]}]}
    assert [event["rating"] for event in told("ratings", {"shows": [show]})] == [7.0]


@pytest.mark.parametrize(
    "verb, kind, entry, reason",
    [
        ("history", "movies", {"year": 1985}, IgnoreReason.UNIDENTIFIABLE),
        ("history", "episodes", {"ids": {"tvdb": 0}}, IgnoreReason.UNIDENTIFIABLE),
        ("history", "shows", {"title": "Dark"}, IgnoreReason.UNSUPPORTED_TYPE),
        ("history", "shows", {"title": "Dark", "seasons": [{"number": 1}]}, IgnoreReason.UNSUPPORTED_TYPE),
        ("history", "seasons", {"ids": {"tmdb": 7}}, IgnoreReason.UNSUPPORTED_TYPE),
        ("ratings", "movies", RAN, IgnoreReason.NO_RATING),
        ("ratings", "movies", RAN | {"rating": 0}, IgnoreReason.NO_RATING),
        ("ratings", "movies", RAN | {"rating": 11}, IgnoreReason.NO_RATING),
        ("ratings", "shows", {"title": "Dark", "rating": 9}, IgnoreReason.UNSUPPORTED_TYPE),
    ],
)
def test_what_is_no_movie_or_episode_to_be_found_is_handed_back(
    verb: str, kind: str, entry: dict[str, Any], reason: IgnoreReason
) -> None:
    found = batch(verb, {kind: [entry]})
    assert (found.items, found.not_found[kind]) == ([], [entry])
    assert parse_many(verb, {kind: [entry]}) == (Ignored(reason),)


def test_empty_lists_are_understood_and_say_nothing() -> None:
    assert parse_many("history", {"movies": [], "episodes": []}) == (Ignored(IgnoreReason.NO_METADATA),)


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ([], "wrong_type"),
        ({}, "no_item"),
        ({"people": []}, "no_item"),
        ({"movies": {}}, "wrong_type"),
        ({"movies": ["Ran"]}, "wrong_type"),
        ({"movies": [{"title": ["Ran"]}]}, "wrong_type"),
        ({"shows": [{"seasons": {}}]}, "wrong_type"),
        ({"shows": [{"seasons": [{"episodes": [1]}]}]}, "wrong_type"),
        ({"movies": [{"title": "Ran"}] * (MOST_ITEMS + 1)}, "too_many"),
    ],
)
def test_a_body_that_is_no_such_call_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        batch("history", payload)
    assert refusal.value.reason == reason
