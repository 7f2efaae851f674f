"""Pictures kept, and the knowledge that there are none."""

import sqlite3

import pytest

from tests.store.given import NOW
from watchd.model.watching import NO_ARTWORK, Artwork
from watchd.store import artwork

FULL = Artwork("https://i/o.jpg", "https://i/780.jpg", "https://i/300.jpg", "https://i/p.jpg")


@pytest.mark.parametrize("found", [FULL, Artwork(poster="https://i/é.jpg"), NO_ARTWORK])
def test_what_was_found_comes_back_even_when_it_is_nothing(store: sqlite3.Connection, found: Artwork) -> None:
    assert artwork.get(store, 1, "movie:949") is None
    artwork.put(store, 1, "movie:949", found, NOW, NOW + 5)
    assert artwork.get(store, 1, "movie:949") == (found, NOW + 5)
    assert artwork.get(store, 1, "show:949") is None
    assert artwork.get(store, 2, "movie:949") is None


def test_a_later_find_replaces_the_earlier_one(store: sqlite3.Connection) -> None:
    artwork.put(store, 1, "movie:949", FULL, NOW, NOW + 5)
    artwork.put(store, 1, "movie:949", NO_ARTWORK, NOW + 1, NOW + 9)
    assert artwork.get(store, 1, "movie:949") == (NO_ARTWORK, NOW + 9)


def test_what_is_past_its_lifetime_is_pruned(store: sqlite3.Connection) -> None:
    for n in range(3):
        artwork.put(store, 1, f"movie:{n}", FULL, NOW, NOW + n)
    assert artwork.prune(store, NOW + 1) == 1
    assert artwork.get(store, 1, "movie:0") is None
    assert artwork.get(store, 1, "movie:1") is not None
