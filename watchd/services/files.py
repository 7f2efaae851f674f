"""Files of several episodes: what an event of one does to the plays of its episodes. Runs in a transaction."""

import sqlite3

from watchd.model.copies import replace
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Step
from watchd.rules.parts import Part, parts_of
from watchd.rules.policy import Policy
from watchd.rules.splitting import run_on, split
from watchd.services import sittings
from watchd.services.sittings import REACH, Applied
from watchd.store import medias, plays


def apply(connection: sqlite3.Connection, account_id: int, event: PlaybackEvent, at: int, policy: Policy) -> Applied:
    """Follow an event of whatever file: of one item, or of several of which each is a play of its own."""
    steps = _steps(connection, account_id, event, at, policy)
    *before, last = [sittings.apply(connection, account_id, part, policy) for part in steps]
    outcome = last.outcome
    begun = {item.outcome.play.id for item in before if item.outcome.step is Step.STARTED}
    if outcome.step is Step.NONE and outcome.play.id in begun:
        outcome = replace(outcome, step=Step.STARTED)
    ended = [ended for item in before for ended in (*item.ended, item.outcome) if not ended.play.open]
    return Applied(outcome, (*ended, *last.ended))


def _steps(connection: sqlite3.Connection, account_id: int, event: PlaybackEvent, at: int, policy: Policy) -> tuple[Part, ...]:
    parts = parts_of(event.media)
    if len(parts) == 1:
        ran = _ran_on(connection, account_id, event, at, policy)
        return (*ran, Part(event if parts[0] is event.media else replace(event, media=parts[0]), at))
    known = [medias.known(connection, account_id, part) for part in parts]
    heard = [plays.of_media(connection, row, at - REACH) if row is not None else [] for row in known]
    ran = () if any(play.open for some in heard for play in some) else _ran_on(connection, account_id, event, at, policy)
    return (*ran, *split(event, at, heard, policy))


def _ran_on(connection: sqlite3.Connection, account_id: int, event: PlaybackEvent, at: int, policy: Policy) -> tuple[Part, ...]:
    """The ends of the episodes of another file which this player went on from."""
    if event.action not in (Action.START, Action.PROGRESS):
        return ()
    media = parts_of(event.media)[0]
    held = [play for play in plays.open_plays(connection, account_id) if play.parts_after and sittings.heard_of(play, event)]
    return tuple(part for play in held for part in run_on(play, media, event, at, policy))
