"""The library is read by the running program, as a person sees it, and through kills."""

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from tests.e2e.program import until
from tests.e2e.stage import Stage, a_stage
from watchd.standins.much import fill_library

RATE = 150.0
PLAYS = 1000


def counted(stage: Stage, sql: str) -> int:
    """A count out of the program's database."""
    with sqlite3.connect(f"file:{stage.program.state / 'watchd.db'}?mode=ro", uri=True) as connection:
        return int(connection.execute(sql).fetchone()[0])


async def test_sync_is_followed_on_the_command_line_and_told_in_the_status(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        fill_library(stage.trakt, plays=PLAYS, shows=40, items=60)
        await stage.log_in()
        await stage.program.start()
        code, said = await stage.program.command("sync", "--full")
        assert code == 0, said
        assert f"{PLAYS:,} plays and" in said
        code, said = await stage.program.command("status")
        assert f"library: {PLAYS} plays" in said
        assert not [seen for seen in stage.trakt.requests if seen.status == 429]


@pytest.mark.slow
async def test_a_sync_that_is_killed_again_and_again_is_whole_in_the_end(tmp_path: Path) -> None:
    dice = random.Random(4)
    async with a_stage(tmp_path, RATE) as stage:
        fill_library(stage.trakt, plays=PLAYS, shows=40, items=300)
        await stage.log_in()
        for _ in range(3):
            await stage.program.start()
            begun = len(stage.trakt.calls("GET"))
            wanted = begun + dice.randrange(3, 20)
            await stage.trakt.until(lambda wanted=wanted: len(stage.trakt.calls("GET")) >= wanted)  # type: ignore[misc]
            await stage.program.kill()
        await stage.program.start()
        code, said = await stage.program.command("sync")
        assert code == 0, said

        async def whole() -> bool:
            await asyncio.sleep(0)
            return counted(stage, "SELECT count(*) FROM plays WHERE gone_at IS NULL") == PLAYS

        await until(whole, what="the history is whole")
        assert counted(stage, "SELECT rows FROM sections WHERE name = 'watchlist'") == 300
        shown = (
            "SELECT count(*) FROM library l JOIN sections s ON s.account_id = l.account_id AND s.name = l.section "
            "AND s.generation = l.generation"
        )
        assert counted(stage, shown) == counted(stage, "SELECT count(*) FROM library")
