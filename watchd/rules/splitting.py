"""What is told of a file of several episodes, taken apart into what it means for each of them."""

from collections.abc import Sequence
from dataclasses import replace

from watchd.model.media import Episode, Media
from watchd.model.playback import Action, Play, PlaybackEvent, PlayState
from watchd.rules.file import File
from watchd.rules.media import follows
from watchd.rules.parts import Part, later, parts_of, viewing
from watchd.rules.policy import Policy
from watchd.rules.progress import stated


def split(event: PlaybackEvent, at: int, heard: Sequence[Sequence[Play]], policy: Policy) -> tuple[Part, ...]:
    """What an event of a file means for its episodes, in the order in which it happened; the last is the event itself.

    `heard` are the recent plays of each of `parts_of(event.media)`. Episodes that were played through count at the moment
    at which they ended; one that was seeked over keeps its position. An end at or above the threshold of the whole, and a
    completion, count every episode from where the sitting began.
    """
    file = File(event, at, parts_of(event.media), viewing(heard, event, at, policy), policy)
    told = file.told
    place = file.reckoned if told is None else told
    if event.action is Action.CHECKIN:
        return (file.part(0, Action.CHECKIN, at, None),)
    if event.action is Action.WATCHED and (told is None or told >= policy.threshold):
        return file.completed(100.0 if place is None else max(place, policy.threshold))
    if event.action is Action.STOP and place is not None and place >= policy.threshold:
        return file.completed(place)
    action = Action.PROGRESS if event.action is Action.WATCHED else event.action
    return file.moved(action, place)


def within(event: PlaybackEvent, play: Play, at: int) -> PlaybackEvent | None:
    """What an event of a file says of the one episode `play` is of; None where it tells of another one, or of no place."""
    parts = parts_of(event.media)
    if len(parts) == 1:
        return event
    file = File(event, at, parts, {}, Policy())
    duration = event.duration or (play.runtime * len(parts) if play.runtime else None)
    place = stated(replace(event, duration=duration), play, at)
    number = None if place is None else file.number(place)
    if place is None or number is None or getattr(parts[number], "number", None) != getattr(play.media, "number", None):
        return None
    return replace(event, media=play.media, progress=file.local(number, place), position=None, duration=play.runtime)


def run_on(play: Play, media: Media, event: PlaybackEvent, at: int, policy: Policy) -> tuple[Part, ...]:
    """The ends of the episodes of a file of which nothing was heard until its player began `media`, the next after them."""
    if not isinstance(play.media, Episode) or play.state is not PlayState.PLAYING:
        return ()
    parts = (play.media, *(later(play.media, by) for by in range(1, play.parts_after + 1)))
    told = replace(event, media=play.media, progress=None, position=None, duration=play.runtime, completed=False)
    file = File(replace(told, duration=(play.runtime or 0) * len(parts) or None), at, parts, {0: play}, policy)
    if not follows(parts[-1], media) or at < file.ends(len(parts) - 1) - policy.end_slack:
        return ()
    return tuple(file.through(0, len(parts)))
