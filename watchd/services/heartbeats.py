"""Heartbeats: ticks that change no state, kept in memory and let through to the store every 30 s."""

from collections.abc import Iterable
from dataclasses import dataclass

from watchd.clock import SECOND
from watchd.model.copies import replace
from watchd.model.playback import Action, Play, PlaybackEvent, PlayState
from watchd.model.receipts import Fate, RawEvent, Receipt, Step
from watchd.rules.policy import Policy
from watchd.rules.progress import event_time, position, stated
from watchd.rules.repeats import media_key
from watchd.rules.splitting import within

SPAN = 30 * SECOND
_CHANGES_NOTHING = {PlayState.PLAYING: Action.PROGRESS, PlayState.PAUSED: Action.PAUSE}
"""The event that says of a play in this state what is known already: some players tell of a rest again every few seconds."""
_EXPECTED = frozenset({Action.START, Action.PROGRESS, Action.PAUSE})

_Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class _Beat:
    play: Play
    written_at: int


class Heartbeats:
    """The open plays that ticks are expected of, each with when one of its source was last written."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._beats: dict[_Key, _Beat] = {}

    def absorb(self, raw: RawEvent, event: PlaybackEvent) -> Receipt | None:
        """The receipt of a tick that says nothing new; None: write this one."""
        key = _key(raw, event)
        beat = self._beats.get(key)
        if (
            beat is None
            or raw.received_at - beat.written_at >= SPAN
            or event.action is not _CHANGES_NOTHING.get(beat.play.state)
        ):
            return None
        play, at = beat.play, event_time(event, raw.received_at)
        if at < play.progress_at:
            return Receipt(0, Fate.ACCEPTED, step=Step.NONE, play=play)
        moved = self._moved(play, within(event, play, at), at)
        if moved is None:
            return None
        self._beats[key] = replace(beat, play=moved)
        return Receipt(0, Fate.ACCEPTED, step=Step.NONE, play=moved)

    def _moved(self, play: Play, event: PlaybackEvent | None, at: int) -> Play | None:
        """The play as the tick leaves it; None when that is no longer what was known."""
        told = stated(event, play, at) if event is not None else None
        reckoned = position(play, at)
        if told is None and event is not None and event.action is Action.PAUSE and event.position is None:
            told = reckoned
        if told is None or reckoned is None or abs(told - reckoned) >= self._policy.seek_points:
            return None
        if told >= self._policy.threshold > (play.reported or 0.0):
            return None
        return replace(play, progress=told, progress_at=at, updated_at=max(at, play.updated_at))

    def expect(self, raw: RawEvent, event: PlaybackEvent, play: Play | None) -> None:
        """This event was written; ticks like it need not be for a while."""
        if event.action in _EXPECTED and play is not None and play.state in _CHANGES_NOTHING:
            self._beats[_key(raw, event)] = _Beat(play, raw.received_at)

    def renew(self, account_id: int, plays: Iterable[Play]) -> None:
        """These are the account's open plays now: what ticks are measured against; others are expected of none."""
        if self._beats:
            now = {play.id: play for play in plays}
            self._beats = {
                key: replace(beat, play=now.get(beat.play.id, beat.play))
                for key, beat in self._beats.items()
                if key[0] != account_id or (beat.play.id in now and now[beat.play.id].state is beat.play.state)
            }

    def forget_all(self) -> None:
        self._beats.clear()


def _key(raw: RawEvent, event: PlaybackEvent) -> _Key:
    return raw.account_id, event.source, f"{event.player}|{event.session or ''}", media_key(event.media)
