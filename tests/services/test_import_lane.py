"""However long an import takes, nobody waits for it: all it writes goes behind what others write."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from tests.sources.imports.zips import a_zip, episode_play, export
from tests.store.given import HEAT, a_play, busy, turns
from watchd.services.importing import Import
from watchd.sources.imports.reading import chunks
from watchd.store import accounts, exports
from watchd.store.database import Database

T = TypeVar("T")
ME = 1


class Noting:
    """Hands writes on, and notes which were patient."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.patient: list[bool] = []
        self.came = asyncio.Event()

    async def write(self, work: Callable[[sqlite3.Connection], T], *, patient: bool = False) -> T:
        self.patient.append(patient)
        self.came.set()
        return await self._database.write(work, patient=patient)


async def test_all_of_an_import_is_written_in_the_patient_lane(tmp_path: Path) -> None:
    async with Database.opened(tmp_path / "watchd.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        noting = Noting(database)
        path = a_zip(tmp_path / "x.zip", export())
        with closing(chunks(path, path.name)) as found:
            await Import(noting, ME, 0).take(found)
    assert noting.patient
    assert all(noting.patient)


async def test_what_comes_while_an_import_waits_is_written_first(tmp_path: Path) -> None:
    rows = [episode_play(number, "2021-01-01T10:00:00.000Z", 1, number) for number in range(1, 200)]
    path = a_zip(tmp_path / "x.zip", {"watched-history-1": rows})
    async with Database.opened(tmp_path / "watchd.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        with closing(chunks(path, path.name)) as found:
            async with busy(database) as release:
                noting = Noting(database)
                importing = asyncio.create_task(Import(noting, ME, 0).take(found))
                await noting.came.wait()
                play = asyncio.create_task(database.write(lambda connection: a_play(connection, HEAT)))
                await turns()
                release()
                first = await play
            await importing
        assert first.id == 1
        assert await database.read(lambda connection: exports.count(connection, ME)) == 199
