"""A copy that differs in some fields is what the standard library would make of it."""

import dataclasses

import pytest

from watchd.model.copies import replace
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.playback import Action, PlaybackEvent

EPISODE = Episode(Show("Friends", 1994), 1, 2, title="The One", ids=MediaIds(tvdb=7))


@pytest.mark.parametrize(
    "thing, changes",
    [
        (EPISODE, {}),
        (EPISODE, {"number": 3, "title": None}),
        (Movie("Heat"), {"ids": MediaIds(imdb="tt0113277")}),
        (PlaybackEvent("plex", Action.START, EPISODE, player="tv"), {"media": Movie("Heat"), "progress": 2.0}),
    ],
)
def test_it_is_what_dataclasses_replace_makes(thing: Episode, changes: dict[str, object]) -> None:
    made = replace(thing, **changes)  # type: ignore[arg-type]
    assert made == dataclasses.replace(thing, **changes)  # type: ignore[arg-type]
    assert type(made) is type(thing)


def test_a_field_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        replace(EPISODE, colour="red")  # type: ignore[call-arg]
