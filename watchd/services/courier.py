"""Courier: one delivery carried to Trakt and its answer brought back as a verdict."""

import json
import sqlite3
from dataclasses import dataclass, replace

import structlog

from watchd.clients.limiter import Lane
from watchd.clients.rest import Answer
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_bodies import history_item, needs_lookup, scrobble_item
from watchd.clients.trakt_calls import BeforeSend
from watchd.clients.trakt_items import media as media_told
from watchd.clock import SECOND, Clock
from watchd.errors import StoreUnavailable, UpstreamRefusal
from watchd.model.media import Media
from watchd.model.playback import Origin, Play
from watchd.model.relay import Delivery, Verb
from watchd.rules.owed import clamped
from watchd.rules.plan import HISTORY, Move, Plan
from watchd.rules.policy import runtime_of
from watchd.rules.tracker import rewound
from watchd.rules.verdict import Kind, Verdict, moment, of_answer, of_error
from watchd.services.ahead import Overtaken, untouched, write_ahead
from watchd.services.lookup import Lookup
from watchd.services.readback import Readback
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import deliveries, plays
from watchd.store.database import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be told: the play as it is after what was learned, and its item as Trakt knows it."""

    play: Play
    media: Media


class Courier:
    """Knows how a delivery is told to Trakt: by which method, in which words, after asking what."""

    def __init__(self, database: Database, clock: Clock, trakt: TraktClient, lookup: Lookup, readback: Readback) -> None:
        self._database = database
        self._clock = clock
        self._trakt = trakt
        self._lookup = lookup
        self._readback = readback

    async def prepared(self, delivery: Delivery, play: Play, step: Plan, lane: Lane) -> Ready | Verdict:
        """Find out how Trakt calls the item, and read back if the plan says so: a verdict if nothing is left to send.

        Nothing is sent, so that it may be cancelled at any time; UpstreamError as it comes.
        """
        media = await self._named(delivery, play, lane)
        play = await self._as_it_is(delivery)
        if step.move is Move.READ_BACK:
            if media.ids.trakt is None:
                return Verdict(Kind.UNIDENTIFIED, "Trakt does not know the item, so it cannot be read back")
            wait = await self._checkin_ends(delivery, play, media)
            if wait is not None:
                return wait
            found = await self._readback.find(delivery, play, media, self._clock.now())
            if found is not None:
                return Verdict(Kind.DELIVERED, "found in the history", history_id=found)
        return Ready(play, media)

    async def _named(self, delivery: Delivery, play: Play, lane: Lane) -> Media:
        """The media as well as it can be named: an outcome wants its Trakt id, so that it can be read back and merged."""
        if delivery.verb is Verb.WATCHED or needs_lookup(play.media):
            return await self._lookup.resolve(play, lane) or play.media
        return play.media

    async def _as_it_is(self, delivery: Delivery) -> Play:
        """The play after what was learned, which may have made it one with another."""

        def work(connection: sqlite3.Connection) -> Play | None:
            owed = deliveries.get(connection, delivery.id)
            return plays.get(connection, owed.play_id) if owed is not None and untouched(owed, delivery.attempts) else None

        play = await self._database.read(work)
        if play is None:
            raise Overtaken("one sitting with another source's play")
        return play

    async def _checkin_ends(self, delivery: Delivery, play: Play, media: Media) -> Verdict | None:
        """A checkin that Trakt may still be running becomes a row of its own at Trakt's end, not at ours."""
        if play.origin is not Origin.CHECKIN or delivery.attempts:
            return None
        length = max(runtime_of(media, play.runtime), media.runtime or 0.0)
        owed = await self._database.read(lambda connection: deliveries.of_play(connection, play.id))
        begun = max([play.started_at, *(item.last_sent_at or 0 for item in owed if item.verb is Verb.CHECKIN)])
        ends = begun + round(length * 1000) + 15 * SECOND
        if self._clock.now() >= ends:
            return None
        return Verdict(Kind.WAIT, "Trakt's checkin is still running", until=ends + self._readback.offset)

    async def send(self, delivery: Delivery, ready: Ready, step: Plan, lane: Lane) -> Verdict:
        """Tell Trakt, and say what its answer means."""
        play, media, method = ready.play, ready.media, step.method
        body = self._body(delivery, play, media, method)
        if body is None:
            return Verdict(Kind.UNIDENTIFIED, "no id or title Trakt could know it by")
        try:
            answer = await self._call(method, body, lane, write_ahead(self._database, self._clock, (delivery,), method))
        except UpstreamRefusal as refusal:
            verdict = of_error(delivery.verb, refusal, _decoded(refusal.body))
            if verdict.kind is Kind.CONFLICT:
                return await self._conflict(delivery, play, media, verdict)
            return verdict
        verdict = _timed(play, answer, of_answer(delivery.verb, method, answer.status, answer.data))
        await self._learn(play, answer)
        return verdict

    async def _learn(self, play: Play, answer: Answer) -> None:
        """Keep what an answer tells of the media; the work is done at Trakt, whatever becomes of this."""
        try:
            told = media_told(answer.data)
            if told is not None and type(told) is type(play.media):
                await self._lookup.learn(play, told)
        except (StoreUnavailable, *UNFORESEEN) as error:
            log.exception("courier.not_learned", play=play.id, error=type(error).__name__)

    async def _call(self, method: str, body: dict[str, object], lane: Lane, ahead: BeforeSend) -> Answer:
        if method == HISTORY:
            return await self._trakt.add_history(body, lane, ahead)
        if method == "checkin":
            return await self._trakt.checkin(body, lane, ahead)
        if method == "checkin/delete":
            return await self._trakt.uncheckin(lane, ahead)
        return await self._trakt.scrobble(method.removeprefix("scrobble/"), body, lane, ahead)

    def _body(self, delivery: Delivery, play: Play, media: Media, method: str) -> dict[str, object] | None:
        if method == "checkin/delete":
            return {}
        if method == HISTORY:
            return history_item(media, delivery.at + self._readback.offset)
        item = scrobble_item(media)
        if item is None or method == "checkin":
            return item
        progress = rewound(play, self._clock.now()) if delivery.verb is Verb.START else delivery.progress
        return {**item, "progress": round(clamped(delivery.verb, progress), 2)}

    async def _conflict(self, delivery: Delivery, play: Play, media: Media, verdict: Verdict) -> Verdict:
        """409 on a stop: ours when its moment lies in this sitting and no other play claims it, else a rewatch."""
        now = self._clock.now()
        if verdict.watched_at is None:
            return Verdict(Kind.LATER, verdict.reason, 409, verdict.body, maybe_done=True)
        ours, history_id = await self._readback.conflict(delivery, play, media, verdict.watched_at, now)
        if ours:
            return Verdict(Kind.DELIVERED, "scrobbled already", 409, history_id=history_id)
        return Verdict(Kind.BY_HISTORY, "watched again within Trakt's window", 409, verdict.body)


def _timed(play: Play, answer: Answer, verdict: Verdict) -> Verdict:
    """A checkin's answer says when it will count: our play ends then too."""
    if play.origin is not Origin.CHECKIN or not isinstance(answer.data, dict):
        return verdict
    ends = moment(answer.data.get("watched_at"))
    return verdict if ends is None else replace(verdict, until=ends)


def _decoded(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
