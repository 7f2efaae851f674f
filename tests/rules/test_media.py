"""Which descriptions are one item."""

from dataclasses import replace

import pytest

from tests.rules.making import HEAT, PILOT, SECOND
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.rules.media import conflicting, fold, fold_key, follows, merged, same_item


@pytest.mark.parametrize(
    "one, other",
    [
        ("Amélie", "AMELIE"),
        ("Schitt's Creek", "Schitt\u2019s Creek"),
        ("Law & Order", "Law and Order"),
        ("Spider-Man: Far From Home", "spider man  far from home"),
        ("Straße", "STRASSE"),
        ("Shōgun", "Shogun"),
        ("Ёлки", "Елки"),
        ("M*A*S*H", "m a s h"),
    ],
)
def test_titles_that_differ_in_case_accents_and_marks_alone_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_letters_of_scripts_whose_marks_carry_meaning_stay_apart() -> None:
    assert fold("कि") != fold("का")
    assert fold("千と千尋の神隠し") == "千と千尋の神隠し"


@pytest.mark.parametrize("title", [None, "", "...", "!!!"])
def test_a_title_without_letters_folds_to_nothing(title: str | None) -> None:
    assert fold(title) == ""


def test_an_episode_without_title_or_numbers_has_no_key() -> None:
    assert fold_key(Episode(Show("Severance"))) == ""
    assert fold_key(Episode(Show(None), 1, 1)) == ""
    assert fold_key(Episode(Show("Naruto"), number_abs=7)) == "naruto|abs|7"
    assert fold_key(Episode(Show("Doctor Who"), 0, 0)) == "doctor who|0|0"


SAME: dict[str, tuple[Media, Media]] = {
    "a shared id": (Movie("Heat", 1995, MediaIds(tmdb=949)), Movie("Hitze", 1996, MediaIds(tmdb=949))),
    "title and year, ids of other kinds": (Movie("Heat", 1995, MediaIds(imdb="tt1")), Movie("heat", 1995, MediaIds(tmdb=1))),
    "title, one year unknown": (Movie("Heat", 1995), Movie("Heat")),
    "an id of the episode": (Episode(ids=MediaIds(tvdb=5)), Episode(Show("X"), 2, 3, ids=MediaIds(tvdb=5))),
    "an id of the show and the numbers": (
        Episode(Show("Dark", ids=MediaIds(tmdb=7)), 1, 2),
        Episode(Show("Dunkel", ids=MediaIds(tmdb=7)), 1, 2),
    ),
    "the show's title and the numbers": (
        Episode(Show("Dark"), 1, 2, ids=MediaIds(imdb="tt5")),
        Episode(Show("dark", 2017), 1, 2),
    ),
    "specials": (Episode(Show("Doctor Who"), 0, 0), Episode(Show("Doctor Who"), 0, 0)),
    "absolute numbers": (Episode(Show("Naruto"), number_abs=7), Episode(Show("Naruto"), 1, 7, number_abs=7)),
}
DIFFERENT: dict[str, tuple[Media, Media]] = {
    "another year": (Movie("Dune", 1984), Movie("Dune", 2021)),
    "contradicting ids": (Movie("Dune", ids=MediaIds(tmdb=841)), Movie("Dune", ids=MediaIds(tmdb=438631))),
    "no title, no ids": (Movie(), Movie()),
    "another number": (PILOT, SECOND),
    "another show of that name": (Episode(Show("Dark", 2017), 1, 2), Episode(Show("Dark", 2019), 1, 2)),
    "contradicting ids of the show": (
        Episode(Show("Dark", ids=MediaIds(tmdb=7)), 1, 2),
        Episode(Show("Dark", ids=MediaIds(tmdb=8)), 1, 2),
    ),
    "an id of the show alone": (Episode(Show("Dark", ids=MediaIds(tmdb=7))), Episode(Show("Dark", ids=MediaIds(tmdb=7)))),
    "a movie and an episode": (Movie("Dark", ids=MediaIds(tmdb=7)), Episode(Show("Dark"), 1, 1, ids=MediaIds(tmdb=7))),
    "the show's id is no episode's": (
        Episode(Show("A", ids=MediaIds(tmdb=7)), 1, 1),
        Episode(Show("B"), 1, 1, ids=MediaIds(tmdb=7)),
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_two_descriptions_are_one_item_by(name: str) -> None:
    one, other = SAME[name]
    assert same_item(one, other)
    assert same_item(other, one)


@pytest.mark.parametrize("name", DIFFERENT)
def test_two_descriptions_are_two_items_by(name: str) -> None:
    one, other = DIFFERENT[name]
    assert not same_item(one, other)
    assert not same_item(other, one)


def test_ids_conflict_only_where_a_kind_differs_and_none_agrees() -> None:
    assert conflicting(MediaIds(tmdb=1), MediaIds(tmdb=2))
    assert not conflicting(MediaIds(tmdb=1), MediaIds(imdb="tt2"))
    assert not conflicting(MediaIds(tmdb=1, imdb="tt2"), MediaIds(tmdb=9, imdb="tt2"))


def test_merging_fills_the_gaps_and_keeps_what_was_known_first() -> None:
    one = Episode(Show("Dark", ids=MediaIds(tmdb=7)), 0, 0, ids=MediaIds(tvdb=1))
    other = Episode(
        Show("Dunkel", 2017, MediaIds(imdb="tt7")), 5, 6, title="Anfang", ids=MediaIds(tvdb=2, imdb="tt1"), runtime=60.0
    )
    assert merged(one, other) == Episode(
        Show("Dark", 2017, MediaIds(tmdb=7, imdb="tt7")), 0, 0, title="Anfang", ids=MediaIds(tvdb=1, imdb="tt1"), runtime=60.0
    )
    assert merged(Movie("Heat", ids=MediaIds(tmdb=949)), HEAT) == HEAT


def test_a_movie_and_an_episode_are_never_merged() -> None:
    with pytest.raises(TypeError):
        merged(HEAT, PILOT)


@pytest.mark.parametrize(
    "earlier, later, next_one",
    [
        (PILOT, SECOND, True),
        (SECOND, PILOT, False),
        (PILOT, PILOT, False),
        (PILOT, replace(SECOND, show=Show("Dark")), False),
        (replace(PILOT, number=9), replace(PILOT, season=2, number=1), True),
        (replace(PILOT, number=9), replace(PILOT, season=2, number=4), False),
        (replace(PILOT, season=0, number=0), replace(PILOT, season=0, number=1), True),
        (replace(PILOT, season=None), SECOND, False),
        (HEAT, SECOND, False),
    ],
)
def test_the_next_episode_follows(earlier: Media, later: Media, next_one: bool) -> None:
    assert follows(earlier, later) is next_one
