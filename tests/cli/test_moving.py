"""Exported, wiped and imported: over HTTP the same questions have the same answers, byte for byte."""

import asyncio
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pytest

from tests.cli.served import run
from tests.sources.imports.zips import ALIEN, HEAT, WIRE, a_zip, episode_play, export, hidden
from watchd.app.wiring import opened
from watchd.clock import SystemClock
from watchd.model.library import LibraryRow, Section
from watchd.rules.personal import USER
from watchd.services.exporting import write_zip
from watchd.settings import Listen, Settings
from watchd.store import accounts, library
from watchd.store.database import Database

_VOLATILE = re.compile(rb'"(?:last_updated|fetched_at)":(?:null|"[^"]*")')
_AT = "2020-01-01T10:00:00.000Z"
ADDRESSES = (
    "/api/trakt",
    *(f"/api/trakt/user/{name}" for name in USER),
    *(f"/api/trakt/user/{name}?type={kind}" for name in ("history", "watched", "watchlist") for kind in ("movies", "shows")),
    "/api/trakt/user/history?limit=3&page=2&sort=oldest",
    "/api/trakt/user/lists/halloween-2019",
    "/api/trakt/user/lists/77",
    "/api/trakt/search?q=wire",
    "/api/trakt/search?q=he&type=movies",
    "/user/watched.json/anything/me",
    "/user/watched.json/anything/the-watcher",
)


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "TRAKT_API_KEY", "TRAKT_USERNAME", "TMDB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def a_life(path: Path) -> Path:
    """Something for every address: the usual export and what that leaves out."""
    comment = {"id": 5, "comment": "Fine.", "spoiler": False, "created_at": _AT, "updated_at": _AT}
    rest = {
        "user-stats": {"movies": {"plays": 3}, "episodes": {"plays": 5}},
        "comments-movies": [{"type": "movie", "movie": HEAT, "comment": comment}],
        "collection-movies": [{"type": "movie", "collected_at": _AT, "movie": HEAT}],
        "collection-episodes": [{**episode_play(0, _AT, 1, 2), "collected_at": _AT}],
        "watched-playback": [{"id": 13, "progress": 25.0, "paused_at": _AT, "type": "movie", "movie": ALIEN}],
        "lists-favorites": [{"id": 9, "rank": 1, "listed_at": _AT, "type": "show", "show": WIRE}],
        "hidden-calendar": [hidden("show", WIRE)],
        "hidden-progress-watched": [
            hidden("show", WIRE),
            {**hidden("season", {"number": 2, "ids": {"trakt": 9}}), "show": WIRE},
        ],
        "notes-movies": [{"attached_to": {"type": "movie"}, "type": "movie", "movie": HEAT, "note": {"id": 3, "notes": "!"}}],
        "likes-comments": [{"liked_at": _AT, "type": "comment", "comment": comment}],
    }
    return a_zip(path, {**export(), **rest})


async def indexed(session: aiohttp.ClientSession, url: str) -> None:
    """Ask until everything can be found: what was watched, and what stands in the watchlist and the list."""
    for query, source in (("heat", b'"lists":[77]'), ("alien", b'"watchlist"')):
        async with asyncio.timeout(20):
            found = b""
            while source not in found or b'"complete":true' not in found:
                async with session.get(f"{url}/api/trakt/search?q={query}") as answer:
                    found = await answer.read()


async def answers(url: str, token: str) -> dict[str, tuple[int, bytes]]:
    """Status and body of every address, without the moments at which something was read."""
    told = {}
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        await indexed(session, url)
        for path in ADDRESSES:
            async with session.get(url + path) as answer:
                told[path] = (answer.status, _VOLATILE.sub(b"", await answer.read()))
    return told


async def served(state: Path) -> dict[str, tuple[int, bytes]]:
    """What a daemon on that state directory answers; it knows neither Trakt nor TMDB."""
    settings = Settings(state_dir=state, listen=Listen("127.0.0.1", 0))
    async with opened(settings, SystemClock()) as daemon, anyio.create_task_group() as tasks:
        up, urls = anyio.Event(), list[str]()

        def started(url: str) -> None:
            urls.append(url)
            up.set()

        tasks.start_soon(daemon.serve, started)
        await up.wait()
        told = await answers(urls[0], daemon.tokens["read"])
        tasks.cancel_scope.cancel()
    return told


async def commanded(*words: str) -> None:
    code, told = await asyncio.to_thread(run, *words)
    assert code == 0, told


async def test_everything_is_answered_the_same_after_export_wipe_and_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, kept = tmp_path / "old", tmp_path / "new", tmp_path / "kept.zip"
    monkeypatch.setenv("WATCHD_STATE_DIR", str(old))
    await commanded("import", str(a_life(tmp_path / "x.zip")))
    await commanded("plays", "add", "--movie", "Café Müller", "--year", "2001", "--at", "2021-05-05T20:00:00+02:00")
    await commanded("plays", "add", "--show", "The Wire", "--season", "2", "--episode", "1", "--tvdb", "79126", "--at", _AT)
    await commanded("plays", "delete", "1")
    with closing(sqlite3.connect(old / "watchd.db")) as connection, connection:
        # What a login has told; whether there is one is no part of an export, and the index says it.
        connection.execute("UPDATE accounts SET trakt_slug = 'the-watcher'")
    await commanded("export", str(kept))
    before = await served(old)
    assert {status for status, _ in before.values()} == {200}
    assert "Café".encode() in before["/api/trakt/user/history"][1]
    assert b'"username":"the-watcher"' in before["/api/trakt/user/history"][1]
    monkeypatch.setenv("WATCHD_STATE_DIR", str(new))
    await commanded("import", str(kept))
    after = await served(new)
    assert {path: told for path, told in after.items() if told != before[path]} == {}
    await commanded("export", "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == kept.read_bytes()


BASES = {
    "user-profile", "user-stats",
    *(f"hidden-{name}" for name in ("calendar", "progress-watched", "progress-watched-reset", "progress-collected")),
    "hidden-recommendations", "likes-comments", "likes-lists",
    *(f"comments-{kind}" for kind in ("movies", "shows", "seasons", "episodes", "lists")),
    *(f"notes-{kind}" for kind in ("movies", "shows", "seasons", "episodes", "people", "activities", "collection_items")),
    "notes-ratings", *(f"ratings-{kind}" for kind in ("movies", "shows", "seasons", "episodes")),
    "watched-movies", "watched-shows", "watched-history-1", "watched-playback",
    "collection-movies", "collection-shows", "collection-episodes",
    "lists-watchlist", "lists-favorites", "lists-lists", "lists-list-77-halloween-2019",
}  # fmt: skip
"""The names of Trakt's own files; not those of other people and of settings."""


async def test_what_is_exported_has_every_file_of_trakts_and_can_be_taken_over_from_those_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "old"))
    await commanded("import", str(a_life(tmp_path / "x.zip")))
    await commanded("export", "kept.zip")
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        files = {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}
    theirs = {name: value for name, value in files.items() if not name.startswith("watchd")}
    assert theirs.keys() == BASES
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "new"))
    await commanded("import", str(a_zip(tmp_path / "theirs.zip", theirs)))
    await commanded("export", "again.zip")
    with zipfile.ZipFile(tmp_path / "again.zip") as archive:
        again = {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}
    for told in (theirs, again):  # those of one moment stand as they came
        told["watched-history-1"].sort(key=lambda row: row["id"])
    assert {name for name in BASES if again[name] != theirs[name]} == set()
    _judge(theirs)


def _judge(files: dict[str, Any]) -> None:
    """What Trakt's files say of each other holds here too."""
    plays = files["watched-history-1"]
    kinds = [row["type"] for row in plays]
    assert [files["user-stats"][f"{kind}s"]["plays"] for kind in ("movie", "episode")] == [
        kinds.count("movie"),
        kinds.count("episode"),
    ]
    assert sum(row["plays"] for row in files["watched-movies"]) == kinds.count("movie")
    [show] = files["watched-shows"]
    assert (show["plays"], show["show"]["ids"]["slug"], show["reset_at"]) == (kinds.count("episode"), "the-wire", None)
    assert show.keys() == {"plays", "last_watched_at", "last_updated_at", "reset_at", "show"}
    [collected] = files["collection-shows"]
    assert collected["seasons"] == [{"number": 1, "episodes": [{"number": 2, "collected_at": _AT, "metadata": None}]}]
    assert [row["type"] for row in files["hidden-progress-watched"]] == ["show", "season"]
    assert files["notes-movies"][0]["note"]["notes"] == "!"


async def test_a_dropped_show_is_told_where_trakt_tells_it_and_once(tmp_path: Path) -> None:
    async with Database.opened(tmp_path / "watchd.db") as database:

        def fill(connection: sqlite3.Connection) -> None:
            accounts.ensure(connection, accounts.ME, 0)
            shows: list[tuple[str, dict[str, Any]]] = [
                ("progress_watched", WIRE),
                ("dropped", WIRE),
                ("dropped", {"title": "Lost", "ids": {"trakt": 73}}),
            ]
            rows = [LibraryRow(kind, json.dumps(hidden("show", show))) for kind, show in shows]
            library.append(connection, 1, "hidden", 1, 0, rows)
            library.keep(connection, 1, Section("hidden", 1, 3, "x", 0))

        await database.write(fill)
    target = io.BytesIO()
    with closing(sqlite3.connect(tmp_path / "watchd.db", isolation_level=None)) as connection:
        write_zip(connection, 1, target)
    with zipfile.ZipFile(target) as archive:
        told = json.loads(archive.read("hidden-progress-watched.json"))
    assert [row["show"]["title"] for row in told] == ["The Wire", "Lost"]
