"""The calendar: Trakt's where it was read, else what TMDB tells of the shows that are watched or wished for."""

import sqlite3

from watchd.clock import DAY, Clock
from watchd.model.media import Show
from watchd.model.personal import Ask
from watchd.rules import calendar, derive
from watchd.rules.personal import ENDPOINTS
from watchd.rules.shapes import Json
from watchd.services.pages import Page, Pages, Reader, encoded, given
from watchd.services.section_pages import SectionPages
from watchd.store import aired, found_shows, history, shelves
from watchd.store.database import Database

_DAYS_ONLY = "by TMDB, of the shows that are watched here or on the watchlist: the days are told, the hours are not"
_OLD = 7 * DAY


class CalendarPages:
    """Both are never mixed. What Trakt said so long ago that it is mostly over gives way to TMDB."""

    def __init__(self, database: Database, clock: Clock, sections: SectionPages) -> None:
        self._database = database
        self._clock = clock
        self._sections = sections

    async def page(self, reader: Reader, ask: Ask) -> Pages:
        endpoint, now = ENDPOINTS["calendar"], self._clock.now()

        def work(connection: sqlite3.Connection) -> tuple[bool, list[Json], int | None]:
            read_at = shelves.standing(connection, reader.account_id, endpoint.sections).synced_at
            told_at = aired.told_at(connection)
            if told_at is None or (read_at is not None and now - read_at < _OLD):
                return False, [], None
            shows = _shows(connection, reader.account_id)
            return True, calendar.rows(aired.coming(connection, list(shows), *calendar.span(now)), shows, ask), told_at

        by_tmdb, rows, told_at = await self._database.read(work)
        if not by_tmdb:
            return await self._sections.page(reader, ask)
        some = [encoded(row) for row in rows[ask.offset : ask.offset + ask.limit]]
        return Page(endpoint.file.format(ask.type or "all"), given(*some), len(rows), told_at, _DAYS_ONLY)


def _shows(connection: sqlite3.Connection, account_id: int) -> dict[int, Show]:
    """The shows of an account that TMDB has an id of: those on the watchlist, and the watched ones as they are known here."""
    found = {show.ids.tmdb: show for show in shelves.wished_shows(connection, account_id)}
    by_row = found_shows.of_account(connection, account_id)
    found |= {one.show.ids.tmdb: one.show for one in derive.shows(history.tellings(connection, account_id), by_row)}
    return {tmdb_id: show for tmdb_id, show in found.items() if tmdb_id is not None}
