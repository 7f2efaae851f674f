"""The choice of pictures."""

from watchd.model.pictures import Picture
from watchd.model.watching import NO_ARTWORK, Artwork
from watchd.rules.artwork import artwork, best_backdrop, best_poster

PLAIN = Picture("/plain.jpg", 1280, 720, None, 4.0, 10)
ENGLISH = Picture("/english.jpg", 3840, 2160, "en", 9.0, 90)
GERMAN = Picture("/german.jpg", 3840, 2160, "de", 9.9, 900)
BASE = "https://image.example/t/p/"


def test_a_backdrop_without_text_goes_before_a_better_one_with_it() -> None:
    assert best_backdrop([ENGLISH, PLAIN]) == PLAIN
    assert best_backdrop([ENGLISH, GERMAN]) == ENGLISH


def test_a_poster_in_the_readers_language_goes_before_a_plain_one() -> None:
    assert best_poster([PLAIN, ENGLISH, GERMAN]) == ENGLISH
    assert best_poster([PLAIN, ENGLISH, GERMAN], "de") == GERMAN
    assert best_poster([PLAIN, GERMAN]) == PLAIN


def test_a_foreign_language_is_no_choice_at_all() -> None:
    assert best_backdrop([GERMAN]) is None
    assert best_poster([GERMAN]) is None
    assert best_poster([]) is None


def test_many_good_votes_beat_a_single_ten() -> None:
    many = Picture("/many.jpg", 1280, vote_average=6.0, vote_count=200)
    single = Picture("/single.jpg", 3840, vote_average=10.0, vote_count=1)
    assert best_backdrop([single, many]) == many


def test_without_votes_the_wider_wins_and_of_equals_the_first() -> None:
    narrow, wide, wide_too = Picture("/1.jpg", 1280), Picture("/2.jpg", 3840), Picture("/3.jpg", 3840)
    assert best_backdrop([narrow, wide, wide_too]) == wide


def test_a_card_gets_one_backdrop_in_three_widths_and_the_poster() -> None:
    assert artwork(BASE, PLAIN, ENGLISH) == Artwork(
        "https://image.example/t/p/w1280/plain.jpg",
        "https://image.example/t/p/w780/plain.jpg",
        "https://image.example/t/p/w300/plain.jpg",
        "https://image.example/t/p/w500/english.jpg",
    )
    assert artwork(BASE, None, None) == NO_ARTWORK
