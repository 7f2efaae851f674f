"""What may fail by itself is undone alone."""

import sqlite3
from collections.abc import Iterator

import pytest

from watchd.store.savepoint import attempt


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.execute("CREATE TABLE kept (value INTEGER)")
    opened.execute("BEGIN")
    yield opened
    opened.close()


def values(connection: sqlite3.Connection) -> list[int]:
    return [value for (value,) in connection.execute("SELECT value FROM kept")]


def fail(connection: sqlite3.Connection, value: int, *more: str) -> None:
    connection.execute("INSERT INTO kept VALUES (?)", (value,))
    for sql in more:
        connection.execute(sql)
    raise ZeroDivisionError


def test_an_attempt_that_goes_well_is_kept(connection: sqlite3.Connection) -> None:
    with attempt(connection) as tried:
        connection.execute("INSERT INTO kept VALUES (1)")
    assert (tried.error, values(connection), connection.in_transaction) == (None, [1], True)


def test_an_attempt_that_fails_is_undone_alone_and_the_transaction_goes_on(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO kept VALUES (1)")
    with attempt(connection) as tried:
        connection.execute("INSERT INTO kept VALUES (2)")
        with attempt(connection) as inner:
            fail(connection, 3)
        assert isinstance(inner.error, ZeroDivisionError)
        fail(connection, 4)
    assert isinstance(tried.error, ZeroDivisionError)
    assert values(connection) == [1]
    connection.execute("COMMIT")
    assert values(connection) == [1]


def test_what_the_machine_is_to_blame_for_is_raised(connection: sqlite3.Connection) -> None:
    with pytest.raises(MemoryError), attempt(connection):
        raise MemoryError


def test_a_transaction_that_sqlite_has_ended_is_not_gone_on_with(connection: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError), attempt(connection):
        fail(connection, 2, "ROLLBACK")
