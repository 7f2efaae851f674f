"""The poll diff: what two answers of a media server, one after the other, tell."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.making import HEAT, NOW, PILOT
from watchd.clock import MINUTE, SECOND
from watchd.model.media import Media
from watchd.model.playback import Action, PlaybackEvent, Sender
from watchd.model.sessions import Session, SessionState
from watchd.rules.pace import HABITS, Pace
from watchd.rules.watch import Habits, Screen, ended, follow, unanswered

PLEX, JELLYFIN, KODI = HABITS["plex"], HABITS["jellyfin"], HABITS["kodi"]
EVERY = 10 * SECOND

ITEMS: dict[str, Media] = {"1": HEAT, "2": PILOT, "3": replace(PILOT, number=2)}

Told = list[tuple[str, float | None]]


def session(
    state: str, position: float | None, item: str = "1", *, checked_in_at: int | None = None, silence: int = 0, user: str = "1"
) -> Session:
    sender = Sender(user_id=user, server="attic")
    told = PlaybackEvent("plex", Action.START, ITEMS[item], position=position, duration=6000, player="attic/tv", sender=sender)
    return Session(item, SessionState(state), told, checked_in_at, silence)


def run(answers: list[list[Session] | None], habits: Habits = PLEX, every: int = EVERY) -> Told:
    """What is told over a series of answers; None is none."""
    told = Told()
    screen: Screen | None = None
    events: tuple[PlaybackEvent, ...]
    for number, answer in enumerate(answers):
        now = NOW + number * every
        if answer is None:
            events, screen = unanswered(screen, now, habits) if screen is not None else ((), None)
        else:
            events, screen = follow(screen, answer, now, habits)
        told += [(str(event.action), event.position) for event in events]
    return told


def plays(*positions: float | None, item: str = "1") -> list[list[Session] | None]:
    return [[session("playing", position, item)] for position in positions]


def rests(*positions: float | None) -> list[list[Session] | None]:
    return [[session("paused", position)] for position in positions]


def buffers(*positions: float | None) -> list[list[Session] | None]:
    return [[session("buffering", position)] for position in positions]


GONE: list[list[Session] | None] = [[], []]
AWAY: list[list[Session] | None] = [None] * 30

TABLE: list[tuple[str, list[list[Session] | None], Told]] = [
    ("starts, goes on and stops", [*plays(0, 10, 20), *GONE], [("start", 0), ("progress", 10), ("progress", 20), ("stop", 20)]),
    ("a place that stands still is no news", plays(0, 0, 0), [("start", 0)]),
    ("pauses and goes on", [*plays(0), *rests(5, 5), *plays(5)], [("start", 0), ("pause", 5), ("start", 5)]),
    ("missing once", [*plays(0), [], *plays(20)], [("start", 0), ("progress", 20)]),
    ("missing twice, with an outage between", [*plays(0), [], None, []], [("start", 0), ("stop", 0)]),
    ("an outage is no absence", [*plays(0), *AWAY, *plays(310)], [("start", 0), ("progress", 310)]),
    ("first seen paused", [*rests(50), *GONE], []),
    ("first seen paused, goes on", [*rests(50), *plays(50)], [("start", 50)]),
    ("first seen buffering", [*buffers(6000), *plays(0)], [("start", 0)]),
    ("buffering changes nothing", [*plays(100), *buffers(6000), *GONE], [("start", 100), ("stop", 100)]),
    ("the place comes a moment later", plays(None, 2400), [("start", 2400)]),
    ("the place never comes", plays(*[None] * 20), [("start", None)]),
    ("the place is gone for a moment", [*plays(100, None), *GONE], [("start", 100), ("stop", 100)]),
    ("another item", [*plays(90), *plays(0, item="2")], [("start", 90), ("stop", 90), ("start", 0)]),
    ("another item, paused", [*plays(90), [session("paused", 7, "2")]], [("start", 90), ("stop", 90)]),
    ("another user", [*plays(90), [session("playing", 5, user="2")]], [("start", 90), ("stop", 90), ("start", 5)]),
    (
        "the old session lingers beside the new one",
        [*plays(90), *[[session("playing", 90), session("playing", 5, "2")]] * 3, *GONE],
        [("start", 90), ("stop", 90), ("start", 5), ("stop", 5)],
    ),
    (
        "back to the other window",
        [*plays(90), [session("paused", 90), session("playing", 5, "2")], [session("playing", 95), session("paused", 9, "2")]],
        [("start", 90), ("stop", 90), ("start", 5), ("stop", 5), ("start", 95)],
    ),
    ("the app was killed", [*plays(0, *[10] * 15), *GONE], [("start", 0), ("progress", 10), ("pause", 10), ("stop", 10)]),
    ("it only seemed so", plays(*[10] * 15, 20), [("start", 10), ("pause", 10), ("start", 20)]),
    ("buffering for ever", [*plays(0), *buffers(*[6000] * 15)], [("start", 0), ("pause", 0)]),
]


@pytest.mark.parametrize("answers, told", [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_answers_tell(answers: list[list[Session] | None], told: Told) -> None:
    assert run(answers) == told


def test_where_the_server_reckons_on_only_reports_of_the_player_count() -> None:
    alive = [[session("playing", 10.0 * n, checked_in_at=n)] for n in range(3)]
    dead = [[session("playing", 20.0 + 10 * n, checked_in_at=2)] for n in range(1, 9)]
    told: Told = [("start", 0), ("progress", 10), ("progress", 20)]
    assert run([*alive, *dead], JELLYFIN) == [*told, ("pause", 20)]
    assert run([*alive, *dead, *GONE], JELLYFIN)[-1] == ("stop", 20)
    assert run([*alive, *dead, [session("playing", 20, checked_in_at=3)]], JELLYFIN)[-1] == ("start", 20)


def test_a_jump_the_server_did_not_reckon_is_a_sign_of_life_too() -> None:
    jumps = [[session("playing", 20.0 + 500 * n, checked_in_at=2)] for n in range(9)]
    assert run([*jumps, *GONE], JELLYFIN) == [("start", 20), *[("progress", 20 + 500 * n) for n in range(1, 9)], ("stop", 4020)]
    at_the_end = [[session("playing", min(6000.0, 5950.0 + 10 * n), checked_in_at=2)] for n in range(20)]
    assert run([*at_the_end, *GONE], JELLYFIN) == [("start", 5950), ("pause", 5950), ("stop", 5950)]


def test_where_no_place_is_told_the_reports_of_the_player_show_that_it_lives() -> None:
    alive: list[list[Session] | None] = [[session("playing", None, checked_in_at=n)] for n in range(20)]
    assert run(alive, JELLYFIN) == [("start", None)]
    assert run([*alive, *[alive[-1]] * 8, *GONE], JELLYFIN) == [("start", None), ("pause", None), ("stop", None)]


def test_a_dead_player_that_was_there_before_us_is_never_started() -> None:
    dead = [[session("playing", 100.0 + 10 * n, checked_in_at=7, silence=90_000 + n * EVERY)] for n in range(20)]
    assert run([*dead, *GONE], JELLYFIN) == []


def test_what_plays_at_a_kodi_dies_with_it() -> None:
    assert run([*plays(90), *AWAY], KODI) == [("start", 90)]
    assert run([*plays(90), *AWAY, None], KODI) == [("start", 90), ("stop", 90)]
    assert run([*plays(90), *AWAY * 9], PLEX) == [("start", 90)]


def test_a_stop_learned_of_late_is_dated_when_it_was_last_seen() -> None:
    _, screen = follow(None, [session("playing", 90)], NOW, PLEX)
    assert screen is not None
    assert [event.at for event in ended(screen, NOW + 20 * SECOND)] == [None]
    assert [event.at for event in ended(screen, NOW + 20 * MINUTE)] == [NOW]


states = st.sampled_from(["playing", "paused", "buffering"])
answer = st.none() | st.lists(
    st.builds(
        session,
        states,
        st.none() | st.integers(0, 6000).map(float),
        st.sampled_from("123"),
    ),
    max_size=2,
)


@given(st.lists(answer, max_size=60), st.sampled_from(list(HABITS.values())))
def test_starts_and_stops_alternate_and_a_stop_tells_the_last_place(
    answers: list[list[Session] | None], habits: Habits
) -> None:
    screen: Screen | None = None
    open_media: Media | None = None
    state, place = "", None
    for number, told in enumerate([*answers, [], []]):
        now = NOW + number * EVERY
        if told is None:
            events, screen = unanswered(screen, now, habits) if screen is not None else ((), None)
        else:
            events, screen = follow(screen, told, now, habits)
        reported = {one.told.media: one.told.position for one in told or () if one.state is not SessionState.BUFFERING}
        for event in events:
            if event.action is Action.STOP:
                assert event.media == open_media
                assert event.position == place
                open_media = None
            elif event.action is Action.START and open_media is None:
                open_media, state, place = event.media, "start", event.position
            else:
                assert event.media == open_media
                assert event.action is Action.PROGRESS or str(event.action) != state
                state = state if event.action is Action.PROGRESS else str(event.action)
        if open_media in reported and reported[open_media] is not None:
            place = reported[open_media]
    assert open_media is None
    assert screen is None


PACES: list[tuple[dict[str, Any], float]] = [
    ({"busy": True, "idle_looks": 0, "failures": 0}, 10.0),
    ({"busy": False, "idle_looks": 1, "failures": 0}, 12.5),
    ({"busy": False, "idle_looks": 50, "failures": 0}, 30.0),
    ({"busy": True, "idle_looks": 0, "failures": 1}, 2.0),
    ({"busy": True, "idle_looks": 0, "failures": 5}, 32.0),
    ({"busy": True, "idle_looks": 0, "failures": 5000}, 300.0),
]


@pytest.mark.parametrize("how, seconds", PACES)
def test_who_plays_nothing_is_asked_less_often_and_who_is_away_ever_more_slowly(how: dict[str, Any], seconds: float) -> None:
    assert Pace().rest(**how, jitter=1.0) == seconds
    if how["failures"]:
        assert Pace().rest(**how, jitter=0.0) == 0.75 * seconds
    for every, idle in ((1.0, 3.0), (5.0, 15.0), (60.0, 60.0)):
        assert Pace(every).rest(busy=False, idle_looks=9, failures=0, jitter=0.5) == idle
