"""Reading Trakt's history into our plays: one viewing is one row, and what is of Trakt alone becomes a play of its own."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from anyio.lowlevel import checkpoint

from watchd.clients import trakt_items as items
from watchd.clients.trakt_items import TraktHistoryRow
from watchd.clients.trakt_sections import HISTORY, Page
from watchd.clock import MINUTE, Clock, iso
from watchd.model.media import Episode, Media, identifiable
from watchd.model.sync import Progress
from watchd.rules.pages import in_parts
from watchd.rules.plan import NEAR
from watchd.rules.reconcile import Fate, fate
from watchd.services.sync_books import MANY
from watchd.services.sync_pages import read_pages
from watchd.services.sync_rows import keep_rows, stale
from watchd.services.sync_voice import Voice
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import reconciling
from watchd.store.database import Database
from watchd.store.reconciling import Linked

log = structlog.get_logger()

CHUNK = 5
"""Rows a transaction: a few milliseconds, most of them for titles that are new here."""
_MARKS = 200
_WALK = 500
_BREATH = 50
"""Rows of a page after which others have their turn."""


@dataclass(slots=True)
class Reading:
    """What one reading has brought so far; `ids` are those of all rows, `ghosts` counts the rows that name nothing.

    `watched`: what is new in it, or was watched or told from here after `since` (our time, None: at no time), with the shows of
    episodes, by type and Trakt id, seasons by their show's; not all of it when that is MANY or more.
    """

    since: int | None = None

    offset: int = 0
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    before: set[int] = field(default_factory=set)
    ghosts: int = 0
    changed: int = 0
    watched: set[tuple[str, int]] = field(default_factory=set)


class HistorySync:
    """The history of one account. Each page is kept in short transactions as it comes: an end in the middle loses nothing."""

    def __init__(self, account_id: int, database: Database, clock: Clock, progress: Progress) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._progress = progress

    async def since(self, voice: Voice, moment: int, before: int | None) -> Reading:
        """Read what was watched from a moment of Trakt's time on; `before` is when the history was read last (our time)."""
        return await self._read(voice, {"start_at": iso(max(0, moment)), "extended": "full"}, before)

    async def whole(self, voice: Voice, before: int | None) -> Reading:
        """Read everything, and note what is told of no more. NotWhole when pages lacked rows: then nothing is taken as gone."""
        began = self._clock.now()
        reading = await self._read(voice, {}, before)
        await self._miss(sorted(set(reading.ids)), began, reading)
        return reading

    async def _read(self, voice: Voice, params: dict[str, str], before: int | None) -> Reading:
        reading = Reading(before)

        async def fetch(number: int) -> Page:
            return await voice.page(HISTORY, number, params=params)

        async def take(page: Page) -> int:
            reading.offset = voice.trakt.offset_ms
            fresh = await self._take(page.rows, reading)
            self._progress.came(len(page.rows), page.items)
            return fresh

        await read_pages(fetch, take, self._clock, paged=True)
        return reading

    async def _take(self, told: Sequence[Any], reading: Reading) -> int:
        """Keep the rows of a page; return how many the page before did not have."""
        rows, numbers, nameless = list[TraktHistoryRow](), set[int](), 0
        for place, value in enumerate(told):
            if place % _BREATH == _BREATH - 1:
                await checkpoint()
            row = items.history_row(value)
            if row is not None and identifiable(row.media):
                rows.append(row)
            elif (number := _number(value)) not in reading.before:
                reading.ghosts += 1
                nameless += number is None
            if (number := _number(value)) is not None:
                numbers.add(number)
        fresh = numbers - reading.before
        reading.ids.extend(fresh)
        reading.before = numbers
        await self._keep([row for row in rows if row.id in fresh], reading)
        return len(fresh) + nameless

    async def _keep(self, rows: list[TraktHistoryRow], reading: Reading) -> None:
        ids = [row.id for row in rows]
        known, deleted = await self._database.read(
            lambda connection: (
                reconciling.linked(connection, self._account_id, ids, NEAR, reading.offset, reading.since),
                reconciling.removed(connection, self._account_id, ids),
            )
        )
        reading.ghosts += len(deleted)
        news = [row for row in rows if row.id not in deleted and stale(known.get(row.id), row)]
        told = (row for row in rows if row.id in known and (known[row.id].told or _lately(row, reading)))
        if len(reading.watched) < MANY:
            reading.watched.update(thing for row in (*news, *told) for thing in _things(row.media))
        for chunk in in_parts(news, CHUNK):
            reading.changed += await self._write(chunk, reading)

    async def _write(self, rows: Sequence[TraktHistoryRow], reading: Reading) -> int:
        """Keep some rows in one transaction; where one of them spoils it, each in its own, without that one."""
        now = self._clock.now()
        try:
            await self._database.write(
                lambda connection: keep_rows(connection, self._account_id, rows, reading.offset, now), patient=True
            )
        except UNFORESEEN:
            if len(rows) == 1:
                reading.ghosts += 1
                log.exception("sync.row_not_kept", history_id=rows[0].id)
                return 0
            return sum([await self._write((row,), reading) for row in rows])
        return len(rows)

    async def _miss(self, told: list[int], began: int, reading: Reading) -> None:
        """Go through the linked plays, and note which of them the reading told of and which not."""
        after, now = 0, self._clock.now()
        while True:
            plays = await self._database.read(
                lambda connection, after=after: reconciling.linked_after(  # type: ignore[misc]
                    connection, self._account_id, after, _WALK, began
                )
            )
            if not plays:
                return
            after = plays[-1].history_id
            fates = [(play.play_id, _fate(play, told, now)) for play in plays]
            news = [(play_id, become) for play_id, become in fates if become is not Fate.SAME]
            reading.changed += len(news)
            for chunk in in_parts(news, _MARKS):
                await self._mark(dict(chunk), now)

    async def _mark(self, fates: dict[int, Fate], now: int) -> None:
        def of(wanted: Fate) -> list[int]:
            return [play_id for play_id, become in fates.items() if become is wanted]

        await self._database.write(
            lambda connection: reconciling.mark(connection, of(Fate.BACK), of(Fate.MISSING), of(Fate.GONE), now), patient=True
        )


def _fate(play: Linked, told: list[int], now: int) -> Fate:
    place = bisect_left(told, play.history_id)
    there = place < len(told) and told[place] == play.history_id
    return fate(told=there, of_trakt=play.of_trakt, missing_at=play.missing_at, gone=play.gone_at is not None, now=now)


def _lately(row: TraktHistoryRow, reading: Reading) -> bool:
    """Whether it was watched after the reading before this one, by dates that are cut to the minute."""
    return reading.since is not None and row.watched_at - reading.offset > reading.since - MINUTE


def _number(value: Any) -> int | None:
    number = value.get("id") if isinstance(value, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63 else None


def _things(media: Media) -> list[tuple[str, int]]:
    """What watching it may end: of an episode its show too, and any season of that, by the show's id."""
    known = [(str(media.type), media.ids.trakt)]
    if isinstance(media, Episode):
        known += [("show", media.show.ids.trakt), ("season", media.show.ids.trakt)]
    return [(kind, number) for kind, number in known if number is not None]
