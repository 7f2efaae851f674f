"""What goes out to Trakt: the surest name of an item, and never a whole show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchd.clients.trakt_bodies import history_item, needs_lookup, scrobble_item
from watchd.clock import parse_iso
from watchd.model.media import Episode, Media, MediaIds, Movie, Show

AT = parse_iso("2026-11-20T20:57:31.987Z")
WHEN = "2026-11-20T20:57:31.000Z"
SHOW = Show("Severance", 2022, MediaIds(trakt=5, tvdb=371980))
SHOW_BODY = {"ids": {"trakt": 5, "tvdb": 371980}, "title": "Severance", "year": 2022}
TITLED = {"title": "Severance", "year": 2022}
NUMBERS = {"season": 2, "number": 10}
OWN = MediaIds(trakt=9, imdb="tt9", tmdb=99, tvdb=999)
FOREIGN = MediaIds(imdb="tt9", tmdb=99)


@pytest.mark.parametrize(
    "media,item,lookup",
    [
        (
            Movie("Heat", 1995, MediaIds(tmdb=949, tvdb=1)),
            {"movie": {"ids": {"tmdb": 949}, "title": "Heat", "year": 1995}},
            False,
        ),
        (Movie(ids=MediaIds(imdb="tt0113277")), {"movie": {"ids": {"imdb": "tt0113277"}}}, False),
        (Movie("Heat", 1995, MediaIds(tvdb=1)), {"movie": {"title": "Heat", "year": 1995}}, False),
        (Movie("Heat"), {"movie": {"title": "Heat"}}, False),
        (Movie(year=1995), None, False),
        (Episode(SHOW, 2, 10, ids=OWN), {"show": SHOW_BODY, "episode": NUMBERS}, False),
        (Episode(SHOW, 0, 0), {"show": SHOW_BODY, "episode": {"season": 0, "number": 0}}, False),
        (Episode(Show("Severance", 2022), 2, 10, ids=OWN), {"episode": {"ids": {"trakt": 9, "tvdb": 999}}}, False),
        (Episode(ids=MediaIds(tvdb=999, imdb="tt9")), {"episode": {"ids": {"tvdb": 999}}}, False),
        (Episode(Show("Severance", 2022), 2, 10, ids=FOREIGN), {"show": TITLED, "episode": NUMBERS}, True),
        (Episode(ids=FOREIGN), None, True),
        (Episode(Show("Severance", 2022), 2, 10), {"show": TITLED, "episode": NUMBERS}, False),
        (Episode(SHOW, number_abs=19), {"show": SHOW_BODY, "episode": {"number_abs": 19}}, False),
        (Episode(SHOW, number=10, number_abs=19), {"show": SHOW_BODY, "episode": {"number_abs": 19}}, False),
        (Episode(SHOW, number_abs=19, ids=OWN), {"episode": {"ids": {"trakt": 9, "tvdb": 999}}}, False),
        (Episode(SHOW), None, False),
        (Episode(Show("Severance"), 2), None, False),
    ],
)
def test_an_item_goes_out_by_its_surest_name(media: Media, item: dict[str, Any] | None, *, lookup: bool) -> None:
    assert scrobble_item(media) == item
    assert needs_lookup(media) is lookup


@pytest.mark.parametrize(
    "media,body",
    [
        (Movie("Heat", 1995), {"movies": [{"title": "Heat", "year": 1995, "watched_at": WHEN}]}),
        (
            Episode(SHOW, 0, 10),
            {"shows": [{**SHOW_BODY, "seasons": [{"number": 0, "episodes": [{"number": 10, "watched_at": WHEN}]}]}]},
        ),
        (Episode(ids=OWN), {"episodes": [{"ids": {"trakt": 9, "tvdb": 999}, "watched_at": WHEN}]}),
        (
            Episode(Show("Severance"), 2, 10),
            {"shows": [{"title": "Severance", "seasons": [{"number": 2, "episodes": [{"number": 10, "watched_at": WHEN}]}]}]},
        ),
        (Episode(SHOW, number_abs=19), None),
        (Episode(SHOW), None),
        (Episode(ids=FOREIGN), None),
    ],
)
def test_a_play_for_the_history_has_its_own_moment(media: Media, body: dict[str, Any] | None) -> None:
    assert history_item(media, AT) == body


IDS = st.builds(
    MediaIds,
    trakt=st.none() | st.integers(1, 9),
    slug=st.none() | st.just("slug"),
    imdb=st.none() | st.just("tt1"),
    tmdb=st.none() | st.integers(1, 9),
    tvdb=st.none() | st.integers(1, 9),
)
NUMBER = st.none() | st.integers(0, 9)
SHOWS = st.builds(Show, title=st.none() | st.just("S"), year=NUMBER, ids=IDS)
EPISODES = st.builds(Episode, show=SHOWS, season=NUMBER, number=NUMBER, number_abs=NUMBER, ids=IDS)


@given(media=EPISODES | st.builds(Movie, title=st.none() | st.just("M"), year=NUMBER, ids=IDS))
def test_no_item_ever_names_a_whole_show(media: Media) -> None:
    item, body = scrobble_item(media), history_item(media, AT)
    if item is not None and "show" in item:
        assert item["episode"].keys() in ({"season", "number"}, {"number_abs"})
        assert item["show"]
    for show in (body or {}).get("shows", []):
        assert len(show["seasons"]) == len(show["seasons"][0]["episodes"]) == 1
        assert show["seasons"][0]["episodes"][0]["watched_at"] == WHEN
    if body is not None:
        assert sum(len(body.get(kind, [])) for kind in ("movies", "shows", "episodes")) == 1
