"""A database of its own for each test, and one of a hundred thousand plays for those that only look."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.store import crowd
from tests.store.given import a_store
from watchd.store import accounts
from watchd.store.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database.opened(tmp_path / "watchd.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        yield database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = a_store(tmp_path / "watchd.db")
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a database of 100,000 plays; tests leave it as it is."""
    path = tmp_path_factory.mktemp("crowded") / "watchd.db"
    crowd.fill(path)
    return path
