"""Exports: the same data gives the same bytes, and what is imported from them is what was exported."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sources.imports.zips import a_zip, export
from tests.store.given import HEAT, NOW, a_play, an_episode
from watchd.clock import DAY, HOUR, ManualClock
from watchd.model.library import LibraryRow, Section
from watchd.model.media import MediaIds
from watchd.model.playback import Origin, PlayState
from watchd.services.exporting import write_csv, write_zip
from watchd.services.jobs import Jobs
from watchd.services.receiving import Receiving
from watchd.store import accounts, library, ratings, removals
from watchd.store.database import Database

ME = 1
_TABLES = {
    "plays": "SELECT id, origin, source, player, player_name, started_at, updated_at, watched_at, ended_at, progress, runtime, "
    "trakt_history_id, action FROM plays WHERE watched_at IS NOT NULL AND gone_at IS NULL ORDER BY id",
    "media": "SELECT p.id, m.type, m.title, m.year, m.episode_title, m.season, m.number, m.number_abs, m.runtime, m.ids, "
    "m.show_ids FROM plays p JOIN media m ON m.id = p.media_id WHERE p.watched_at IS NOT NULL AND p.gone_at IS NULL "
    "ORDER BY p.id",
    "ties": "SELECT p.id FROM plays p WHERE p.watched_at IS NOT NULL AND p.gone_at IS NULL ORDER BY p.media_id, p.id",
    "library": "SELECT l.section, l.position, l.type, l.trakt_id, l.tmdb_id, l.title, l.year, l.body FROM library l "
    "JOIN sections s ON s.account_id = l.account_id AND s.name = l.section AND s.generation = l.generation ORDER BY 1, 2",
    "sections": "SELECT name, rows, activity, synced_at FROM sections ORDER BY name",
    "ratings": "SELECT rating, rated_at, source, due_at FROM ratings ORDER BY rated_at",
    "removals": "SELECT history_id FROM removals WHERE history_id IS NOT NULL ORDER BY 1",
}


@contextmanager
def looked(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        yield connection


def content(path: Path) -> dict[str, list[Any]]:
    with looked(path) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in _TABLES.items()}


def exported(path: Path) -> bytes:
    target = io.BytesIO()
    with looked(path) as connection:
        write_zip(connection, ME, target)
    return target.getvalue()


def fill(connection: sqlite3.Connection) -> None:
    """A life: plays of every origin, one that never counted, one that is gone, ratings, sections, a deleted play."""
    wire = an_episode(1, 2, title="The Detail", ids=MediaIds(tvdb=305, anidb=7), runtime=3_540.0)
    ended = {"state": PlayState.STOPPED, "progress": 97.5, "runtime": 10_200.0, "player_name": "Den"}
    a_play(connection, HEAT, watched_at=NOW + 1, ended_at=NOW + HOUR, trakt_history_id=14_081_679_492, **ended)
    a_play(connection, an_episode(0, 1), watched_at=0, ended_at=0, origin=Origin.TRAKT, trakt_history_id=7, **ended)
    a_play(connection, wire, watched_at=NOW - DAY, ended_at=NOW - DAY, origin=Origin.CHECKIN, **ended)
    a_play(connection, HEAT, watched_at=NOW + 61_234, ended_at=NOW + HOUR, origin=Origin.MARK, **ended)
    a_play(connection, HEAT, watched_at=NOW + 61_300, ended_at=NOW + HOUR, **ended)
    gone = a_play(connection, HEAT, watched_at=NOW - 3 * DAY, origin=Origin.TRAKT, trakt_history_id=9, **ended)
    connection.execute("UPDATE plays SET gone_at = ? WHERE id = ?", (NOW, gone.id))
    connection.execute("UPDATE plays SET action = 'watch' WHERE trakt_history_id = 7")
    rated = a_play(connection, wire)
    ratings.keep(connection, ME, rated.media_id, 7.5, NOW, "plex", NOW)
    body = '{"listed_at":"2020-01-01T00:00:00.000Z","type":"movie","movie":{"title":"WALL·E","ids":{"trakt":3}}}'
    for name, rows in {"watchlist": 600, "list:12": 1, "followers": 2, "stats": 1, "lists": 1}.items():
        text = '{"name":"L","ids":{"trakt":12,"slug":"halloween-2019"}}' if name == "lists" else body
        library.append(connection, ME, name, 4, 0, [LibraryRow("movie", text, 12, 3, "WALL·E", 2008)] * rows)
        library.keep(connection, ME, Section(name, 4, rows, "2026-01-01T00:00:00.000Z", NOW - DAY))
    library.keep(connection, ME, Section("comments", 1, 0, None, NOW))
    removals.entomb(connection, ME, 4711, NOW)


async def lived(path: Path) -> None:
    async with Database.opened(path) as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        await database.write(fill)


async def imported(path: Path, file: Path, clock: ManualClock) -> list[Any]:
    async with Database.opened(path) as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        told: Any = await Receiving(database, clock, {"me": ME}, Jobs(), changed=lambda _: None).take(
            file, "x", None, dry_run=False
        )
        return list(told["files"])


async def test_exported_wiped_and_imported_everything_is_as_it_was(tmp_path: Path, clock: ManualClock) -> None:
    await lived(tmp_path / "old.db")
    file = tmp_path / "export.zip"
    file.write_bytes(exported(tmp_path / "old.db"))
    await imported(tmp_path / "new.db", file, clock)
    old, new = content(tmp_path / "old.db"), content(tmp_path / "new.db")
    old["ratings"] = [(*row[:3], None) for row in old["ratings"]]
    assert len(old["plays"]) == 5
    assert new == old
    assert exported(tmp_path / "new.db") == file.read_bytes()
    files = await imported(tmp_path / "new.db", file, clock)
    assert sum(one["new"] for one in files) == 0
    assert content(tmp_path / "new.db") == old


async def test_into_an_account_that_has_it_all_nothing_is_added(tmp_path: Path, clock: ManualClock) -> None:
    await lived(tmp_path / "old.db")
    file = tmp_path / "export.zip"
    file.write_bytes(exported(tmp_path / "old.db"))
    before = content(tmp_path / "old.db")
    await imported(tmp_path / "old.db", file, clock)
    assert content(tmp_path / "old.db") == before


async def test_the_next_play_gets_a_number_above_all_that_came(tmp_path: Path, clock: ManualClock) -> None:
    await lived(tmp_path / "old.db")
    file = tmp_path / "export.zip"
    file.write_bytes(exported(tmp_path / "old.db"))
    await imported(tmp_path / "new.db", file, clock)
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as connection:
        assert a_play(connection, an_episode(3, 3)).id == 6


async def test_other_programs_find_it_in_the_shape_of_trakt(tmp_path: Path) -> None:
    await lived(tmp_path / "old.db")
    with zipfile.ZipFile(io.BytesIO(exported(tmp_path / "old.db"))) as archive:
        names = archive.namelist()
        history = json.loads(archive.read("watched-history-1.json"))
        assert len(json.loads(archive.read("lists-watchlist-3.json"))) == 100
        assert archive.testzip() is None
    assert {"lists-list-12-halloween-2019.json", "ratings-episodes.json", "user-stats.json", "lists-lists.json"} <= set(names)
    assert [row["watched_at"] for row in history] == sorted((row["watched_at"] for row in history), reverse=True)
    assert history[-1]["watched_at"] == "1970-01-01T00:00:00.000Z"
    assert len({row["id"] for row in history}) == 5
    assert all(row["id"] < 2**53 for row in history)
    assert {row["type"] for row in history} == {"movie", "episode"}


async def test_a_zip_of_trakt_comes_back_as_the_same_rows(tmp_path: Path, clock: ManualClock) -> None:
    await imported(tmp_path / "one.db", a_zip(tmp_path / "x.zip", export()), clock)
    with zipfile.ZipFile(io.BytesIO(exported(tmp_path / "one.db"))) as archive:
        keep = {name: archive.read(name) for name in archive.namelist() if not name.startswith("watchd")}
    await imported(tmp_path / "two.db", a_zip(tmp_path / "y.zip", keep), clock)
    one, two = content(tmp_path / "one.db"), content(tmp_path / "two.db")
    assert [row[11] for row in two["plays"]] == sorted(
        (row[11] for row in one["plays"]), key=[row[11] for row in two["plays"]].index
    )
    assert {row[7] for row in two["library"] if row[0] != "stats"} == {row[7] for row in one["library"]}


async def test_a_table_is_read_back_by_import(tmp_path: Path, clock: ManualClock) -> None:
    await lived(tmp_path / "old.db")
    with looked(tmp_path / "old.db") as connection, (tmp_path / "t.csv").open("wb") as file:
        assert write_csv(connection, ME, file) == 5
    files = await imported(tmp_path / "new.db", tmp_path / "t.csv", clock)
    assert files[0]["new"] + files[0]["known"] == 5
    new = content(tmp_path / "new.db")["plays"]
    assert {row[11] for row in new} >= {14_081_679_492, 7}
    assert (await imported(tmp_path / "old.db", tmp_path / "t.csv", clock))[0]["new"] == 0


@pytest.mark.parametrize("title", ["=1+1", "-x", "@a", "Heat"])
async def test_titles_are_never_formulas(tmp_path: Path, title: str) -> None:
    async with Database.opened(tmp_path / "a.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        movie = HEAT.__class__(title=title, ids=MediaIds(tmdb=5))
        await database.write(lambda connection: a_play(connection, movie, watched_at=NOW, state=PlayState.STOPPED))
    target = io.BytesIO()
    with looked(tmp_path / "a.db") as connection:
        write_csv(connection, ME, target)
    cell = target.getvalue().decode().splitlines()[1].split(",")[1]
    assert cell == (title if title == "Heat" else f"'{title}")


@pytest.mark.parametrize(
    "change, expected",
    [
        ("UPDATE accounts SET trakt_uuid = 'x', trakt_slug = 'somebody'", "somebody"),
        ("INSERT INTO accounts (name, trakt_slug, created_at) VALUES ('other', 'The-Watcher', 0)", None),
        ("SELECT 1", "the-watcher"),
    ],
    ids=["a login told another", "another account has it", "nothing is known"],
)
async def test_the_name_at_trakt_comes_along_where_none_is_known(
    tmp_path: Path, clock: ManualClock, change: str, expected: str | None
) -> None:
    manifest = {"format": "watchd-export", "version": 1, "slug": "the-watcher", "sections": [], "removed": []}
    file = a_zip(tmp_path / "x.zip", {"watchd": manifest})
    async with Database.opened(tmp_path / "new.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        await database.write(lambda connection: connection.execute(change).fetchall())
    await imported(tmp_path / "new.db", file, clock)
    with looked(tmp_path / "new.db") as connection:
        assert connection.execute("SELECT trakt_slug FROM accounts WHERE id = ?", (ME,)).fetchone()[0] == expected
