"""Many items in one call, and which of them an answer does not know."""

from typing import Any

import pytest

from watchd.clients.trakt_bodies import Body, history_item, rating_item
from watchd.clients.trakt_bulk import added, together, unknown
from watchd.clock import parse_iso
from watchd.model.media import Episode, MediaIds, Movie, Show

AT = parse_iso("2026-11-20T20:57:31Z")
WHEN = "2026-11-20T20:57:31.000Z"
SHOW = Show("Severance", 2022, MediaIds(trakt=5))
NAMED = {"ids": {"trakt": 5}, "title": "Severance", "year": 2022}
HEAT = Movie("Heat", 1995, MediaIds(tmdb=949))
HEAT_BODY = {"ids": {"tmdb": 949}, "title": "Heat", "year": 1995, "watched_at": WHEN}


def body(media: Movie | Episode) -> Body:
    made = history_item(media, AT)
    assert made is not None
    return made


ITEMS = [
    body(Episode(SHOW, 1, 1)),
    body(HEAT),
    body(Episode(SHOW, 1, 2)),
    body(Episode(SHOW, 2, 1)),
    body(Episode(ids=MediaIds(tvdb=7))),
    body(Episode(Show("Dark"), 1, 1)),
]


def episode(number: int) -> dict[str, Any]:
    return {"number": number, "watched_at": WHEN}


def test_the_episodes_of_a_show_go_under_one_entry_of_it() -> None:
    assert together(ITEMS) == {
        "shows": [
            {
                **NAMED,
                "seasons": [{"number": 1, "episodes": [episode(1), episode(2)]}, {"number": 2, "episodes": [episode(1)]}],
            },
            {"title": "Dark", "seasons": [{"number": 1, "episodes": [episode(1)]}]},
        ],
        "movies": [HEAT_BODY],
        "episodes": [{"ids": {"tvdb": 7}, "watched_at": WHEN}],
    }
    assert ITEMS[0] == body(Episode(SHOW, 1, 1))


@pytest.mark.parametrize(
    "not_found, missing",
    [
        ({}, set()),
        ({"movies": [HEAT_BODY]}, {1}),
        ({"movies": [{"ids": {"tmdb": 949}}]}, {1}),
        ({"movies": [{"ids": {"tmdb": 1}}]}, set()),
        ({"episodes": [{"ids": {"tvdb": 7}}]}, {4}),
        ({"shows": [{**NAMED, "seasons": [{"number": 1, "episodes": [{"number": 2}]}]}]}, {2}),
        ({"shows": [NAMED]}, {0, 2, 3}),
        ({"shows": [{"title": "Dark"}], "people": [None]}, {5}),
        ({"shows": None, "movies": [None, 5], "episodes": "?"}, set()),
        (None, set()),
        ([], set()),
    ],
)
def test_an_answer_tells_which_items_it_does_not_know(not_found: object, missing: set[int]) -> None:
    assert unknown(ITEMS, {"added": {}, "not_found": not_found}) == missing


@pytest.mark.parametrize(
    "data, count", [({"added": {"movies": 1, "episodes": 24}}, 25), ({"added": None}, 0), ([], 0), (None, 0)]
)
def test_an_answer_tells_how_many_were_added(data: object, count: int) -> None:
    assert added(data) == count


@pytest.mark.parametrize("given, told", [(0.4, 1), (7.5, 8), (8.49, 8), (10.0, 10), (12.0, 10)])
def test_a_rating_is_a_whole_number_from_one_to_ten_with_its_moment(given: float, told: int) -> None:
    named = {"ids": {"tmdb": 949}, "title": "Heat", "year": 1995}
    assert rating_item(HEAT, given, AT + 5) == {"movies": [{**named, "rating": told, "rated_at": WHEN}]}
    assert rating_item(Episode(Show("Naruto"), number_abs=13), given, AT) is None
