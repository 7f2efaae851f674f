"""What is shown while a media server that is watched cannot be heard."""

from dataclasses import replace

import pytest

from tests.rules.making import HEAT, NOW, PILOT, POLICY, minutes, paused, play
from watchd.clock import MINUTE
from watchd.model.playback import Play, Teller
from watchd.model.watching import IDLE, Watching, WatchState
from watchd.rules.hearing import Ear, Hearing
from watchd.rules.now import Polled, decide, percentage

LIMIT = 3 * MINUTE
WELL = Hearing(asked=True, since=NOW, last_heard=NOW)
LOST = replace(WELL, failing=True)
THERE = Ear("plex", "attic/", LOST)
HERE = replace(THERE, hearing=WELL)
SINCE = replace(THERE, hearing=replace(LOST, last_heard=NOW - 1))
NOT_YET = replace(THERE, players="", hearing=Hearing(asked=True, since=NOW))
BY_IT = (Teller("plex", "attic/tv", None, NOW),)
BY_HOOK = Teller("plex", "attic/tv", None, NOW + 1)
BY_ANOTHER = (Teller("tautulli", "tv", None, NOW),)
TOLD = play(tellers=BY_IT)
ECHO = Polled(HEAT, NOW, NOW + minutes(100))
ELSEWHERE = Polled(PILOT, NOW, NOW + minutes(40))


def see(
    *plays: Play,
    ears: tuple[Ear, ...] = (THERE,),
    polled: Polled | None = None,
    hearing: Hearing = WELL,
    last: Watching = IDLE,
    later: float = 4,
) -> Watching:
    return decide(plays, polled, hearing, last, NOW + minutes(later), POLICY, LIMIT, ears)


TABLE = [
    ("heard, nothing plays", see(ears=(HERE,)), WatchState.IDLE),
    ("heard, it plays", see(TOLD, ears=(HERE,)), WatchState.WATCHING),
    ("away for a moment, nothing plays", see(later=3), WatchState.IDLE),
    ("away for a moment, it plays", see(TOLD, later=3), WatchState.WATCHING),
    ("away, nothing plays", see(), WatchState.UNKNOWN),
    ("away, it plays", see(TOLD), WatchState.UNKNOWN),
    ("away, it is paused", see(replace(paused(40.0, NOW), tellers=BY_IT)), WatchState.UNKNOWN),
    ("away, another tells too", see(play(tellers=BY_IT + BY_ANOTHER)), WatchState.WATCHING),
    ("away, another tells", see(play(tellers=BY_ANOTHER)), WatchState.WATCHING),
    ("away, another server is heard", see(TOLD, ears=(THERE, replace(HERE, players="cellar/"))), WatchState.UNKNOWN),
    ("away, told of by a hook since", see(play(tellers=(BY_HOOK,))), WatchState.WATCHING),
    ("away, told of while in doubt", see(TOLD, ears=(replace(SINCE, answered_at=NOW),)), WatchState.UNKNOWN),
    ("another server is away", see(TOLD, ears=(HERE, replace(THERE, players="cellar/"))), WatchState.WATCHING),
    ("away since the start", see(TOLD, ears=(replace(NOT_YET, hearing=replace(NOT_YET.hearing, failing=True)),)), "unknown"),
    ("not heard yet, nothing plays", see(ears=(NOT_YET,), later=0), WatchState.UNKNOWN),
    ("not heard yet, it played before", see(TOLD, ears=(NOT_YET,), later=0), WatchState.WATCHING),
    ("away, Trakt shows it too, which has it from us", see(TOLD, polled=ECHO), WatchState.UNKNOWN),
    ("away, Trakt shows something else", see(TOLD, polled=ELSEWHERE), WatchState.WATCHING),
    ("nobody is asked", see(ears=(), hearing=Hearing()), WatchState.IDLE),
]


@pytest.mark.parametrize("seen, state", [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_shown_while_a_server_is(seen: Watching, state: WatchState) -> None:
    assert seen.state == state


def test_unknown_says_since_when_and_keeps_what_was_shown_standing_still() -> None:
    before = see(TOLD, later=3)
    unknown = see(TOLD, last=before)
    assert (unknown.media, unknown.stale_since, unknown.play_id) == (HEAT, NOW, None)
    later = see(TOLD, last=unknown, later=60)
    assert percentage(later, NOW + minutes(60)) == percentage(unknown, NOW + minutes(4))
    assert see(TOLD, last=later, later=60, ears=(HERE,)).state is WatchState.WATCHING


def test_what_was_told_before_a_restart_is_the_content_of_unknown() -> None:
    assert see(TOLD).media == HEAT
