"""Items marked as watched by hand: when that is a play, and which (design 6)."""

from collections.abc import Iterable

from watchd.clock import SECOND
from watchd.model.playback import Origin, Play, PlaybackEvent, PlayState
from watchd.model.receipts import Step
from watchd.rules.policy import Policy
from watchd.rules.tracker import NEW, Outcome

GATHER = 3 * SECOND
"""How long a mark waits for others to go out with: a whole series is marked one episode at a time."""


def mark(event: PlaybackEvent, account_id: int, at: int, plays: Iterable[Play], policy: Policy) -> Outcome:
    """What a mark at `at` makes of the item's plays: a closed one that counts, or nothing.

    It is swallowed while the item is open or has just counted: then it is the echo of that. A new one counts by the policy.
    """
    known = sorted(plays, key=lambda play: (play.open, play.watched_at or 0, play.id))
    counted = [play for play in known if play.watched_at is not None]
    told_already = [play for play in known if play.open or _just_counted(play, at, policy)]
    if policy.marks == "new":
        told_already += counted
    if told_already:
        return Outcome(told_already[0], Step.SWALLOWED)
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


def _just_counted(play: Play, at: int, policy: Policy) -> bool:
    return play.watched_at is not None and play.started_at - policy.slack <= at <= play.watched_at + policy.slack
