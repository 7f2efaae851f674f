"""A daemon with something in it, served, and schemathesis as a process of its own that compares it with its description."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import aiohttp

from tests.services.home import ME, Home, a_home
from watchd.model.library import LibraryRow, Section
from watchd.rules.personal import ENDPOINTS
from watchd.store import library
from watchd.web.server import make_app, serve

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
HEAT = {"title": "Heat", "year": 1995, "ids": {"trakt": 1, "slug": "heat-1995", "imdb": "tt0113277", "tmdb": 949}}
DARK = {"title": "Dark", "year": 2017, "ids": {"trakt": 2, "tvdb": 334824}}
_LIST = {"name": "To watch", "ids": {"trakt": 7, "slug": "to-watch"}, "updated_at": "2026-01-01T00:00:00.000Z"}


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, and the token that opens everything."""

    url: str
    admin: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passed`: nothing was found; `said`: what it printed."""

    passed: bool
    said: str


@asynccontextmanager
async def a_served_home(tmp_path: Path) -> AsyncIterator[Served]:
    """Some events, plays and deliveries, a running one, and a row in every section of the library."""
    async with a_home(tmp_path) as home, serve(make_app(home.daemon.ports), "127.0.0.1", 0) as port:
        served = Served(f"http://127.0.0.1:{port}", home.daemon.tokens["admin"])
        await _furnish(home, served)
        yield served


async def judge(served: Served, tmp_path: Path, *options: str) -> Verdict:
    """Run schemathesis over everything that is described."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text("")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", f"{served.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {served.admin}", "--checks", ",".join(CHECKS)),
        *("--no-color", "--warnings", "off", "--continue-on-failure", "--max-redirects", "0"),
        *(() if os.environ.get("HYPOTHESIS_PROFILE") == "search" else ("--seed", "1")),  # as in conftest: the same each time
        *options,
        cwd=tmp_path,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Verdict(process.returncode == 0, said.decode())


async def _furnish(home: Home, served: Served) -> None:
    async with aiohttp.ClientSession(served.url, headers={"Authorization": f"Bearer {served.admin}"}) as session:

        async def told(path: str, body: dict[str, Any]) -> None:
            async with session.post(path, json=body) as answer:
                assert answer.status in {200, 201}, await answer.text()

        await told("/trakt/sync/history", {"movies": [HEAT | {"watched_at": "2026-01-01T20:00:00.000Z"}]})
        episode = {"show": DARK, "episode": {"season": 1, "number": 1, "title": "Secrets"}}
        await told("/trakt/scrobble/start", episode | {"progress": 5})
        await told("/trakt/scrobble/stop", episode | {"progress": 95})
        for _ in range(3):
            await home.relay.deliver_next()
        await told("/hooks/generic", {"event": "start", "title": "Heat", "year": 1995, "progress": 10, "user": "somebody"})
        await told("/hooks/generic", {"event": "start", "filename": "Trailer"})
    await home.daemon.database.write(_fill)
    finding = home.daemon.finding
    await finding.indexer.update()
    await finding.survey.look()
    while await finding.pictures.fetch_due():
        pass
    await finding.airing.look()
    while await finding.airing.fetch_due():
        pass


def _fill(connection: Connection) -> None:
    names = {name for endpoint in ENDPOINTS.values() for name in endpoint.sections}
    names |= {name for endpoint in ENDPOINTS.values() for several in endpoint.by_section.values() for name in several}
    for name in sorted(names | {"list:7", "settings", "watched_shows"}):
        body = (
            _LIST if name == "lists" else {"type": "movie", "rank": 1, "listed_at": "2026-01-01T00:00:00.000Z", "movie": HEAT}
        )
        row = LibraryRow("movie", json.dumps(body), 1, 949, "Heat", 1995)
        library.append(connection, ME, name, 1, 0, [row])
        library.keep(connection, ME, Section(name, 1, 1, synced_at=1_760_000_000_000))
