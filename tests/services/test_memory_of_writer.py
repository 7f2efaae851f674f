"""What the writing connection remembers changes nothing: with and without it the same works leave equal databases."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.services.works import ACCOUNTS, POISON, Works
from watchd.rules.tracker import Outcome
from watchd.services import sittings
from watchd.services.arrivals import Taken
from watchd.store import accounts
from watchd.store.database import Work, _transaction, _tried
from watchd.store.migrate import bring_up, migrations
from watchd.store.writer import Writer

_TABLES = ("accounts", "media", "handles", "plays", "events", "deliveries", "ratings", "removals", "title_news")


class Emptied(Writer):
    """A writer that remembers nothing from one transaction to the next."""

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        if sql.startswith("BEGIN"):
            self._committed = False
        return super().execute(sql, parameters)


def a_store(path: Path, kind: type[sqlite3.Connection]) -> sqlite3.Connection:
    bring_up(path, migrations())
    connection = sqlite3.connect(path, isolation_level=None, factory=kind)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = OFF")
    for number in ACCOUNTS:
        accounts.ensure(connection, f"account {number}", 0)
    return connection


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A play that is told of by this player cannot be kept, and nobody writes hundreds of tracebacks about it."""
    real = sittings.keep

    def poisoned(connection: sqlite3.Connection, outcome: Outcome, at: int, *, due_at: int = 0) -> Outcome:
        done = real(connection, outcome, at, due_at=due_at)
        if outcome.play.player_name == POISON:
            raise ZeroDivisionError
        return done

    monkeypatch.setattr(sittings, "keep", poisoned)
    with capture_logs():
        yield


def run(connection: sqlite3.Connection, works: list[Work[object]]) -> object:
    """What the works came to, or the error for which nothing was committed."""
    good, outcomes = _tried(_transaction, works, connection)
    connection.execute("PRAGMA max_page_count = 1073741823")
    return [(good, _comparable(result)) for good, result in outcomes] if good else _comparable(outcomes)


def _comparable(result: object) -> object:
    if isinstance(result, Exception):
        return f"{type(result).__name__}: {result}"
    return [_comparable(one) for one in result] if isinstance(result, list) else result


def tables(connection: sqlite3.Connection) -> Iterator[list[tuple[object, ...]]]:
    for name in _TABLES:
        yield connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608 - the names above
    yield connection.execute("SELECT * FROM sqlite_sequence ORDER BY 1").fetchall()


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("other", [Emptied, sqlite3.Connection], ids=["emptied before each transaction", "without any"])
def test_with_and_without_memory_the_same_works_leave_equal_databases(
    tmp_path: Path, seed: int, other: type[sqlite3.Connection]
) -> None:
    with closing(a_store(tmp_path / "kept.db", Writer)) as kept, closing(a_store(tmp_path / "fresh.db", other)) as fresh:
        pairs = zip(*(Works(random.Random(seed)).transactions(80) for _ in range(2)), strict=True)
        for number, (one, same) in enumerate(pairs):
            assert run(kept, one) == run(fresh, same), number
            assert list(tables(kept)) == list(tables(fresh)), number


@pytest.mark.usefixtures("poison")
def test_the_works_are_of_all_kinds_and_what_is_kept_is_used(tmp_path: Path) -> None:
    seen, asked = Counter[str](), Counter[str]()
    for kind in (Writer, sqlite3.Connection):
        with closing(a_store(tmp_path / f"{kind.__name__}.db", kind)) as connection:
            connection.set_trace_callback(lambda sql, name=kind.__name__: asked.update({name: "SELECT" in sql}))  # type: ignore[misc]
            for works in Works(random.Random(0)).transactions(200):
                outcomes = run(connection, works)
                seen["nothing"] += isinstance(outcomes, str)
                for good, result in outcomes if isinstance(outcomes, list) else ():
                    seen["failed"] += not good
                    for one in result if isinstance(result, list) else ():
                        seen[one.receipt.fate if isinstance(one, Taken) else "unstorable"] += 1
    assert min(seen[kind] for kind in ("nothing", "failed", "accepted", "duplicate", "internal", "ignored", "unstorable")) > 2
    assert asked["Writer"] < 0.9 * asked["Connection"]
