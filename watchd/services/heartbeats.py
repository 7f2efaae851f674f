"""Heartbeats: progress ticks that change no state, kept in memory and let through to the store every 30 s."""

from dataclasses import dataclass, replace

from watchd.clock import SECOND
from watchd.model.playback import Action, Fate, Play, PlaybackEvent, PlayState, RawEvent, Receipt, Step
from watchd.rules.policy import Policy
from watchd.rules.progress import position, stated
from watchd.rules.repeats import media_key

SPAN = 30 * SECOND

_Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class _Beat:
    account_id: int
    play: Play
    written_at: int


class Heartbeats:
    """The playing plays that ticks are expected of; any other event of an account makes it forget them."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._beats: dict[_Key, _Beat] = {}

    def absorb(self, raw: RawEvent, event: PlaybackEvent) -> Receipt | None:
        """The receipt of a tick that says nothing new; None: write this one."""
        key = _key(raw, event)
        beat = self._beats.get(key)
        if event.action is not Action.PROGRESS or beat is None or raw.received_at - beat.written_at >= SPAN:
            return None
        told = stated(event, beat.play)
        reckoned = position(beat.play, raw.received_at)
        if told is None or reckoned is None or abs(told - reckoned) >= self._policy.seek_points:
            return None
        if told >= self._policy.threshold > (beat.play.reported or 0.0):
            return None
        moved = replace(beat.play, progress=told, progress_at=raw.received_at, updated_at=raw.received_at)
        self._beats[key] = replace(beat, play=moved)
        return Receipt(0, Fate.ACCEPTED, step=Step.NONE, play=moved)

    def expect(self, raw: RawEvent, event: PlaybackEvent, play: Play | None) -> None:
        """This event was written; ticks like it need not be for a while."""
        if event.action in (Action.START, Action.PROGRESS) and play is not None and play.state is PlayState.PLAYING:
            self._beats[_key(raw, event)] = _Beat(raw.account_id, play, raw.received_at)

    def forget(self, account_id: int) -> None:
        """Something happened that ticks must be measured against anew."""
        if self._beats:
            self._beats = {key: beat for key, beat in self._beats.items() if beat.account_id != account_id}

    def forget_all(self) -> None:
        self._beats.clear()


def _key(raw: RawEvent, event: PlaybackEvent) -> _Key:
    return raw.account_id, event.source, f"{event.player}|{event.session or ''}", media_key(event.media)
