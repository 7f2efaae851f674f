"""An export of Trakt's is imported first, and the login comes afterwards: nothing is there twice, nothing is told back."""

from pathlib import Path
from typing import Any

import aiohttp

from tests.services.home import Home, a_home
from tests.services.library_at_home import history, query, section, shown, sync_of, synced
from tests.sources.imports.zips import a_zip
from watchd.standins.much import fill_library


async def rows_of(home: Home, path: str) -> list[dict[str, Any]]:
    """All rows as Trakt itself gives them, which is what its export holds."""
    headers = {
        "trakt-api-version": "2",
        "trakt-api-key": home.trakt.client_id,
        "User-Agent": "test",
        "Content-Type": "application/json",
    }
    found: list[dict[str, Any]] = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for page in range(1, 50):
            async with session.get(f"{home.trakt.url}{path}?limit=100&page={page}") as answer:
                some = await answer.json()
            found += some
            if len(some) < 100:
                break
    return found


async def test_what_was_imported_meets_what_is_synced_after_the_login(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        fill_library(home.trakt, plays=300, shows=10, items=40)
        members = {
            "watched-history": await rows_of(home, "/users/watcher/history"),
            "lists-watchlist": await rows_of(home, "/users/watcher/watchlist"),
            "ratings-movies": await rows_of(home, "/users/watcher/ratings/movies"),
        }
        assert all(members.values())
        file = a_zip(tmp_path / "x.zip", members)
        receiving = home.daemon.desk.ports.receiving
        told: Any = await receiving.take(file, file.name, None, dry_run=False)
        assert {name: one["new"] for one in told["files"] if (name := one["file"].split(".")[0]) in members} == {
            name: len(rows) for name, rows in members.items()
        }
        before = await query(home, "SELECT id, trakt_history_id, watched_at FROM plays ORDER BY id")
        await home.log_in()
        await synced(home, full=True)
        await home.relay_all()
        assert await query(home, "SELECT id, trakt_history_id, watched_at FROM plays ORDER BY id") == before
        assert len(await history(home)) == home.trakt.history_count() == len(members["watched-history"])
        assert sync_of(home).facts()["mismatch"] == {}
        assert len(await shown(home, "watchlist")) == len(members["lists-watchlist"])
        watchlist = await section(home, "watchlist")
        assert watchlist is not None
        assert watchlist.activity != "import"
        assert [seen.path for seen in home.trakt.requests if seen.method == "POST" and "/oauth/" not in seen.path] == []
        again: Any = await receiving.take(file, file.name, None, dry_run=False)
        assert sum(one["new"] for one in again["files"]) == 0
