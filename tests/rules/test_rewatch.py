"""Watching again: what goes on with a sitting that has counted, and what counts anew."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.rules.making import NOW, POLICY, event, minutes, play, watched, watched_open
from watchd.model.playback import Action, Play, PlaybackEvent, PlayState, Teller
from watchd.model.receipts import Step
from watchd.rules.rewatch import handed_over
from watchd.rules.sitting import choose
from watchd.rules.tracker import Outcome, follow

START, PAUSE, STOP, WATCHED, BEAT = Action.START, Action.PAUSE, Action.STOP, Action.WATCHED, Action.PROGRESS
Line = tuple[float, PlaybackEvent]


def live(item: Play, lines: Sequence[Line]) -> list[Outcome]:
    """Events of one media, in minutes after `NOW`, each to the sitting it is chosen for."""
    known, outcomes = {item.id: item}, []
    for minute, told in lines:
        at = NOW + minutes(minute)
        outcome = follow(choose(known.values(), told, at, POLICY), told, 1, at, POLICY)
        if outcome.split_from is not None:
            known[outcome.split_from.id] = outcome.split_from
        kept = replace(outcome.play, id=outcome.play.id or max(known) + 1)
        known[kept.id] = kept
        outcomes.append(outcome)
    return outcomes


ONCE: dict[str, tuple[Play, list[Line]]] = {
    "Plex's second start after its watched event": (
        watched_open(NOW),
        [(1, event(START)), (2, event(PAUSE, 92)), (9, event(START, 92)), (16, event(STOP, 99))],
    ),
    "a long rest in the credits": (watched_open(NOW), [(1, event(PAUSE, 91)), (400, event(START, 91)), (409, event(STOP, 99))]),
    "a long rest in the credits, then a start without position": (
        watched_open(NOW),
        [(1, event(START)), (2, event(PAUSE)), (300, event(START)), (308, event(STOP, 99))],
    ),
    "back into the credits next morning": (watched(NOW), [(600, event(START, 93)), (606, event(STOP, 99))]),
    "the credits in a new session": (
        watched(NOW, tellers=(Teller("plex", "", "a", NOW),)),
        [(5, event(START, 93, session="b")), (11, event(STOP, 99, session="b"))],
    ),
    "the end once more": (watched(NOW), [(5, event(START, 60)), (45, event(STOP, 98))]),
    "skipped through to the end": (watched(NOW), [(5, event(START, 0)), (6, event(START, 94)), (10, event(STOP, 99))]),
    "skipped to the end and left there paused": (
        watched(NOW),
        [(5, event(START, 0)), (6, event(PAUSE, 94)), (200, event(STOP, 94))],
    ),
    "half of it again": (watched(NOW), [(5, event(START, 0)), (65, event(STOP, 60))]),
    "another source's stop, twice": (
        watched(NOW),
        [(1, event(STOP, 95, source="emby")), (20, event(STOP, 95, source="emby"))],
    ),
    "watched and stopped after a stop": (watched(NOW), [(1, event(WATCHED)), (2, event(STOP, 95))]),
}
TWICE: dict[str, tuple[Play, list[Line]]] = {
    "from the start, at once": (watched(NOW), [(1, event(START, 0)), (91, event(STOP, 90))]),
    "from the start, without positions": (watched(NOW), [(1, event(START)), (91, event(WATCHED)), (99, event(STOP))]),
    "from the start, after Plex's second start": (
        watched_open(NOW),
        [(1, event(START, 91)), (9, event(STOP, 99)), (10, event(START, 0)), (100, event(STOP, 90))],
    ),
    "from the start, with no stop between": (
        watched_open(NOW),
        [(1, event(START, 91)), (8, event(START, 0)), (98, event(STOP, 90))],
    ),
    "in a new session at once": (
        watched(NOW, tellers=(Teller("plex", "", "a", NOW),)),
        [(1, event(START, 0, session="b")), (81, event(STOP, 80, session="b"))],
    ),
    "after half a runtime, a stop alone": (watched(NOW), [(50, event(STOP, 90))]),
    "with a rest in the middle": (
        watched(NOW),
        [(1, event(START, 0)), (31, event(PAUSE, 30)), (40, event(START, 30)), (95, event(STOP, 85))],
    ),
    "with a rest whose end went unheard": (watched(NOW), [(1, event(START, 0)), (31, event(PAUSE, 30)), (95, event(STOP, 85))]),
    "in two parts": (
        watched(NOW),
        [(1, event(START, 0)), (46, event(STOP, 45)), (60, event(START, 45)), (100, event(STOP, 85))],
    ),
    "by heartbeats": (
        watched(NOW),
        [*((float(minute), event(BEAT, minute - 1)) for minute in range(2, 90, 4)), (90, event(STOP, 88))],
    ),
    "first heard of at a pause": (watched(NOW), [(41, event(PAUSE, 40)), (45, event(START, 40)), (90, event(STOP, 85))]),
    "then the credits again": (
        watched(NOW),
        [(1, event(START, 0)), (91, event(STOP, 90)), (92, event(START, 90)), (100, event(STOP, 98))],
    ),
}


@pytest.mark.parametrize("name", ONCE)
def test_it_goes_on_with_the_sitting_that_has_counted(name: str) -> None:
    item, lines = ONCE[name]
    assert [outcome.step for outcome in live(item, lines)].count(Step.WATCHED) == 0


@pytest.mark.parametrize("name", TWICE)
def test_it_counts_anew(name: str) -> None:
    item, lines = TWICE[name]
    assert [outcome.step for outcome in live(item, lines)].count(Step.WATCHED) == 1


def test_the_second_viewing_becomes_a_play_of_its_own() -> None:
    first = watched(NOW, trakt_history_id=99)
    started, ended = live(first, [(10, event(START, 0)), (100, event(STOP, 90))])
    assert started.play.id == first.id
    assert ended.split_from is not None
    assert (ended.split_from.id, ended.split_from.watched_at, ended.split_from.trakt_history_id) == (first.id, NOW, 99)
    assert (ended.split_from.ended_at, ended.split_from.again_at) == (NOW + minutes(10), None)
    assert (ended.play.id, ended.play.trakt_history_id, ended.play.started_at) == (0, None, NOW + minutes(10))
    assert ended.play.watched_at == ended.play.ended_at == NOW + minutes(100)


def test_a_start_without_position_shows_a_second_viewing_from_its_beginning() -> None:
    (started,) = live(watched(NOW), [(1, event(START))])
    assert (started.play.state, started.play.progress) == (PlayState.PLAYING, 0.0)


def test_a_sitting_that_stayed_open_hands_its_later_sources_to_the_new_one() -> None:
    earlier, later, own = Teller("plex", "", "a", NOW), Teller("emby", "", "x", NOW + 5000), Teller("plex", "", "b", NOW + 9000)
    old = watched_open(NOW, again_at=NOW + 5000, again_progress=0.0, tellers=(earlier, later))
    closed, new = handed_over(old, play(tellers=(own,)), NOW + 9000)
    assert (closed.open, closed.ended_at, closed.again_at, closed.tellers) == (False, NOW + 5000, None, (earlier,))
    assert new.tellers == (later, own)
