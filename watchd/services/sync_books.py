"""What the sync asks of the store and notes in it, besides the rows."""

import json
import sqlite3
from typing import Any

from watchd.model.library import Section
from watchd.rules.due_sections import GHOSTS, HISTORY_FULL
from watchd.rules.reconcile import mismatch
from watchd.services.sync_voice import Voice
from watchd.store import accounts, library, reconciling
from watchd.store.database import Database

MANY = 1000
"""So much that was watched is not compared with what is shown one by one."""

_LEFT = ("watchlist", "playback")
"""What an item leaves when it is watched, without a word of Trakt's that these have changed."""


class Books:
    """Of one account."""

    def __init__(self, account_id: int, database: Database) -> None:
        self._account_id = account_id
        self._database = database

    async def stands(self) -> dict[str, Section]:
        """How each section stands."""
        found = await self._database.read(lambda connection: library.sections(connection, self._account_id))
        return {section.name: section for section in found}

    async def keep(self, of: Section) -> None:
        await self._database.write(lambda connection: library.keep(connection, self._account_id, of))

    async def identity(self, voice: Voice) -> str:
        """Whose library is read: what was read of another user tells nothing of what this one has changed."""
        account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
        return account.trakt_uuid or "" if voice.own else f"name {voice.user}"

    async def was_whole(self, began: int, rows: int, ghosts: int, identity: str) -> None:
        """The history was read to its end; so many of its rows name nothing or were deleted here."""

        def work(connection: sqlite3.Connection) -> None:
            library.keep(connection, self._account_id, Section(HISTORY_FULL, rows=rows, activity=identity, synced_at=began))
            library.keep(connection, self._account_id, Section(GHOSTS, rows=ghosts, synced_at=began))

        await self._database.write(work)

    async def linked(self) -> int:
        """How many plays are linked with rows Trakt has."""
        counts = await self._database.read(lambda connection: reconciling.counts(connection, self._account_id))
        return sum(counts.values())

    async def amiss(self) -> dict[str, int]:
        """By how much Trakt counts more plays than are linked here."""
        counts, ghosts, stats = await self._database.read(
            lambda connection: (
                reconciling.counts(connection, self._account_id),
                library.section(connection, self._account_id, GHOSTS),
                library.bodies(connection, self._account_id, "stats"),
            )
        )
        return mismatch(counts, ghosts.rows if ghosts else 0, json.loads(stats[0]) if stats else None)

    async def spoil(self, watched: set[tuple[str, int]]) -> list[str]:
        """Make due what still shows any of what was watched, or may of MANY; return which sections that are."""

        def work(connection: sqlite3.Connection) -> list[str]:
            shown = {name: reconciling.things(connection, self._account_id, name) for name in _LEFT}
            return [name for name in _LEFT if (shown[name] if len(watched) >= MANY else shown[name] & watched)]

        names = await self._database.read(work) if watched else []
        for name in names:
            await self._database.write(lambda connection, name=name: reconciling.spoil(connection, self._account_id, name))  # type: ignore[misc]
        return names

    async def lists(self) -> dict[int, str]:
        """Trakt's id of each list shown, with what tells that its items changed."""
        bodies = await self._database.read(lambda connection: library.bodies(connection, self._account_id, "lists"))
        found: dict[int, str] = {}
        for told in map(json.loads, bodies):
            number = _id(told)
            if number is not None:
                found[number] = f"{told.get('updated_at')} {told.get('item_count')}"
        return found


def _id(told: Any) -> int | None:
    ids = told.get("ids") if isinstance(told, dict) else None
    number = ids.get("trakt") if isinstance(ids, dict) else None
    return number if isinstance(number, int) else None
