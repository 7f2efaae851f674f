"""From what a server of the Jellyfin and Emby kind reports to an event: what holds for all of their formats alike."""

from dataclasses import replace

from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent
from watchd.sources.fields import moment, text
from watchd.sources.items import Kind
from watchd.sources.naming import nameable

_PLACED = frozenset({Action.START, Action.PAUSE, Action.PROGRESS, Action.STOP, Action.WATCHED})
_EPOCH = 946_684_800_000  # the year 2000; a server that knows no time writes the year 1


def when(value: object, name: str) -> int | None:
    """Milliseconds since the epoch of a time that is UTC, whether or not it says so."""
    told = text(value, name)
    zoned = told and (told[-1] in "Zz" or "+" in told[10:] or "-" in told[10:])
    return _sane(moment(told if zoned or told is None else f"{told}Z", name))


def when_zoned(value: object, name: str) -> int | None:
    """Milliseconds since the epoch of a local time that says how far it is from UTC."""
    return _sane(moment(text(value, name), name))


def judged(kind: Kind | None, event: PlaybackEvent | None, user: str | None) -> Parsed:
    """The event with its position as it must be read, or ignored for what kind of item it is about (`event` may be None)."""
    if event is None:
        return Ignored(kind if isinstance(kind, IgnoreReason) else IgnoreReason.UNIDENTIFIABLE, user)
    if kind is IgnoreReason.LIVE_TV:  # the position is that in the channel, not in the programme
        return Ignored(kind, user, instead=_placed(replace(event, position=None, completed=False)))
    if not nameable(event.media):
        return Ignored(IgnoreReason.UNIDENTIFIABLE, user, event.media.type)
    return _placed(event)


def _placed(event: PlaybackEvent) -> PlaybackEvent:
    """Only what plays has a position, and only a stop was the end: what is saved of an item says so long after."""
    if event.action not in _PLACED:
        return replace(event, position=None, completed=False)
    completed = event.completed and event.action is Action.STOP
    return replace(event, completed=completed, progress=100.0 if completed else None)


def _sane(at: int | None) -> int | None:
    return at if at is not None and at >= _EPOCH else None
