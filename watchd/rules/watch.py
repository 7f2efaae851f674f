"""What a server said before and says now → what its players would have told by hooks, had they been able to."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from watchd.clock import MINUTE
from watchd.model.playback import Action, Play, PlaybackEvent, PlayState
from watchd.model.sessions import Session, SessionState
from watchd.rules.media import same_item

GONE_AFTER = 2
_LATE = MINUTE
_JITTER = 5.0
_RECALLED = ""

Identity = tuple[str, str]
Left = dict[Identity, float | None]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a kind of server behaves.

    `stall` is after how many milliseconds without a sign of life of the player "playing" is not believed any more; `dies` is
    after how many milliseconds of silence of the server its plays are over. None: never.
    """

    stall: int | None = None
    dies: int | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """What is remembered of one screen.

    `last` is what it showed, with the last position that its player itself reported. `state` is what events have told of it,
    None while nothing was told. `seen_at` is when the server last named it, `moved_at` when its player last showed signs of
    life, `missed` how many good answers came without it since. `patient` once a start has waited for a position. `left` are
    items it showed before that the server still names, with where they stood.
    """

    last: Session
    state: SessionState | None
    seen_at: int
    moved_at: int
    missed: int = 0
    patient: bool = False
    left: Left = field(default_factory=dict)


Followed = tuple[tuple[PlaybackEvent, ...], Screen | None]


def follow(before: Screen | None, shown: Iterable[Session], now: int, habits: Habits) -> Followed:
    """What one screen's part of an answer at `now` (ms) tells after what was remembered, and what to remember next."""
    sessions = {session.identity: session for session in shown}
    if before is None:
        newest = next(reversed(sessions.values()), None)
        return _first(newest, now, habits, _places(sessions, newest)) if newest is not None else ((), None)
    before = _recognised(before, sessions)
    current = sessions.get(before.last.identity)
    other = _newcomer(before, sessions, current)
    if other is not None:
        events, after = _first(other, now, habits, _places(sessions, other))
        return ended(before, now) + events, after
    if current is None:
        missed = before.missed + 1
        return (ended(before, now), None) if missed >= GONE_AFTER else ((), replace(before, missed=missed))
    left = {identity: place for identity, place in before.left.items() if identity in sessions}
    return _same(replace(before, left=left), current, now, habits)


def unanswered(before: Screen, now: int, habits: Habits) -> Followed:
    """The server is away, which says nothing of what plays, unless its plays die with it."""
    if habits.dies is not None and now - before.seen_at > habits.dies:
        return ended(before, now), None
    return (), before


def ended(screen: Screen, now: int) -> tuple[PlaybackEvent, ...]:
    """The stop of what was started, where its player last said it was, and dated when that is some time ago."""
    if screen.state is None:
        return ()
    at = screen.seen_at if now - screen.seen_at > _LATE else None
    return (replace(screen.last.told, action=Action.STOP, at=at),)


def recalled(play: Play, source: str, player: str) -> Screen:
    """The memory of an open play that this player told of, for a watcher that begins anew."""
    runtime = play.runtime or play.media.runtime
    position = runtime * play.progress / 100 if runtime and play.progress is not None else None
    told = PlaybackEvent(
        source, Action.START, play.media, position=position, duration=runtime, player=player, player_name=play.player_name
    )
    state = SessionState.PLAYING if play.state is PlayState.PLAYING else SessionState.PAUSED
    return Screen(Session(_RECALLED, state, told), state, play.updated_at, play.updated_at)


def _recognised(before: Screen, sessions: dict[Identity, Session]) -> Screen:
    """A recalled play goes on in the session that shows the same item."""
    if before.last.item != _RECALLED:
        return before
    for session in sessions.values():
        if same_item(session.told.media, before.last.told.media):
            told = replace(session.told, position=before.last.told.position)
            return replace(before, last=replace(session, state=before.last.state, told=told, checked_in_at=None))
    return before


def _places(sessions: dict[Identity, Session], chosen: Session | None) -> Left:
    return {identity: session.told.position for identity, session in sessions.items() if session is not chosen}


def _newcomer(before: Screen, sessions: dict[Identity, Session], current: Session | None) -> Session | None:
    """Another item that took the screen: a new one, or a displaced one that moves again while the present one rests."""
    busy = current is not None and current.state is SessionState.PLAYING
    for identity, session in reversed(sessions.items()):
        if identity == before.last.identity:
            continue
        if identity not in before.left:
            return session
        if not busy and session.state is SessionState.PLAYING and session.told.position != before.left[identity]:
            return session
    return None


def _first(session: Session, now: int, habits: Habits, left: Left) -> Followed:
    """First seen. What does not play yet, or not any more, is remembered and waited for."""
    if session.state is SessionState.BUFFERING:  # some clients report the end of the file until they have begun
        session = replace(session, told=replace(session.told, position=None))
    screen = Screen(session, None, now, now - session.silence, left=left)
    if not _stalled(screen, now, habits):
        return _waiting(screen, session.state)
    place = session.told.position
    then = None if place is None else max(0.0, place - session.silence / 1000)
    return (), replace(screen, last=replace(session, told=replace(session.told, position=then)))


def _waiting(screen: Screen, state: SessionState) -> Followed:
    """Start what plays, at the latest one look after it was first seen playing at no known position."""
    if state is not SessionState.PLAYING:
        return (), screen
    if screen.last.told.position is None and not screen.patient:
        return (), replace(screen, patient=True)
    return _tell(screen, Action.START, state)


def _same(before: Screen, session: Session, now: int, habits: Habits) -> Followed:
    """The same item still: what has changed in it."""
    lively = _lively(before, session, now)
    stalled = not lively and _stalled(before, now, habits)
    last = _reported(before.last, session, lively=lively)
    after = replace(before, last=last, seen_at=now, moved_at=now if lively else before.moved_at, missed=0)
    if before.state is None:
        return _waiting(after, SessionState.PAUSED if stalled else session.state)
    state = before.state if session.state is SessionState.BUFFERING else session.state
    if stalled:
        state = SessionState.PAUSED
    if state is not before.state:
        return _tell(after, Action.START if state is SessionState.PLAYING else Action.PAUSE, state)
    moved = last.told.position != before.last.told.position
    return _tell(after, Action.PROGRESS, state) if moved and state is SessionState.PLAYING else ((), after)


def _lively(before: Screen, session: Session, now: int) -> bool:
    """Whether the player shows signs of life: another state, or another position than without it.

    Where the server reckons on by itself that is one it did not reckon, if not the player's own report is told of. Who tells
    of neither is believed.
    """
    if session.state is SessionState.PAUSED or before.last.state is not session.state:
        return True
    if session.state is not SessionState.PLAYING:
        return False
    place, was, at = session.told.position, before.last.told.position, session.checked_in_at
    if at is not None and at != before.last.checked_in_at:
        return True
    if place is None or was is None:
        return place != was or at is None
    if at is None:
        return place != was
    reckoned = min(was + (now - before.moved_at) / 1000, session.told.duration or math.inf)
    return abs(place - reckoned) > _JITTER


def _stalled(screen: Screen, now: int, habits: Habits) -> bool:
    return habits.stall is not None and now - screen.moved_at > habits.stall


def _reported(before: Session, session: Session, *, lively: bool) -> Session:
    """The session as it is now, at the last position that its player itself reported."""
    told = session.told
    reckoned = session.checked_in_at is not None and not lively
    believed = told.position is not None and session.state is not SessionState.BUFFERING and not reckoned
    position = told.position if believed else before.told.position
    return replace(session, told=replace(told, position=position, duration=told.duration or before.told.duration))


def _tell(screen: Screen, action: Action, state: SessionState) -> Followed:
    return (replace(screen.last.told, action=action),), replace(screen, state=state)
