"""Items marked as watched by hand: when that is a play, and which (design 6)."""

from collections.abc import Iterable
from dataclasses import replace

from watchd.clock import SECOND
from watchd.model.playback import Origin, Play, PlaybackEvent, PlayState
from watchd.model.receipts import Step
from watchd.rules.policy import Policy
from watchd.rules.tracker import NEW, Outcome

GATHER = 3 * SECOND
"""How long a mark waits for others to go out with: a whole series is marked one episode at a time."""


def mark(event: PlaybackEvent, account_id: int, at: int, plays: Iterable[Play], policy: Policy) -> Outcome:
    """What a mark at `at` makes of the item's plays: a closed one that counts, the end of doubt about an open one, or nothing.

    An open sitting that has not counted counts with it, whatever comes of it: it is no second play. One that has, or did just
    now, swallows it: then it is the echo of that. A new one counts by the policy.
    """
    known = sorted(plays, key=lambda play: (play.open, play.watched_at or 0, play.id))
    unfinished = next((play for play in known if play.open and play.watched_at is None), None)
    echoed = [play for play in known if play is not unfinished and _swallows(play, at, policy)]
    if unfinished is not None and not echoed and unfinished.origin is not Origin.CHECKIN:
        return Outcome(replace(unfinished, watched_at=max(at, unfinished.updated_at)), Step.WATCHED)
    if echoed or unfinished is not None:
        return Outcome(echoed[0] if echoed else known[-1], Step.SWALLOWED)
    play = Play(
        id=NEW,
        account_id=account_id,
        media_id=0,
        media=event.media,
        state=PlayState.STOPPED,
        origin=Origin.MARK,
        source=event.source,
        player=event.player,
        player_name=event.player_name,
        started_at=at,
        updated_at=at,
        progress=100.0,
        progress_at=at,
        runtime=event.duration or event.media.runtime,
        watched_at=at,
        ended_at=at,
    )
    return Outcome(play, Step.WATCHED)


def _swallows(play: Play, at: int, policy: Policy) -> bool:
    """Whether a mark says nothing beyond this play: it is open, has just counted, or its having counted once is enough."""
    if play.watched_at is None:
        return play.open
    just_now = play.started_at - policy.slack <= at <= play.watched_at + policy.slack
    return play.open or just_now or policy.marks == "new"
