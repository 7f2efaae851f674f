"""Imports: what becomes a play, what is one already, and what is left alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.sources.imports.zips import ALIEN, HEAT, a_zip, episode_play, export, movie_play
from tests.store.given import HEAT as HEAT_HERE
from tests.store.given import a_play
from watchd.clock import DAY, MINUTE, ManualClock, parse_iso
from watchd.model.library import LibraryRow, Section
from watchd.model.playback import Origin, PlayState
from watchd.services.jobs import Jobs
from watchd.services.receiving import NoAccount, Receiving
from watchd.store import accounts, history, library, outbox, plays, removals
from watchd.store.database import Database

ME = 1


def names_in(directory: Path) -> set[str]:
    return {entry.name for entry in directory.iterdir()}


class Desk:
    """A database and what takes imports into it."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.changed: list[int] = []
        self.receiving = Receiving(database, clock, {"me": ME}, Jobs(), changed=self.changed.append)

    async def take(self, path: Path, *, dry_run: bool = False) -> dict[str, int]:
        told: Any = await self.receiving.take(path, path.name, None, dry_run=dry_run)
        self.files: dict[str, Any] = {one["file"]: one for one in told["files"]}
        sums = {name: sum(one[name] for one in told["files"]) for name in ("new", "known")}
        return {**sums, "skipped": sum(sum(one["skipped"].values()) for one in told["files"])}

    async def shown(self, section: str) -> list[str]:
        return await self.database.read(lambda connection: library.bodies(connection, ME, section))

    async def rows(self) -> list[Any]:
        found = await self.database.read(lambda connection: history.viewings(connection, ME))
        return [(row.trakt_id, row.watched_at, row.action) for row in found]


@pytest.fixture
async def desk(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Desk]:
    async with Database.opened(tmp_path / "watchd.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        yield Desk(database, clock)


async def test_an_export_becomes_history_once_and_owes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = a_zip(tmp_path / "x.zip", export())
    first = await desk.take(path)
    rows = await desk.rows()
    assert len(rows) == 8
    assert {row[0] for row in rows} == {14_081_679_492, 11, 12, 13, 14, 15, 16, 17}
    assert {row[2] for row in rows} == {"scrobble", "checkin", "watch"}
    assert sum(row[1] == 0 for row in rows) == 2
    assert desk.files["watched-history-10.json"]["known"] == 1
    assert first["skipped"] == 3
    again = await desk.take(path)
    assert again["new"] == 0
    assert again["known"] == first["new"] + first["known"]
    assert await desk.rows() == rows
    assert await desk.database.read(lambda connection: outbox.listed(connection, None, 10)) == []
    assert desk.changed == [ME, ME]


async def test_a_rehearsal_tells_the_same_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = a_zip(tmp_path / "x.zip", export())
    told = await desk.take(path, dry_run=True)
    assert await desk.rows() == []
    assert desk.changed == []
    assert await desk.take(path) == told
    assert (await desk.take(path, dry_run=True))["new"] == 0
    assert names_in(tmp_path) <= {"watchd.db", "watchd.db-wal", "watchd.db-shm", "x.zip"}


async def test_a_local_play_and_its_row_at_trakt_are_one(desk: Desk, tmp_path: Path) -> None:
    at = parse_iso("2026-01-02T20:15:00.000Z")
    local = await desk.database.write(
        lambda connection: a_play(connection, HEAT_HERE, state=PlayState.STOPPED, watched_at=at + MINUTE, ended_at=at)
    )
    rows = [
        movie_play(5, "2026-01-02T20:15:00.000Z"),
        movie_play(6, "2026-01-02T20:16:00.000Z"),
        movie_play(7, "2026-01-02T20:30:00.000Z"),
    ]
    told = await desk.take(a_zip(tmp_path / "x.zip", {"watched-history": rows}))
    assert told == {"new": 1, "known": 2, "skipped": 0}
    kept = await desk.database.read(lambda connection: plays.get(connection, local.id))
    assert kept is not None
    assert (kept.trakt_history_id, kept.origin) == (5, Origin.HOOK)
    assert len(await desk.rows()) == 2


async def test_rows_without_ids_are_matched_one_to_one(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("title,year,watched_at\n" + "".join(f"Heat,1995,2020-01-01T10:0{n}:00Z\n" for n in (0, 1, 1, 5)))
    assert await desk.take(path) == {"new": 3, "known": 1, "skipped": 0}
    assert await desk.take(path) == {"new": 0, "known": 4, "skipped": 0}
    assert {row[2] for row in await desk.rows()} == {"watch"}


async def test_a_day_alone_is_the_viewing_of_that_day_that_is_known(desk: Desk, tmp_path: Path) -> None:
    """A diary knows no hours: beside a history that does it would double every viewing."""
    known = [("2018-01-02T05:10:00.000Z", ALIEN), ("2018-03-09T20:00:00.000Z", ALIEN), ("2018-01-01T23:00:00.000Z", HEAT)]
    rows = [movie_play(number, at, movie) for number, (at, movie) in enumerate(known, 1)]
    assert (await desk.take(a_zip(tmp_path / "x.zip", {"watched-history": rows})))["new"] == 3
    path = tmp_path / "diary.csv"
    path.write_text(
        "title,year,watched_at\nAlien,1979,2018-01-01\nAlien,1979,2018-03-11\nHeat,1995,2018-01-01\nHeat,1995,2018-01-01\n"
    )
    for new in (2, 0):
        assert await desk.take(path) == {"new": new, "known": 4 - new, "skipped": 0}
    assert len(await desk.rows()) == 5


async def test_a_table_and_an_export_of_the_same_meet(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("imdb,watched_at\ntt0078748,2018-01-01T10:01:00Z\n")
    assert (await desk.take(path))["new"] == 1
    told = await desk.take(a_zip(tmp_path / "x.zip", {"watched-history": [movie_play(17, "2018-01-01T10:00:00.000Z", ALIEN)]}))
    assert told == {"new": 0, "known": 1, "skipped": 0}
    assert [row[0] for row in await desk.rows()] == [17]


async def test_a_movie_and_a_show_of_one_number_stay_two(desk: Desk, tmp_path: Path) -> None:
    rows = [movie_play(1, "2020-01-01T10:00:00.000Z", HEAT), episode_play(2, "2020-01-01T10:00:00.000Z", 1, 1)]
    assert (await desk.take(a_zip(tmp_path / "x.zip", {"watched-history": rows})))["new"] == 2


async def test_what_was_deleted_here_does_not_come_back(desk: Desk, tmp_path: Path) -> None:
    await desk.database.write(lambda connection: removals.entomb(connection, ME, 17, 0))
    told = await desk.take(a_zip(tmp_path / "x.zip", {"watched-history": [movie_play(17, "2018-01-01T10:00:00.000Z")]}))
    assert told == {"new": 0, "known": 0, "skipped": 1}


async def test_sections_are_filled_only_where_none_was_synced(desk: Desk, tmp_path: Path) -> None:
    def synced(connection: Any) -> None:
        library.append(connection, ME, "watchlist", 1, 0, [LibraryRow("movie", '{"mine":1}')])
        library.keep(connection, ME, Section("watchlist", 1, 1, "2026-01-01T00:00:00.000Z", DAY))

    await desk.database.write(synced)
    await desk.take(a_zip(tmp_path / "x.zip", export()))

    def bodies(name: str) -> Any:
        return desk.database.read(lambda connection: [json.loads(body) for body in library.bodies(connection, ME, name)])

    assert await bodies("watchlist") == [{"mine": 1}]
    assert [row["rating"] for row in await bodies("ratings")] == [9, 8]
    assert [row["movie"]["title"] for row in await bodies("list:77")] == ["Heat", "Alien"]
    assert await bodies("profile") == [{"username": "me", "ids": {"slug": "me"}}]
    assert await bodies("settings") == []
    assert desk.files["lists-watchlist.json"]["note"] == "synced from Trakt: left as it is"


async def test_an_import_that_was_cut_off_leaves_nothing_in_the_next_one(desk: Desk, tmp_path: Path) -> None:
    def half(connection: Any) -> None:
        library.append(connection, ME, "watchlist", 1000, 0, [LibraryRow("movie", f'{{"old":{n}}}') for n in range(500)])

    await desk.database.write(half)
    await desk.take(a_zip(tmp_path / "x.zip", export()))
    assert len(await desk.database.read(lambda connection: library.bodies(connection, ME, "watchlist"))) == 1
    assert await desk.database.read(lambda connection: connection.execute("SELECT count(*) FROM library").fetchone()[0]) == 7


async def test_writes_of_others_do_not_queue_behind_an_import(desk: Desk, tmp_path: Path) -> None:
    rows = [
        movie_play(n, "2020-01-01T10:00:00.000Z", {"title": f"Film {n}", "year": 2000, "ids": {"trakt": n}})
        for n in range(1, 2001)
    ]
    path = a_zip(tmp_path / "x.zip", {f"watched-history-{page}": rows[page * 250 - 250 : page * 250] for page in range(1, 9)})
    importing = asyncio.create_task(desk.take(path))
    turns = 0
    while not importing.done():
        await desk.database.write(accounts.touch)
        turns += 1
    assert (await importing)["new"] == 2000
    assert turns > 25


async def test_an_unknown_account_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NoAccount, match="there are: me"):
        await desk.receiving.take(a_zip(tmp_path / "x.zip", export()), "x.zip", "nobody", dry_run=True)


async def test_half_a_letter_in_one_row_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    odd = {**HEAT, "title": "He\ud800at"}
    rated = {"rated_at": "2020-01-01T10:00:00.000Z", "rating": 8, "type": "movie", "movie": odd}
    members = {
        "watched-history": [movie_play(5, "2020-01-01T10:00:00.000Z", odd)],
        "ratings-movies": [rated],
        "user-profile": {"username": "\udfff"},
        "lists-lists": [{"name": "\ud800", "ids": {"trakt": 5}}],
        "_errors": [{"endpoint": "\ud800"}],
    }
    raw = {name: json.dumps(value).encode() for name, value in members.items()}
    assert await desk.take(a_zip(tmp_path / "x.zip", raw)) == {"new": 4, "known": 0, "skipped": 0}
    assert json.dumps(desk.files, ensure_ascii=False).encode()
    (kept,) = await desk.database.read(lambda connection: library.bodies(connection, ME, "ratings"))
    assert json.loads(kept)["movie"]["title"] == "He?at"


async def test_a_manifest_that_was_tampered_with_is_refused_and_the_rest_is_taken(desk: Desk, tmp_path: Path) -> None:
    for told in ({"removed": [2**70]}, {"sections": [{"name": 5}]}, {"sections": [{"name": "x", "activity": []}]}):
        manifest = {"format": "watchd-export", "version": 1, **told}
        assert (await desk.take(a_zip(tmp_path / "x.zip", {"watchd": manifest, "watchd-plays": []})))["skipped"] == 1


async def test_moments_and_numbers_that_no_answer_could_tell_are_left_out(desk: Desk, tmp_path: Path) -> None:
    media = {"type": "movie", "title": "Heat"}
    good = {
        "id": 1,
        "watched_at": 5,
        "started_at": 5,
        "updated_at": 5,
        "origin": "hook",
        "source": "plex",
        "player": "",
        "media": media,
    }
    rows = [good, *({**good, "id": 2, name: value} for name in ("watched_at", "ended_at") for value in (2**60, -1))]
    manifest = {"format": "watchd-export", "version": 1}
    endless = b'[{"rating": 1e999}]'
    members = {"watchd": manifest, "watchd-plays": rows, "watchd-ratings": endless}
    assert await desk.take(a_zip(tmp_path / "x.zip", members)) == {"new": 1, "known": 0, "skipped": 5}


async def test_of_two_ratings_of_a_title_the_latest_is_shown(desk: Desk, tmp_path: Path) -> None:
    rated = {"type": "movie", "movie": HEAT}
    rows = [
        {**rated, "rating": 9, "rated_at": "2021-01-01T10:00:00.000Z"},
        {**rated, "rating": 8, "rated_at": "2020-01-01T10:00:00.000Z"},
    ]
    path = a_zip(tmp_path / "x.zip", {"ratings-movies": rows})
    assert await desk.take(path) == {"new": 1, "known": 0, "skipped": 1}
    (kept,) = await desk.database.read(lambda connection: library.bodies(connection, ME, "ratings"))
    assert json.loads(kept)["rating"] == 9
    assert await desk.take(path) == {"new": 0, "known": 1, "skipped": 1}


async def test_a_torn_page_does_not_take_away_what_is_known(desk: Desk, tmp_path: Path) -> None:
    rows = export()["lists-watchlist"] * 3
    await desk.take(a_zip(tmp_path / "x.zip", {"lists-watchlist-1": rows, "lists-watchlist-2": rows[:1]}))
    assert len(await desk.shown("watchlist")) == 4
    await desk.take(a_zip(tmp_path / "y.zip", {"lists-watchlist-1": b"[{", "lists-watchlist-2": rows[:1]}))
    assert len(await desk.shown("watchlist")) == 4
    assert desk.files["lists-watchlist-1.json"]["skipped"] == {"cannot be read": 1}
    await desk.take(a_zip(tmp_path / "z.zip", {"lists-watchlist": rows[:1]}))
    assert len(await desk.shown("watchlist")) == 1


async def test_one_file_of_several_that_make_a_section_leaves_what_the_others_brought(desk: Desk, tmp_path: Path) -> None:
    def rated(rating: int, at: str) -> list[Any]:
        return [{"type": "movie", "movie": ALIEN, "rating": rating, "rated_at": at}]

    files: dict[str, Any] = export()
    first, second = rated(3, "2020-01-01T10:00:00.000Z"), rated(7, "2021-01-01T10:00:00.000Z")
    given = {"ratings-episodes-1": files["ratings-episodes-1"], "ratings-movies-1": first, "ratings-movies-2": second}
    for _ in range(2):
        for name, rows in given.items():
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(rows))
            assert (await desk.take(path))["skipped"] == 0
        shown = [json.loads(body) for body in await desk.shown("ratings")]
        assert sorted((row["type"], row["rating"]) for row in shown) == [("episode", 9), ("movie", 7)]
    await desk.take(a_zip(tmp_path / "x.zip", {"ratings-movies": first}))
    assert [json.loads(body)["rating"] for body in await desk.shown("ratings")] == [3]
