"""The catalogue: what is there, and how more is added."""

import pytest

from watchd.standins import Catalogue, the_world


def test_the_world_has_what_the_samples_name() -> None:
    world = the_world()
    assert world.movie("tt1462764").ids["tmdb"] == 335977
    assert world.episode("breaking-bad", 1, 1).ids["tvdb"] == 349232
    assert len(world.movies) >= 6
    for ref in ("breaking-bad", "game-of-thrones", "friends"):
        assert {0, 1, 2} <= {season.number for season in world.seasons(world.show(ref))}
    assert world.episode("friends", 1, 1).runtime == 22
    assert any(movie.year is None and movie.ids["tmdb"] is None for movie in world.movies)


def test_two_worlds_do_not_share_what_is_added() -> None:
    one, other = the_world(), the_world()
    one.add_movie("Only Here", 2020)
    assert one.movie("only-here-2020").title == "Only Here"
    with pytest.raises(KeyError):
        other.movie("only-here-2020")


def test_ids_are_made_up_unless_given_and_null_when_given_as_none() -> None:
    books = Catalogue()
    movie = books.add_movie("Two", 2020, ids={"imdb": None, "trakt": 5})
    assert movie.ids["trakt"] == 5
    assert movie.ids["imdb"] is None
    assert movie.ids["tmdb"] is not None
    again = books.add_movie("Two", 2020)
    assert again.ids["slug"] != movie.ids["slug"]
    show = books.add_show("Show", None, seasons={1: 2, 2: ["Alpha"]}, absolute=True, runtimes={(2, 1): 61})
    last = books.episode(show.ids["slug"], 2, 1)
    assert (last.title, last.number_abs, last.runtime) == ("Alpha", 3, 61)
    assert books.absolute(show, "3") is last
    with pytest.raises(KeyError):
        books.show("none")


def test_a_load_can_be_made() -> None:
    books = Catalogue()
    books.fill(movies=1000, shows=50, seasons=2, episodes=10)
    assert (len(books.movies), len(books.shows), len(books.all_episodes())) == (1000, 50, 1000)
    assert len({item.ids["slug"] for item in books.movies}) == 1000
    assert len({item.ids["trakt"] for item in books.all_episodes()}) == 1000
