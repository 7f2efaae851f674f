"""Pages of the sections of Trakt's library, their rows as Trakt gave them, and the index of all there is."""

import sqlite3
from dataclasses import replace

from watchd.clock import iso
from watchd.errors import WatchdError
from watchd.model.personal import Ask
from watchd.rules.personal import ENDPOINTS, PAIR, RANK, Endpoint
from watchd.services.pages import Page, Pages, Reader, Rows, decoded, encoded, given
from watchd.store import accounts, history, library, shelves
from watchd.store.database import Database
from watchd.store.shelves import Choice, Standing

_AT_ONCE = 1000
_EMPTY = "nothing of this was synced from Trakt yet"
_PART = "not all of this was synced from Trakt yet"
_LOCAL = "kept at Trakt only, and nothing was synced from there: this account has no Trakt library here"


class Moved(WatchdError):
    """While a section was read another generation of it was shown: read it again."""


class NoList(WatchdError):
    """There is no such list."""


class SectionPages:
    """Rows are passed on as the texts they are stored as."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, reader: Reader, ask: Ask) -> Pages:
        """A section, or for those that have both and no type is asked for, the pair; NoList for an unknown list."""
        endpoint = ENDPOINTS[ask.endpoint]
        if ask.item is not None:
            endpoint = await self._list(reader, ask.item)
        if endpoint.paired and ask.type is None:
            return {kind: await self._page(reader, replace(ask, type=kind), endpoint) for kind in PAIR}
        return await self._page(reader, ask, endpoint)

    async def _list(self, reader: Reader, item: str) -> Endpoint:
        found = await self._database.read(lambda connection: shelves.list_id(connection, reader.account_id, item))
        if found is None:
            raise NoList(f"List items not found for ID: {item}")
        template = ENDPOINTS["list"]
        return replace(template, file=template.file.format(item), sections=(f"list:{found}",))

    async def _page(self, reader: Reader, ask: Ask, endpoint: Endpoint) -> Page:
        choice = _choice(ask, endpoint)

        def work(connection: sqlite3.Connection) -> tuple[Standing, int]:
            return (
                shelves.standing(connection, reader.account_id, choice.sections),
                shelves.count(connection, reader.account_id, choice),
            )

        standing, total = await self._database.read(work)
        rows = self._rows(reader, ask, choice, standing)
        missing = _PART if total else _EMPTY if reader.synced else _LOCAL
        note = None if standing.synced_at is not None else missing
        if endpoint.one:
            rows = rows if total else given("{}")
        file = endpoint.file.format(_name(ask))
        return Page(file, rows, total, standing.synced_at, note, one=endpoint.one)

    async def _rows(self, reader: Reader, ask: Ask, choice: Choice, standing: Standing) -> Rows:
        offset, left = ask.offset, ask.limit
        while left > 0:
            limit = min(left, _AT_ONCE)

            def work(connection: sqlite3.Connection, offset: int = offset, limit: int = limit) -> list[str]:
                if shelves.standing(connection, reader.account_id, choice.sections).generations != standing.generations:
                    raise Moved
                return shelves.texts(connection, reader.account_id, choice, offset=offset, limit=limit)

            rows = await self._database.read(work)
            yield rows
            if len(rows) < limit:
                return
            offset, left = offset + limit, left - limit

    async def index(self, reader: Reader) -> Page:
        """What there is, in the seed's words: the files by section."""

        def work(connection: sqlite3.Connection) -> tuple[int | None, list[str], bool]:
            account_id = reader.account_id
            moments = (shelves.synced_at(connection, account_id), history.updated_at(connection, account_id))
            kept = library.bodies(connection, account_id, "lists")
            logged_in = accounts.get(connection, account_id).trakt_uuid is not None
            return max((at for at in moments if at is not None), default=None), kept, logged_in

        updated_at, lists, logged_in = await self._database.read(work)
        told = {
            "last_updated": None if updated_at is None else iso(updated_at),
            "data_type": "personal_user_data",
            "username": reader.username,
            "authentication": "oauth" if logged_in else "api_key_only" if reader.synced else "none",
            "data_structure": {"user": _files(lists)},
        }
        return Page("index.json", given(encoded(told)), 1, updated_at, one=True)


def _choice(ask: Ask, endpoint: Endpoint) -> Choice:
    kind = ask.type
    return Choice(
        endpoint.by_section.get(kind, endpoint.sections) if kind is not None else endpoint.sections,
        () if kind is None or kind in endpoint.by_section else endpoint.types[kind],
        endpoint.dated or "",
        None if ask.start_at is None else iso(ask.start_at),
        None if ask.end_at is None else iso(ask.end_at),
        ask.sort or next(iter(endpoint.sorts), RANK),
    )


def _name(ask: Ask) -> str:
    """The file a section's rows stand in: the seed takes the shows of the watchlist out of that of all."""
    if ask.endpoint == "watchlist" and ask.type != "movies":
        return "all"
    return ask.type or "all"


def _files(lists: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, endpoint in ENDPOINTS.items():
        if name != "list":
            kinds = PAIR if endpoint.paired else ("all",)
            found[name] = [endpoint.file.format(kind).rpartition("/")[2] for kind in kinds]
    found["watchlist"].append("all.json")
    ids = [(decoded([text]) or {}).get("ids") for text in lists]
    found["lists"] += [f"{one.get('slug') or one.get('trakt')}_items.json" for one in ids if isinstance(one, dict)]
    return found
