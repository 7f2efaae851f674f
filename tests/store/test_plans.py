"""The schema, and that what is asked for all the time is found by an index when there are a hundred thousand plays."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.crowd import PLAYS
from tests.store.given import HEAT, NOW, a_repeat, an_episode, an_event
from watchd.model.media import MediaIds, Show
from watchd.model.relay import DeliveryState, Verb
from watchd.store import accounts, aired, deliveries, events, medias, outbox, pictures, plays, search, titles
from watchd.store.database import Work
from watchd.store.migrate import inspect, migrations

EPISODE = an_episode(3, 4, show=Show(title="Show 5", ids=MediaIds(tmdb=5)), ids=MediaIds(trakt=534, tvdb=534))


def join(connection: sqlite3.Connection) -> None:
    deliveries.settle(connection, 7, DeliveryState.SUPERSEDED, NOW)
    deliveries.move(connection, 7, 8)
    plays.move_events(connection, 7, 8)


def merge(connection: sqlite3.Connection) -> None:
    plays.move_media(connection, 7, 8)
    medias.forget(connection, 7)


HOT: dict[str, Work[object]] = {
    "open plays of one": lambda connection: plays.open_plays(connection, 1),
    "open plays of all": plays.open_plays,
    "plays of a media": lambda connection: plays.of_media(connection, 7),
    "a play": lambda connection: plays.get(connection, 7),
    "the history": lambda connection: plays.watched(connection, 1, 10),
    "who claimed a row": lambda connection: plays.claimant(connection, 1, 500),
    "the clock jumped": lambda connection: plays.shift_open(connection, 5),
    "a repeat": lambda connection: events.earlier(connection, an_event(), a_repeat("key 6"), 10_000),
    "an exact repeat": lambda connection: events.earlier(connection, an_event(), a_repeat("key 7", exact=True), 10_000),
    "pruning events": lambda connection: events.prune(connection, keep=19_990),
    "media by ids, show and title": lambda connection: medias.resolve(connection, 1, EPISODE),
    "a movie by ids and title": lambda connection: medias.known(connection, 1, HEAT),
    "due deliveries": lambda connection: deliveries.due(connection, 1, NOW),
    "when the next is due": lambda connection: deliveries.next_due(connection, 1),
    "the newest sent": lambda connection: deliveries.newest_sent(connection, 1),
    "the backlog": lambda connection: outbox.backlog(connection, [1, 2]),
    "news for the index": lambda connection: titles.news(connection, 8),
    "a media for the index": lambda connection: titles.watched(connection, 7),
    "whether the index is whole": lambda connection: search.standing(connection, 1),
    "a picture somebody might have": lambda connection: pictures.is_played(connection, ("show", 5)),
    "what is due of pictures": lambda connection: pictures.due(connection, NOW, 8),
    "what is due of shows": lambda connection: aired.due(connection, NOW, 8),
    "the episodes of a show": lambda connection: aired.parts(connection, 5),
    "the episodes that come": lambda connection: aired.coming(connection, [5], NOW, NOW + 1),
    "what is unclaimed": lambda connection: deliveries.unclaimed(connection, 1, 0, NOW),
    "deliveries of a play": lambda connection: deliveries.of_play(connection, 7),
    "whether it was started there": lambda connection: deliveries.started_there(connection, 7),
    "owing": lambda connection: deliveries.owe(connection, 1, 7, Verb.START, NOW, 1.0),
    "releasing": lambda connection: deliveries.release(connection, 1, NOW),
    "joining two plays": join,
    "removing a play": lambda connection: plays.remove(connection, 7),
    "merging two media": merge,
    "an account": lambda connection: accounts.get(connection, 1),
}


@pytest.fixture
def many(crowded: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(crowded, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    yield connection
    connection.set_trace_callback(None)
    connection.execute("ROLLBACK")
    connection.close()


def plan(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], object]) -> list[str]:
    """How SQLite goes about the statements of `work`, one line a step."""
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    work(connection)
    connection.set_trace_callback(None)
    statements = [sql for sql in asked if not sql.startswith("--")]
    assert statements
    return [row[3] for sql in statements for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize("work", HOT.values(), ids=HOT.keys())
def test_what_is_hot_goes_by_an_index(many: sqlite3.Connection, work: Work[object]) -> None:
    steps = plan(many, work)
    names = "p|d|m|h|i|e|s|plays|events|deliveries|media|handles|accounts|aired_shows|aired_episodes"
    tables = rf"SCAN (?:[a-z]+\.)?({names})\b(?! USING (?:COVERING )?INDEX)"
    assert [step for step in steps if re.match(tables, step)] == []


@pytest.mark.parametrize("work", HOT.values(), ids=HOT.keys())
def test_what_is_hot_is_quick(many: sqlite3.Connection, work: Work[object]) -> None:
    """A thousandth of a second would do; a walk through a hundred thousand rows takes a hundred times as many steps."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    many.set_progress_handler(step, 1000)
    work(many)
    many.set_progress_handler(None, 0)
    assert steps < PLAYS // 1000


def test_the_store_is_crowded(many: sqlite3.Connection) -> None:
    assert many.execute("SELECT count(*) FROM plays").fetchone() == (PLAYS,)


def test_looking_the_file_over_at_the_start_is_quick(crowded: Path) -> None:
    began = time.thread_time()
    newest = len(migrations())
    assert inspect(crowded, newest) == newest
    assert time.thread_time() - began < 2.0, "it takes about a tenth of a second of the processor's"


def tables(store: sqlite3.Connection) -> dict[str, bool]:
    """All tables of ours, and whether they are strict."""
    rows = store.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'")
    return {name: bool(strict) for name, strict in rows}


def test_every_table_is_strict(store: sqlite3.Connection) -> None:
    assert len(tables(store)) >= 9
    ours = {name: strict for name, strict in tables(store).items() if not name.startswith("title_pieces")}  # FTS5's own
    assert [name for name, strict in ours.items() if not strict] == []


def test_every_row_has_its_account(store: sqlite3.Connection) -> None:
    """But for tokens: those of the household are for all of it; for what is TMDB's; and for the index as a whole."""
    of_tmdb = {"pictures", "aired_shows", "aired_episodes"}
    of_nobody = {"accounts", "title_version", *of_tmdb} | {name for name in tables(store) if name.startswith("title_piece")}
    for name in tables(store).keys() - of_nobody:
        columns = {row[1]: row for row in store.execute(f"PRAGMA table_info({name})")}
        required = columns["account_id"][3] or columns["account_id"][5]
        assert required or name == "api_tokens", name
        references = [(row[2], row[3]) for row in store.execute(f"PRAGMA foreign_key_list({name})")]
        assert ("accounts", "account_id") in references, name
