"""The stand-ins as a process of their own."""

import asyncio
import json
import signal
import sys

from aiohttp import ClientSession

from tests.standins.talk import Talk


async def test_the_command_prints_where_it_listens_and_stops_when_told() -> None:
    arguments = ["-W", "error", "-m", "watchd.standins", "--clock", "60@1790000000", "--plays", "120", "--auto-approve"]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    headers = {
        "User-Agent": "stand-in tests/1",
        "Content-Type": "application/json",
        "trakt-api-version": "2",
        "trakt-api-key": told["client_id"],
        "Authorization": f"Bearer {told['tokens']['access_token']}",
    }
    async with ClientSession() as session:
        answer = await Talk(session, told["trakt"], headers).get("/sync/history")
        assert (answer.status, answer.headers["X-Pagination-Item-Count"]) == (200, "120")
        tmdb = Talk(session, told["tmdb"], {})
        assert (await tmdb.get(f"/3/configuration?api_key={told['tmdb_key']}")).status == 200
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
