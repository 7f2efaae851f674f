"""Arbitrary sequences of events, likely or not: nothing breaks, nothing counts twice, times stay in order."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.rules.test_household import ME, QUIET, arrive, check_debts, check_times, database, history
from watchd.clock import DAY, HOUR, MINUTE, SECOND
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Fate, Step
from watchd.rules.policy import Policy
from watchd.services import sittings
from watchd.store import deliveries, plays

START = 1_790_000_000_000
MEDIA: tuple[Media, ...] = (
    Movie("Heat", 1995),
    Movie("Heat", ids=MediaIds(tmdb=949)),
    Movie(ids=MediaIds(tmdb=949, imdb="tt0113277")),
    Movie(None, None, MediaIds(imdb="tt0113277"), 6000.0),
    Episode(Show("Dark"), 1, 1, runtime=3000.0),
    Episode(Show("Dunkel", ids=MediaIds(tmdb=7)), 1, 1, ids=MediaIds(tvdb=1)),
    Episode(Show("Dark", ids=MediaIds(tmdb=7)), 1, 2, number_end=3),
    Episode(ids=MediaIds(tvdb=1)),
    Episode(Show("Naruto"), number_abs=0, runtime=0.5),
)
GAPS = [0, 1, SECOND, 9 * SECOND, 40 * SECOND, 5 * MINUTE, 11 * MINUTE, 50 * MINUTE, 2 * HOUR, 13 * HOUR, 9 * DAY]


@dataclass(frozen=True, slots=True)
class Line:
    gap: int
    event: PlaybackEvent
    back: int | None
    """How long before its arrival it happened, by its own time; negative: in the future."""


percent = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 50.0, 79.9, 80.0, 99.0, 100.0, 250.0, -5.0]), st.floats(0, 100))
seconds = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 3000.0, 6000.0, 1e12]), st.floats(0, 10_000))
events = st.builds(
    PlaybackEvent,
    source=st.sampled_from(["plex", "jellyfin", "trakt"]),
    action=st.sampled_from([*Action, Action.START, Action.STOP, Action.STOP, Action.WATCHED]),
    media=st.sampled_from(MEDIA),
    progress=percent,
    position=seconds,
    duration=seconds,
    session=st.sampled_from([None, None, "a", "b"]),
    player=st.sampled_from(["", "tv"]),
    completed=st.sampled_from([False, False, False, True]),
)
lines = st.lists(
    st.builds(Line, st.sampled_from(GAPS), events, st.sampled_from([None, None, None, 0, SECOND, MINUTE, HOUR, DAY, -HOUR])),
    min_size=1,
    max_size=25,
)


def survive(script: list[Line], policy: Policy) -> None:
    now = START
    with database() as connection:
        for line in script:
            now += line.gap
            told = line.event if line.back is None else replace(line.event, at=now - line.back)
            before = {play.id: play.watched_at for play in history(connection)}
            taken = arrive(connection, told, now, policy)
            receipt = taken.receipt
            note(f"{(now - START) / MINUTE:10.2f} {told} -> {receipt.step}, {receipt.fate}")
            assert receipt.fate in (Fate.ACCEPTED, Fate.DUPLICATE, Fate.IGNORED)
            after = {play.id: play.watched_at for play in history(connection)}
            assert all(play_id not in after or (after[play_id] or 0) <= (at or 0) for play_id, at in before.items())
            if receipt.step is Step.WATCHED:
                assert receipt.play is not None
                assert receipt.play.id not in before
        sittings.settle_due(connection, now + 30 * DAY, policy)
        assert plays.open_plays(connection) == []
        for play in history(connection):
            check_times(play)
            outcomes = [item.verb for item in deliveries.of_play(connection, play.id)]
            assert play.account_id == ME
            assert [item.seq for item in deliveries.of_play(connection, play.id)] == list(range(1, len(outcomes) + 1))
        check_debts(connection)


@given(script=lines, threshold=st.sampled_from([50.0, 80.0, 95.0]))
@settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
def test_no_sequence_of_events_breaks_the_rules(script: list[Line], threshold: float) -> None:
    survive(script, Policy(threshold=threshold))


@pytest.mark.slow
@given(script=lines, threshold=st.sampled_from([50.0, 80.0, 95.0]))
@settings(max_examples=3_000, deadline=None, suppress_health_check=QUIET)
def test_no_sequence_of_events_of_very_many_breaks_the_rules(script: list[Line], threshold: float) -> None:
    survive(script, Policy(threshold=threshold))
