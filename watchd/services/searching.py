"""Searching: queries answered from the index, as ready bytes."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from watchd.clock import iso
from watchd.model.personal import Headers, Ready
from watchd.model.search import KINDS, Sought
from watchd.rules.searching import Query, folded
from watchd.services.together import Outcome, Together
from watchd.services.unforeseen import UNFORESEEN
from watchd.store import accounts, search
from watchd.store.database import Database
from watchd.store.trouble import of_the_machine

_WORTH = 1024
_LEVEL = 1
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAMES = {kind: name for name, kind in KINDS.items()}
_COUNT_EVERY = 1000
_TOGETHER = 8
_BUILDING = "the index is being built: not everything can be found yet"
_MANY = "too many titles fit to count them: these are the best, and there are at least so many"


@dataclass(frozen=True, slots=True)
class _Standing:
    """Whether all of an account is in the index, when the newest of it happened, and what the account is called."""

    whole: bool
    updated_at: int | None
    username: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found, and what is to be said of it."""

    found: search.Found
    rows: list[tuple[str, str]]
    standing: _Standing


_Question = tuple[int, Sought]


class Searching:
    """Looks for titles. All of it happens on the reader's thread; `called` gives an account's name."""

    def __init__(self, database: Database, called: Callable[[int], str]) -> None:
        self._database = database
        self._called = called
        self._counts: dict[str, int] = {}
        self._until_counted = 0
        self._together = Together(self._ask, _TOGETHER)
        self._version = -1
        self._standings: dict[int, _Standing] = {}

    async def search(self, account_id: int, sought: Sought) -> Ready:
        """A page of what answers the question, best first."""
        return await self._together.answer((account_id, sought))

    async def _ask(self, some: Sequence[_Question]) -> list[Outcome[Ready]]:
        return await self._database.read(lambda connection: [self._outcome(connection, *question) for question in some])

    def _outcome(self, connection: sqlite3.Connection, account_id: int, sought: Sought) -> Outcome[Ready]:
        try:
            return _ready(self._look(connection, account_id, sought), sought), None
        except UNFORESEEN as error:
            if of_the_machine(error):
                raise
            return None, error

    def _look(self, connection: sqlite3.Connection, account_id: int, sought: Sought) -> _Found:
        kind = None if sought.type is None else KINDS[sought.type]
        found = search.find(connection, account_id, kind, Query(folded(sought.text)), self._counted(connection))
        rows = search.bodies(connection, found.ids[sought.offset : sought.offset + sought.limit])
        return _Found(found, rows, self._standing(connection, account_id))

    def _standing(self, connection: sqlite3.Connection, account_id: int) -> _Standing:
        """How an account's part of the index stands: the same until somebody commits."""
        version = search.data_version(connection)
        if version != self._version:
            self._version, self._standings = version, {}
        known = self._standings.get(account_id)
        if known is None:
            whole, updated_at = search.standing(connection, account_id)
            username = accounts.get(connection, account_id).trakt_slug or self._called(account_id)
            known = self._standings[account_id] = _Standing(whole, updated_at, username)
        return known

    def _counted(self, connection: sqlite3.Connection) -> dict[str, int]:
        """In how many titles pieces are, counted now and then: old counts make a search dearer, never wrong."""
        if not self._until_counted:
            self._counts, self._until_counted = search.common(connection), _COUNT_EVERY
        self._until_counted -= 1
        return self._counts


def _ready(told: _Found, sought: Sought) -> Ready:
    total = len(told.found.ids)
    grouped: dict[str, list[str]] = {KINDS[name]: [] for name in ([sought.type] if sought.type else KINDS)}
    for number, (kind, row) in enumerate(told.rows, sought.offset + 1):
        grouped[kind].append(f'{row[:-1]},"position":{number}}}')
    results = ",".join(f'"{_NAMES[kind]}":[{",".join(rows)}]' for kind, rows in grouped.items())
    query = _encode(sought.text.encode("utf-8", "replace").decode())
    body = (
        f'{{"metadata":{_encode(_metadata(told, sought, total))},"query":{query},"type":"{sought.type or "all"}",'
        f'"total_results":{total},"results":{{{results}}}}}'
    ).encode()
    etag = blake2b(body, digest_size=12).hexdigest()
    headers: Headers = (
        ("X-Pagination-Page", str(sought.page)),
        ("X-Pagination-Limit", str(sought.limit)),
        ("X-Pagination-Page-Count", str(max(1, -(-total // sought.limit)))),
        ("X-Pagination-Item-Count", str(total)),
    )
    if sought.packed and len(body) >= _WORTH:
        return Ready(gzip.compress(body, _LEVEL, mtime=0), f'"{etag}-gzip"', headers, packed=True)
    return Ready(body, f'"{etag}"', headers)


def _metadata(told: _Found, sought: Sought, total: int) -> dict[str, object]:
    standing = told.standing
    updated = None if standing.updated_at is None else iso(standing.updated_at)
    metadata: dict[str, object] = {
        "last_updated": updated,
        "fetched_at": updated,
        "source": "index",
        "username": standing.username,
        "endpoint": "search",
        "count": len(told.rows),
        "total": total,
        "page": sought.page,
        "limit": sought.limit,
        "complete": standing.whole and told.found.exact,
    }
    notes = [note for note, said in ((_BUILDING, not standing.whole), (_MANY, not told.found.exact)) if said]
    return metadata | {"note": "; ".join(notes)} if notes else metadata
