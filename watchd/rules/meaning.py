"""What an event is about before any play is looked for: whether it is acted on at all, and what an unnamed one means."""

from collections.abc import Iterable
from dataclasses import replace

from watchd.model.media import Episode, identifiable
from watchd.model.playback import Action, IgnoreReason, Origin, Play, PlaybackEvent, UnnamedEvent
from watchd.rules.policy import Policy

NOTHING_OPEN = "nothing is open on that player"


def refusal(event: PlaybackEvent, policy: Policy) -> str | None:
    """Why an event is understood and not acted on; None when it is."""
    if event.action is not Action.UNCHECKIN and not identifiable(event.media):
        return str(IgnoreReason.UNIDENTIFIABLE)
    if event.action is Action.MARK_UNWATCHED:
        return "a mark removed here removes no play"
    if event.action is Action.MARK_WATCHED and policy.marks == "never":
        return "marks do not count here (setting hooks.marks)"
    if event.action is Action.RATE and not policy.ratings:
        return "ratings are not kept here (setting hooks.ratings)"
    if event.action is Action.RATE and (event.rating is None or event.rating <= 0):
        return str(IgnoreReason.NO_RATING)
    return None


def named(event: UnnamedEvent, plays: Iterable[Play]) -> PlaybackEvent | None:
    """The event with what was open on its player when that last spoke; None when nothing was.

    A position is that of the whole file: where this holds several episodes, it is left to what is remembered of them.
    """
    spoken = [
        (teller.last_at, play)
        for play in plays
        for teller in play.tellers
        if (teller.source, teller.player) == (event.source, event.player)
        and event.type in (None, play.media.type)
        and (event.session is None or teller.session in (None, event.session))
    ]
    fitting = [pair for pair in spoken if pair[1].open and pair[1].origin is not Origin.CHECKIN]
    if not fitting:
        return None
    _, play = max(fitting, key=lambda pair: (pair[0], pair[1].id))
    told = event.of(play.media)
    if not play.parts_after or not isinstance(play.media, Episode) or play.media.number is None:
        return told
    file = replace(play.media, number_end=play.media.number + play.parts_after)
    return replace(told, media=file, progress=None, position=None, duration=None)
