"""Pages of the ratings: Trakt's where they were read, else those that were given here."""

import sqlite3
from functools import partial

from watchd.model.personal import Ask
from watchd.rules.history_items import rated_item
from watchd.rules.personal import ENDPOINTS, NEWEST, RANK
from watchd.services.pages import Page, Pages, Reader, Rows, encoded
from watchd.services.section_pages import SectionPages
from watchd.store import rated, shelves
from watchd.store.database import Database
from watchd.store.rated import Wanted

_AT_ONCE = 1000
_OURS = "the ratings given here: nothing was synced from Trakt yet"


class RatedPages:
    """Both are never mixed: what was given here is told to Trakt, and comes back with Trakt's."""

    def __init__(self, database: Database, sections: SectionPages) -> None:
        self._database = database
        self._sections = sections

    async def page(self, reader: Reader, ask: Ask) -> Pages:
        endpoint = ENDPOINTS["ratings"]
        wanted = Wanted(endpoint.types[ask.type] if ask.type is not None else (), ask.start_at, ask.end_at)

        def work(connection: sqlite3.Connection) -> tuple[bool, int, int | None]:
            return (
                shelves.standing(connection, reader.account_id, endpoint.sections).synced_at is not None,
                rated.count(connection, reader.account_id, wanted),
                rated.updated_at(connection, reader.account_id),
            )

        at_trakt, total, updated_at = await self._database.read(work)
        if at_trakt:
            return await self._sections.page(reader, ask)
        return Page(endpoint.file.format(ask.type or "all"), self._rows(reader, ask, wanted), total, updated_at, _OURS)

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
