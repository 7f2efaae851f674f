"""What one event does to the store: the play it belongs to, the plays it ends, what is owed for both. Runs in a transaction."""

import sqlite3
from dataclasses import dataclass

import structlog

from watchd.clock import DAY, SECOND
from watchd.model.copies import replace
from watchd.model.playback import Action, Origin, Play, PlaybackEvent, PlayState
from watchd.model.receipts import Step
from watchd.model.relay import Verb
from watchd.rules import ending, rewatch, sitting, tracker
from watchd.rules.owed import LIVE_FLOOR, owed
from watchd.rules.parts import Part
from watchd.rules.plan import HISTORY
from watchd.rules.policy import Policy
from watchd.rules.progress import expected_end
from watchd.rules.tracker import Outcome
from watchd.services.merging import resolve
from watchd.store import accounts, deliveries, plays
from watchd.store.savepoint import attempt

log = structlog.get_logger()

REACH = 30 * DAY
"""No event goes on with a sitting that rested longer."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an event's own play, and of those that ended because of it or of the time."""

    outcome: Outcome
    ended: tuple[Outcome, ...] = ()


def apply(connection: sqlite3.Connection, account_id: int, part: Part, policy: Policy) -> Applied:
    """Follow an event: settle what is overdue, end what it displaces, move or open its play, write down what is owed."""
    event, at = part.event, part.at
    if event.action is Action.UNCHECKIN:
        return Applied(_uncheckin(connection, account_id, event, at))
    media_id, media = resolve(connection, account_id, event.media, at)
    live, ended = _touched(connection, account_id, media_id, event, at, policy)
    if event.action is Action.CHECKIN and (busy := _busy(live)) is not None:
        return Applied(Outcome(busy, Step.BUSY, until=expected_end(busy)), tuple(ended))
    event = replace(event, media=media)
    known = None
    if event.action is not Action.CHECKIN:
        known = _chosen(connection, media_id, part) or _known(connection, media_id, live, event, at, policy)
    outcome = tracker.follow(known, event, account_id, at, policy)
    told = outcome.play
    if (told.media_id, told.media) != (media_id, media):
        told = replace(told, media_id=media_id, media=media)
    if part.after is not None:
        told = replace(told, parts_after=part.after)
    for play in live:
        if play.media_id != media_id:
            if told.open and _takes_the_player(event) and _on_player(play, event, at):
                ended.append(keep(connection, ending.displace(play, media, at, policy), at))
        elif known is None and play.watched_at is not None and at >= play.started_at:
            old, told = rewatch.handed_over(play, told, at)
            keep(connection, Outcome(old, Step.SWALLOWED), at)
    return Applied(keep(connection, replace(outcome, play=told), at), tuple(ended))


def _chosen(connection: sqlite3.Connection, media_id: int, part: Part) -> Play | None:
    """The sitting an event of a file is known to go on with."""
    play = plays.get(connection, part.sitting) if part.sitting is not None else None
    return play if play is not None and play.media_id == media_id else None


def _touched(
    connection: sqlite3.Connection, account_id: int, media_id: int, event: PlaybackEvent, at: int, policy: Policy
) -> tuple[list[Play], list[Outcome]]:
    """The open plays an event may have to do with, and the ends of those that were overdue; others end in their time."""
    found = plays.open_plays(connection, account_id)
    if event.action is not Action.CHECKIN:
        found = [play for play in found if play.media_id == media_id or heard_of(play, event)]
    live, ended = [], []
    for play in found:
        outcome = _settled(connection, play, at, policy)
        if outcome is None:
            live.append(play)
        else:
            ended.append(outcome)
    return live, ended


def _known(
    connection: sqlite3.Connection, media_id: int, live: list[Play], event: PlaybackEvent, at: int, policy: Policy
) -> Play | None:
    """The sitting of an event. An open one comes before all others, unless a session id or a time of its own says more."""
    known = None
    if event.session is None and event.at is None:
        known = sitting.choose((play for play in live if play.media_id == media_id), event, at, policy)
    return known or sitting.choose(plays.of_media(connection, media_id, at - REACH), event, at, policy)


def keep(connection: sqlite3.Connection, outcome: Outcome, at: int, *, due_at: int = 0) -> Outcome:
    """Store an outcome with what is owed for it; it comes back with the play's id, and swallowed if counted elsewhere."""
    if outcome.split_from is not None:
        plays.update(connection, outcome.split_from)
    play = outcome.play
    if outcome.step is Step.WATCHED and sitting.counted_elsewhere(play, plays.of_media(connection, play.media_id, at - REACH)):
        play = replace(play, watched_at=None)
        outcome = replace(outcome, step=Step.SWALLOWED)
    if play.id == tracker.NEW:
        play = replace(play, id=plays.insert(connection, play))
    else:
        plays.update(connection, play)
    _owe(connection, play, outcome.step, at, due_at)
    return replace(outcome, play=play)


def _owe(connection: sqlite3.Connection, play: Play, step: Step, at: int, due_at: int) -> None:
    verb = owed(play, step)
    if verb is None:
        return
    since = accounts.trakt_since(connection, play.account_id)
    if since is None or at < since:
        return
    progress = play.progress if play.progress is not None else (100.0 if verb is Verb.WATCHED else 0.0)
    if verb is Verb.STOP and progress < LIVE_FLOOR and not deliveries.started_there(connection, play.id):
        deliveries.supersede_live(connection, play.id, at)
        return
    moment = play.watched_at if verb is Verb.WATCHED and play.watched_at is not None else at
    by_hand = verb is Verb.WATCHED and play.origin is Origin.MARK  # nobody watches it now: never a live scrobble
    sent_as = HISTORY if by_hand else None
    deliveries.owe(connection, play.account_id, play.id, verb, moment, progress, due_at=due_at, sent_as=sent_as)


def _settled(connection: sqlite3.Connection, play: Play, at: int, policy: Policy) -> Outcome | None:
    """The end of an overdue play, stored; None when it is not overdue, or cannot be ended and must not hinder the others."""
    outcome = ending.settle(play, at, policy)
    if outcome is None:
        return None
    kept = None
    with attempt(connection) as tried:  # one poison play must stop neither the events of its account nor the end of others
        kept = keep(connection, outcome, at)
    if tried.error is not None:
        log.error("sittings.play_quarantined", play=play.id, error=type(tried.error).__name__, exc_info=tried.error)
        return None
    return kept


def settle_due(
    connection: sqlite3.Connection, now: int, policy: Policy, account_id: int | None = None
) -> tuple[list[Outcome], int | None]:
    """End every open play, of one account or of all, whose time has come.

    Return the outcomes and when the next one is due (ms, None: no open play).
    """
    done: list[Outcome] = []
    due: list[int] = []
    for play in plays.open_plays(connection, account_id):
        outcome = _settled(connection, play, now, policy)
        if outcome is None:
            due.append(max(now + SECOND, ending.ends_at(play, policy)))
        else:
            done.append(outcome)
    return done, min(due, default=None)


def heard_of(play: Play, event: PlaybackEvent) -> bool:
    return any(teller.source == event.source and teller.player == event.player for teller in play.tellers)


def _takes_the_player(event: PlaybackEvent) -> bool:
    """Whether it shows that its player plays nothing else; ticks of players without a name may be those of two rooms."""
    return event.action is Action.START or (event.action is Action.PROGRESS and bool(event.player))


def _on_player(play: Play, event: PlaybackEvent, at: int) -> bool:
    """Whether the player of an event at `at` showed this play, of which nothing later was heard."""
    return play.updated_at <= at and play.origin is not Origin.CHECKIN and heard_of(play, event)


def _busy(live: list[Play]) -> Play | None:
    """The play that keeps a checkin from being taken, as it does at Trakt."""
    return next((play for play in live if play.state is PlayState.PLAYING), None)


def _uncheckin(connection: sqlite3.Connection, account_id: int, event: PlaybackEvent, at: int) -> Outcome:
    """End the running checkin, if there is one, without counting it."""
    for play in plays.open_plays(connection, account_id):
        if play.origin is not Origin.CHECKIN or play.watched_at is not None:
            continue
        pending = [item for item in deliveries.of_play(connection, play.id) if item.verb is Verb.CHECKIN and not item.attempts]
        for item in pending:
            deliveries.drop(connection, item.id, at)
        step = Step.NONE if pending else Step.CANCELLED
        now = max(at, play.updated_at)
        ended = replace(play, state=PlayState.STOPPED, ended_at=now, updated_at=now)
        kept = keep(connection, Outcome(ended, step), at)
        return replace(kept, step=Step.CANCELLED)
    return Outcome(tracker.opened(event, account_id, at), Step.NONE)
