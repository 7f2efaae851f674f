"""When two deliveries are one event (design 6, "Repeats")."""

from dataclasses import dataclass

from watchd.model.media import Episode, Media
from watchd.model.playback import PlaybackEvent
from watchd.rules.media import fold_key


@dataclass(frozen=True, slots=True)
class Repeat:
    """By what a repeated delivery of an event is recognised; an `exact` key holds for ever, others for a short window."""

    key: str
    exact: bool
    player: str


def media_key(media: Media) -> str:
    """A text that is equal for two deliveries of the same description of an item."""
    ids = media.ids.items()
    if isinstance(media, Episode):
        ids = ids or media.show.ids.items()
        return f"episode {ids[0] if ids else ''} {fold_key(media)} {media.season} {media.number}"
    return f"movie {ids[0] if ids else fold_key(media)} {media.year}"


def repeat_of(event: PlaybackEvent) -> Repeat:
    """The key of an event: with its own time where it carries one, else what it says of whom."""
    told = next((value for value in (event.rating, event.progress, event.position) if value is not None), None)
    place = "" if told is None else f"{told:.1f}"
    about = f"{event.action}|{event.session or ''}|{media_key(event.media)}|{place}"
    player = f"{event.player}|{event.user or ''}"
    if event.at is not None:
        return Repeat(f"{event.source}|{player}|{event.at}|{about}", True, player)
    return Repeat(about, False, player)
