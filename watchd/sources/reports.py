"""From what a server of the Jellyfin and Emby kind reports to an event: what holds for all of their formats alike."""

from dataclasses import replace

from watchd.model.media import Episode, Media
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent
from watchd.sources.fields import moment, text
from watchd.sources.items import Kind

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
    if not _nameable(event.media):
        return Ignored(IgnoreReason.UNIDENTIFIABLE, user, event.media.type)
    return _placed(event)


def _placed(event: PlaybackEvent) -> PlaybackEvent:
    if event.action not in _PLACED:
        return replace(event, position=None, completed=False)
    position, duration = event.position, event.duration
    if position is not None and duration is not None:
        position = min(position, duration)
    if event.action is Action.WATCHED and not position:
        position = None  # players that know no position say zero at the end
    completed = event.completed and event.action is Action.STOP
    begins = event.action is Action.START and position == 0
    progress = 100.0 if completed else 0.0 if begins and duration is None else None
    return replace(event, position=position, completed=completed, progress=progress)


def _nameable(media: Media) -> bool:
    """Whether it has ids, or a title: a show's must come with something that tells the episode."""
    if not isinstance(media, Episode):
        return bool(media.ids) or bool(media.title)
    told = media.number is not None or media.title is not None
    return bool(media.ids) or (told and (bool(media.show.ids) or bool(media.show.title)))


def _sane(at: int | None) -> int | None:
    return at if at is not None and at >= _EPOCH else None
