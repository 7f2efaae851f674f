"""Pages of the ratings: Trakt's where they were read with those it cannot tell of, else all that were given here."""

import sqlite3
from functools import partial

from watchd.clock import iso
from watchd.model.personal import Ask
from watchd.rules.history_items import rated_item
from watchd.rules.personal import ENDPOINTS, NEWEST, RANK
from watchd.rules.rated import Rated, ordered, together
from watchd.services.pages import Page, Pages, Reader, Rows, encoded, given
from watchd.services.section_pages import SectionPages
from watchd.store import library, rated, shelves
from watchd.store.database import Database
from watchd.store.rated import Given, Wanted

_AT_ONCE = 1000
_OURS = "the ratings given here: nothing was synced from Trakt yet"
_BOTH = "with the ratings given here that Trakt was not told of, or not yet when its own were read"


class RatedPages:
    """What was given here is told to Trakt and comes back with its own; until then, or where it never is, both are shown."""

    def __init__(self, database: Database, sections: SectionPages) -> None:
        self._database = database
        self._sections = sections

    async def page(self, reader: Reader, ask: Ask) -> Pages:
        endpoint = ENDPOINTS["ratings"]
        wanted = Wanted(endpoint.types[ask.type] if ask.type is not None else (), ask.start_at, ask.end_at)

        def work(connection: sqlite3.Connection) -> tuple[int | None, list[Given], int, int | None]:
            read_at = shelves.standing(connection, reader.account_id, endpoint.sections).synced_at
            return (
                read_at,
                [] if read_at is None else rated.untold(connection, reader.account_id, read_at),
                rated.count(connection, reader.account_id, wanted),
                rated.updated_at(connection, reader.account_id),
            )

        read_at, untold, total, updated_at = await self._database.read(work)
        file = endpoint.file.format(ask.type or "all")
        if read_at is None:
            return Page(file, self._rows(reader, ask, wanted), total, updated_at, _OURS)
        if not untold:
            return await self._sections.page(reader, ask)
        found = await self._database.read(partial(_both, reader.account_id, wanted, untold))
        rows = [row.text for row in ordered(found, ask.sort)][ask.offset : ask.offset + ask.limit]
        latest = max(read_at, *(one.rated_at for one in untold))
        return Page(file, given(*rows), len(found), latest, _BOTH)

    async def _rows(self, reader: Reader, ask: Ask, wanted: Wanted) -> Rows:
        sort = ask.sort if ask.sort not in (None, RANK) else NEWEST
        offset, left = ask.offset, ask.limit
        while left > 0:
            some = partial(_texts, reader.account_id, wanted, sort or NEWEST, offset, min(left, _AT_ONCE))
            rows = await self._database.read(some)
            yield rows
            if len(rows) < _AT_ONCE:
                return
            offset, left = offset + len(rows), left - len(rows)


def _texts(account_id: int, wanted: Wanted, sort: str, offset: int, limit: int, connection: sqlite3.Connection) -> list[str]:
    found = rated.given(connection, account_id, wanted, sort=sort, offset=offset, limit=limit)
    return [encoded(rated_item(one.media, one.rating, one.rated_at)) for one in found]


def _both(account_id: int, wanted: Wanted, untold: list[Given], connection: sqlite3.Connection) -> list[Rated]:
    theirs = library.bodies(connection, account_id, "ratings")
    found = together(theirs, [rated_item(one.media, one.rating, one.rated_at) for one in untold])
    since = "" if wanted.start is None else iso(wanted.start)
    until = None if wanted.end is None else iso(wanted.end)
    return [
        row
        for row in found
        if (not wanted.types or row.kind in wanted.types) and row.at >= since and (until is None or row.at <= until)
    ]
