"""The card as it is served: the seed's keys exactly, and ours."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.rules.making import HEAT, NOW, PILOT, minutes, paused, play
from watchd.clock import iso
from watchd.model.media import Episode, Media, Movie, Show
from watchd.model.watching import IDLE, NO_ARTWORK, Artwork, Watching, WatchState
from watchd.rules.card import card, changes_at, subtitle_of
from watchd.rules.now import Polled, of_play, of_polled

PICTURES = Artwork("b1280", "b780", "b300", "p500")


def shown(watching: Watching, later: float = 0, artwork: Artwork = NO_ARTWORK, *, live: bool = False) -> Any:
    return card(watching, artwork, NOW + minutes(later), live=live)


def test_a_movie_has_the_keys_of_the_seed_and_ours() -> None:
    assert shown(of_play(play(progress=10.0, player="tv")), 10, PICTURES) == {
        "isWatching": True,
        "content": {
            "type": "movie",
            "title": "Heat",
            "year": 1995,
            "progress": {"started_at": iso(NOW - minutes(10)), "expires_at": iso(NOW + minutes(90)), "percentage": 20},
            "images": {"backdrop": "b1280", "backdrop_medium": "b780", "backdrop_small": "b300", "poster": "p500"},
            "ids": {"trakt": 353, "tmdb": 949, "imdb": "tt0113277"},
        },
        "state": "watching",
        "source": "plex",
        "player": "tv",
        "started_at": iso(NOW),
        "stale_since": None,
    }


def test_an_episode_shows_the_ids_title_and_year_of_its_show() -> None:
    content = shown(of_polled(Polled(PILOT, NOW, NOW + minutes(40))))["content"]
    assert list(content) == ["type", "title", "subtitle", "year", "progress", "images", "ids"]
    assert (content["type"], content["title"], content["year"]) == ("episode", "Severance", 2022)
    assert content["subtitle"] == "S1E1 - Good News About Hell"
    assert content["ids"] == {"trakt": 154997, "tmdb": None, "imdb": None}


def test_idle_has_no_content() -> None:
    assert shown(IDLE) == {
        "isWatching": False,
        "state": "idle",
        "source": None,
        "player": None,
        "started_at": None,
        "stale_since": None,
    }


def test_what_is_missing_has_no_key_and_what_trakt_does_not_know_is_null() -> None:
    content = shown(of_play(play(media=Movie("Heat"), progress=None)), 0, Artwork(backdrop="b1280"))["content"]
    assert "subtitle" not in content
    assert "percentage" not in content["progress"]
    assert content["images"] == {"backdrop": "b1280"}
    assert (content["year"], content["ids"]) == (None, {"trakt": None, "tmdb": None, "imdb": None})


def test_the_percentage_moves_in_steps_of_two_and_live_by_tenths() -> None:
    watching = of_play(play())
    steps = [shown(watching, minute)["content"]["progress"]["percentage"] for minute in (0, 1.9, 2, 3.9, 50, 99, 150)]
    assert steps == [0, 0, 2, 2, 50, 98, 98]
    assert shown(watching, 33.333, live=True)["content"]["progress"]["percentage"] == 33.3
    assert all(isinstance(step, int) for step in steps)


def test_the_body_rests_between_the_steps_and_moves_when_it_says() -> None:
    watching = of_play(play(progress=11.0))
    moves = changes_at(watching, NOW)
    assert moves == NOW + minutes(1)
    body = shown(watching)
    assert all(card(watching, NO_ARTWORK, at, live=False) == body for at in range(NOW, round(moves), 5000))
    assert card(watching, NO_ARTWORK, round(moves) + 1, live=False) != body


@pytest.mark.parametrize(
    "watching",
    [IDLE, of_play(paused(40.0, NOW)), of_play(play(progress=None)), of_play(play(progress=99.0))],
    ids=["idle", "paused", "no progress", "at its end"],
)
def test_a_frozen_card_never_moves_by_itself(watching: Watching) -> None:
    assert changes_at(watching, NOW) == math.inf


def test_paused_is_watching_with_a_standing_progress() -> None:
    first, later = (shown(of_play(paused(40.0, NOW)), minute) for minute in (1, 300))
    assert first == later
    assert (first["isWatching"], first["state"]) == (True, "paused")
    assert first["content"]["progress"]["percentage"] == 40


def test_unknown_is_not_watching_and_keeps_its_content() -> None:
    watching = replace(of_play(play(progress=10.0)), state=WatchState.UNKNOWN, stale_since=NOW)
    document = shown(watching, 30)
    assert (document["isWatching"], document["state"], document["stale_since"]) == (False, "unknown", iso(NOW))
    assert (document["content"]["title"], document["content"]["progress"]["percentage"]) == ("Heat", 10)


@pytest.mark.parametrize(
    "media, subtitle",
    [
        (HEAT, None),
        (PILOT, "S1E1 - Good News About Hell"),
        (replace(PILOT, title=None), "S1E1"),
        (replace(PILOT, season=0, number=0, title="Special"), "S0E0 - Special"),
        (Episode(Show("Naruto"), number_abs=133, title="A Plea"), "#133 - A Plea"),
        (Episode(Show("Naruto"), title="A Plea"), "A Plea"),
        (Episode(Show("Naruto")), None),
    ],
)
def test_the_subtitle_of(media: Media, subtitle: str | None) -> None:
    assert subtitle_of(media) == subtitle
