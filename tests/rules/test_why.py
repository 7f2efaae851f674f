"""The rules of media and relay, said in words."""

from dataclasses import replace

import pytest

from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Origin, Play, PlayState
from watchd.model.receipts import Step
from watchd.model.relay import TRAKT, Delivery, DeliveryState, Verb
from watchd.rules.media import same_item
from watchd.rules.why import STEPS, standing, why_nothing_owed, why_same

NOW = 1_790_000_000_000
HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277", tmdb=949))
WIRE = Episode(Show("The Wire", 2002, MediaIds(tvdb=79126)), season=1, number=2, ids=MediaIds(tmdb=5))
PLAY = Play(1, 1, 1, HEAT, PlayState.STOPPED, Origin.HOOK, "plex", "tv", started_at=NOW, updated_at=NOW)
DEBT = Delivery(7, 1, 1, TRAKT, 1, Verb.WATCHED, DeliveryState.PENDING, NOW, 90.0)


@pytest.mark.parametrize(
    "one, other, said",
    [
        (HEAT, Movie(ids=MediaIds(tmdb=949)), "the same tmdb id 949"),
        (HEAT, Movie("HEAT!", 1995), "the same title 'Heat' (compared as 'heat') of 1995"),
        (HEAT, Movie("Heat"), "the same title 'Heat', no id in common"),
        (WIRE, Episode(ids=MediaIds(tmdb=5)), "the same tmdb id 5"),
        (
            WIRE,
            Episode(Show(ids=MediaIds(tvdb=79126)), season=1, number=2),
            "the show has the same tvdb id 79126, and both are S1E2",
        ),
        (WIRE, Episode(Show("The Wire"), season=1, number=2), "the same title 'The Wire', no id in common, and both are S1E2"),
        (
            Episode(Show("Naruto"), number_abs=7),
            Episode(Show("Naruto"), number_abs=7),
            "the same title 'Naruto', no id in common, and both are number 7",
        ),
    ],
)
def test_what_makes_two_descriptions_one_item_is_named(one: Media, other: Media, said: str) -> None:
    assert same_item(one, other)
    assert why_same(one, other) == said


@pytest.mark.parametrize(
    "one, other, said",
    [
        (HEAT, WIRE, "one is a movie"),
        (HEAT, Movie("Heat", 1995, MediaIds(tmdb=1)), "their ids differ"),
        (HEAT, Movie("Ronin", 1998), "title or year differ"),
        (WIRE, Episode(Show("The Wire"), season=1, number=3), "other season or number"),
        (WIRE, Episode(Show("The Wire", ids=MediaIds(tvdb=1)), season=1, number=2), "ids of their shows differ"),
    ],
)
def test_what_keeps_two_descriptions_apart_is_named(one: Media, other: Media, said: str) -> None:
    assert not same_item(one, other)
    assert why_same(one, other).startswith("not the same")
    assert said in why_same(one, other)


@pytest.mark.parametrize(
    "debt, held, said",
    [
        (replace(DEBT, due_at=0), None, "due now"),
        (replace(DEBT, due_at=NOW + 1000), None, "waits until 2026-09-21T14:13:21.000Z"),
        (replace(DEBT, state=DeliveryState.SENT), None, "Trakt is asked first"),
        (replace(DEBT), "log in again", "the account is held: log in again"),
        (replace(DEBT, state=DeliveryState.HELD), "log in again", "nothing is lost: log in again"),
        (replace(DEBT, state=DeliveryState.DELIVERED, history_id=12), None, "delivered, as history id 12"),
        (replace(DEBT, state=DeliveryState.SUPERSEDED, reason="a later event"), None, "needed no more (a later event)"),
        (replace(DEBT, state=DeliveryState.UNIDENTIFIED, due_at=NOW), None, "does not know the item"),
        (replace(DEBT, state=DeliveryState.DEAD, reason="refused"), None, "given up (refused); `watchd deliveries retry 7`"),
    ],
)
def test_how_a_debt_stands_is_said_in_words(debt: Delivery, held: str | None, said: str) -> None:
    assert said in standing(debt, NOW, held)


@pytest.mark.parametrize(
    "play, since, said",
    [
        (PLAY, None, "never been logged in at Trakt (watchd login --account ben)"),
        (PLAY, NOW + 1, "before the first login"),
        (PLAY, NOW, "nothing happened yet"),
        (replace(PLAY, origin=Origin.TRAKT), NOW, "Trakt itself"),
        (replace(PLAY, origin=Origin.IMPORT), NOW, "an import"),
        (replace(PLAY, origin=Origin.MARK), NOW, "marked by hand"),
    ],
)
def test_why_nothing_is_owed_is_said_in_words(play: Play, since: int | None, said: str) -> None:
    assert said in why_nothing_owed(play, since, "watchd login --account ben")


def test_every_step_has_words() -> None:
    assert set(STEPS) == set(Step)
