"""Exported, wiped and imported: over HTTP the same questions have the same answers, byte for byte."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import anyio
import pytest

from tests.cli.served import run
from tests.sources.imports.zips import ALIEN, HEAT, WIRE, a_zip, episode_play, export
from watchd.app.wiring import opened
from watchd.clock import SystemClock
from watchd.rules.personal import USER
from watchd.settings import Listen, Settings

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
        "likes-comments": [{"liked_at": _AT, "type": "comment", "comment": comment}],
    }
    return a_zip(path, {**export(), **rest})


async def answers(url: str, token: str) -> dict[str, tuple[int, bytes]]:
    """Status and body of every address, without the moments at which something was read."""
    told = {}
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
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
