"""One row for one item, whichever ids the next source knows it by."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.given import HEAT, NOW, a_play, an_episode
from watchd.model.media import NO_IDS, Episode, Media, MediaIds, Movie, Show, identifiable
from watchd.store import accounts, medias, plays

WIRE = Show(title="The Wire", year=2002, ids=MediaIds(trakt=1429, tmdb=1438))


def resolve(store: sqlite3.Connection, media: Media) -> tuple[int, Media, tuple[int, ...]]:
    return medias.resolve(store, 1, media)


def merge(store: sqlite3.Connection, media: Media) -> int:
    """Resolve, and do what the caller owes: move the plays of the other rows and forget them."""
    keep, _, others = resolve(store, media)
    for other in others:
        plays.move_media(store, other, keep)
        medias.forget(store, other)
    return keep


def count(store: sqlite3.Connection) -> int:
    number: int = store.execute("SELECT count(*) FROM media").fetchone()[0]
    return number


@pytest.mark.parametrize(
    "media",
    [
        HEAT,
        Movie(title="Nothing else is known"),
        Movie(ids=MediaIds(slug="heat-1995")),
        an_episode(0, 0, title="A special", ids=MediaIds(tvdb=5), runtime=2400.5),
        an_episode(None, None, show=Show(title="Naruto", ids=MediaIds(tvdb=78857)), number_abs=13),
    ],
)
def test_what_is_stored_comes_back_as_it_was(store: sqlite3.Connection, media: Media) -> None:
    row, full, others = resolve(store, media)
    assert (full, others) == (media, ())
    assert medias.get(store, row) == media
    assert medias.known(store, 1, media) == row
    assert resolve(store, media) == (row, media, ())


@pytest.mark.parametrize(
    "known, told",
    [
        (HEAT, Movie(ids=MediaIds(tmdb=949))),
        (HEAT, Movie(ids=MediaIds(trakt=1, imdb="tt0113277"))),
        (HEAT, Movie(title="HEAT!", year=1995)),
        (HEAT, Movie(title="Heat")),
        (Movie(title="Amélie", year=2001), Movie(title="Amelie", year=2001, ids=MediaIds(tmdb=194))),
        (an_episode(ids=MediaIds(tvdb=7)), Episode(ids=MediaIds(tvdb=7))),
        (an_episode(show=WIRE), an_episode(show=Show(ids=MediaIds(tmdb=1438)))),
        (an_episode(show=WIRE), an_episode(show=Show(title="the wire"))),
        (an_episode(1, 13, show=WIRE, number_abs=13), an_episode(None, None, show=Show(title="The Wire"), number_abs=13)),
        (
            an_episode(1, 13, show=WIRE, number_abs=13),
            an_episode(None, None, show=Show(ids=MediaIds(trakt=1429)), number_abs=13),
        ),
    ],
)
def test_an_item_is_found_again_by_whatever_the_next_source_knows(store: sqlite3.Connection, known: Media, told: Media) -> None:
    row, _, _ = resolve(store, known)
    assert medias.known(store, 1, told) == row
    found, full, others = resolve(store, told)
    assert (found, others) == (row, ())
    assert full == medias.get(store, row)


@pytest.mark.parametrize(
    "known, told",
    [
        (HEAT, Movie(title="Heat", year=1986)),
        (HEAT, Movie(title="Heat", year=1995, ids=MediaIds(tmdb=1))),
        (HEAT, an_episode(ids=MediaIds(imdb="tt0113277", tmdb=949))),
        (Movie(ids=MediaIds(tmdb=5)), Movie(ids=MediaIds(trakt=5))),
        (an_episode(1, 2, show=WIRE), an_episode(1, 3, show=WIRE)),
        (an_episode(1, 2, show=WIRE), an_episode(1, 2, show=Show(title="The Wire", year=1990))),
        (an_episode(ids=MediaIds(tmdb=1438)), an_episode(2, 2, show=WIRE)),
        (Movie(), Movie()),
    ],
)
def test_items_that_only_look_alike_are_kept_apart(store: sqlite3.Connection, known: Media, told: Media) -> None:
    row, _, _ = resolve(store, known)
    assert medias.known(store, 1, told) is None
    assert resolve(store, told)[0] != row
    assert medias.get(store, row) == known


def test_one_accounts_media_are_not_anothers(store: sqlite3.Connection) -> None:
    you = accounts.ensure(store, "you", NOW).id
    mine, _, _ = resolve(store, HEAT)
    yours, _, _ = medias.resolve(store, you, HEAT)
    assert mine != yours
    assert medias.known(store, you, HEAT) == yours


def test_ids_told_later_complete_the_row_and_find_it(store: sqlite3.Connection) -> None:
    row, _, _ = resolve(store, Movie(title="Heat"))
    _, full, _ = resolve(store, replace(HEAT, ids=MediaIds(tmdb=949)))
    assert full == medias.get(store, row) == Movie(title="Heat", year=1995, ids=MediaIds(tmdb=949), runtime=10_200.0)
    assert medias.known(store, 1, Movie(ids=MediaIds(tmdb=949))) == row


def test_what_is_known_is_not_overwritten(store: sqlite3.Connection) -> None:
    row, _, _ = resolve(store, HEAT)
    resolve(store, Movie(title="Another name", year=1996, ids=MediaIds(imdb="tt0113277", tmdb=1, trakt=5)))
    assert medias.get(store, row) == replace(HEAT, ids=MediaIds(imdb="tt0113277", tmdb=949, trakt=5))


def test_a_later_event_links_two_rows_and_their_plays_meet(store: sqlite3.Connection) -> None:
    by_imdb = a_play(store, Movie(ids=MediaIds(imdb="tt0113277")))
    by_tmdb = a_play(store, Movie(ids=MediaIds(tmdb=949)))
    keep, full, others = resolve(store, HEAT)
    assert (keep, others) == (by_imdb.media_id, (by_tmdb.media_id,))
    assert full == HEAT
    assert merge(store, HEAT) == keep
    assert {play.id for play in plays.of_media(store, keep)} == {by_imdb.id, by_tmdb.id}
    assert count(store) == 1
    assert medias.known(store, 1, Movie(ids=MediaIds(tmdb=949))) == keep
    assert store.execute("SELECT count(*) FROM handles WHERE media_id <> ?", (keep,)).fetchone() == (0,)


def test_an_episode_known_by_its_own_ids_and_one_known_by_its_show_are_linked(store: sqlite3.Connection) -> None:
    own, _, _ = resolve(store, Episode(season=1, number=2, ids=MediaIds(tvdb=7)))
    by_show, _, _ = resolve(store, Episode(show=Show(ids=MediaIds(tmdb=1438)), season=1, number=2))
    keep, full, others = resolve(store, Episode(show=Show(ids=MediaIds(tmdb=1438)), season=1, number=2, ids=MediaIds(tvdb=7)))
    assert (keep, others) == (own, (by_show,))
    assert full.ids == MediaIds(tvdb=7)


def test_what_a_row_learns_leads_to_rows_the_event_does_not_name(store: sqlite3.Connection) -> None:
    first, _, _ = resolve(store, Episode(show=Show(title="The Wire"), ids=MediaIds(tvdb=7)))
    second, _, _ = resolve(store, an_episode(1, 2, show=Show(title="The Wire")))
    keep, _, others = resolve(store, Episode(season=1, number=2, ids=MediaIds(tvdb=7)))
    assert (keep, others) == (first, (second,))


def test_a_bare_title_makes_no_one_of_two_films_of_that_name(store: sqlite3.Connection) -> None:
    older, _, _ = resolve(store, Movie(title="Heat", year=1986))
    newer, _, _ = resolve(store, HEAT)
    row, _, others = resolve(store, Movie(title="Heat"))
    assert others == ()
    assert row == older
    assert medias.get(store, older) == Movie(title="Heat", year=1986)
    assert medias.get(store, newer) == HEAT


def test_a_shared_id_goes_before_an_older_row_of_the_same_title(store: sqlite3.Connection) -> None:
    older, _, _ = resolve(store, Movie(title="Heat", year=1986))
    newer, _, _ = resolve(store, HEAT)
    told = Movie(title="Heat", ids=MediaIds(tmdb=949))
    assert medias.known(store, 1, told) == newer
    assert resolve(store, told) == (newer, HEAT, ())
    assert medias.get(store, older) == Movie(title="Heat", year=1986)


def test_a_lookup_completes_a_row_and_merges_it_into_an_older_one(store: sqlite3.Connection) -> None:
    older, _, _ = resolve(store, Movie(ids=MediaIds(trakt=480)))
    row, _, _ = resolve(store, Movie(ids=MediaIds(imdb="tt0113277")))
    keep, full, others = medias.learn(store, 1, row, Movie(title="Heat", ids=MediaIds(trakt=480, imdb="tt0113277")))
    assert (keep, others) == (older, (row,))
    assert full == Movie(title="Heat", ids=MediaIds(trakt=480, imdb="tt0113277"))


def test_an_absolute_number_finds_its_row_after_a_lookup_told_season_and_number(store: sqlite3.Connection) -> None:
    told = an_episode(None, None, show=Show(title="Naruto"), number_abs=13)
    row, _, _ = resolve(store, told)
    show = Show(title="Naruto", year=2002, ids=MediaIds(tvdb=78857))
    found = an_episode(1, 13, show=show, number_abs=13, ids=MediaIds(tvdb=90))
    assert medias.learn(store, 1, row, found)[0] == row
    assert resolve(store, told)[0] == row


def test_two_accounts_of_ids_that_contradict_each_other_come_to_rest(store: sqlite3.Connection) -> None:
    resolve(store, Movie(ids=MediaIds(imdb="tt1", tmdb=1)))
    resolve(store, Movie(ids=MediaIds(imdb="tt2", tmdb=2)))
    told = Movie(ids=MediaIds(imdb="tt1", tmdb=2))
    row = merge(store, told)
    assert merge(store, told) == row == medias.known(store, 1, told)


IDS = st.builds(
    MediaIds,
    trakt=st.none() | st.integers(1, 3),
    imdb=st.none() | st.sampled_from(["tt1", "tt2"]),
    tmdb=st.none() | st.integers(1, 3),
)
SHOWS = st.builds(
    Show, title=st.sampled_from([None, "A", "B"]), year=st.sampled_from([None, 2000, 2001]), ids=IDS | st.just(NO_IDS)
)
MEDIA = st.one_of(
    st.builds(
        Movie, title=st.sampled_from([None, "A", "B"]), year=st.sampled_from([None, 2000, 2001]), ids=IDS | st.just(NO_IDS)
    ),
    st.builds(
        Episode,
        show=SHOWS,
        season=st.sampled_from([None, 1]),
        number=st.sampled_from([None, 1, 2]),
        number_abs=st.sampled_from([None, 1, 2]),
        ids=IDS | st.just(NO_IDS),
    ),
)


def test_what_is_told_of_a_row_that_was_merged_away_leads_to_the_other(store: sqlite3.Connection) -> None:
    gone, _, _ = medias.resolve(store, 1, Movie(title="Hitze"))
    kept, _, _ = medias.resolve(store, 1, HEAT)
    medias.forget(store, gone)
    assert medias.learn(store, 1, gone, Movie(ids=MediaIds(imdb="tt0113277", trakt=5)))[0] == kept


@given(told=st.lists(MEDIA, max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_told_each_item_has_one_row_and_keeps_it(store: sqlite3.Connection, told: list[Media]) -> None:
    store.execute("SAVEPOINT example")
    for media in told:
        row = merge(store, media)
        kept = medias.get(store, row)
        assert kept.type == media.type
        if identifiable(media):
            assert merge(store, media) == medias.known(store, 1, media) == row
    assert store.execute("SELECT count(*) FROM handles WHERE media_id NOT IN (SELECT id FROM media)").fetchone() == (0,)
    store.execute("ROLLBACK TO example")
    store.execute("RELEASE example")
