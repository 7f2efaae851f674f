"""kill -9 at random moments: what was answered is delivered exactly once, what was not at most once, nothing is made up."""

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from tests.e2e.senders import Books, send_all, streams
from tests.e2e.stage import Stage, a_stage, figures

RATE = 100.0


def seeded() -> random.Random:
    """Random, and repeatable: the seed is printed, and KILL_SEED sets it."""
    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 1_000_000))
    figures("random", seed=seed)
    return random.Random(seed)


async def kill_and_restart(stage: Stage, times: int, dice: random.Random, *, longest: float) -> None:
    """So many times: let it live for a random while, kill it, start it again."""
    for _ in range(times):
        await asyncio.sleep(dice.uniform(0.0, longest))
        await stage.program.kill()
        await stage.program.start()


async def under_kills(stage: Stage, *, plays: int, kills: int, seconds: float, longest: float) -> None:
    dice, books = seeded(), Books()
    dealt = streams(stage.trakt.catalogue, plays, screens=7, dice=dice)
    await stage.log_in()
    await stage.program.start()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(send_all(stage.program, dealt, books, dice, seconds))
        tasks.create_task(kill_and_restart(stage, kills, dice, longest=longest))
    await stage.all_delivered()
    told = stage.judge(books)
    figures(f"{kills} kills", **told)
    assert told["hooks"] == sum(len(hooks) for hooks in dealt)
    assert told["stops_taken"] >= told["stops_sent"] // 2, "too few stops were answered for this to say much"


async def test_few_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        await under_kills(stage, plays=12, kills=5, seconds=7.0, longest=0.8)


@pytest.mark.slow
async def test_500_hooks_under_20_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        await under_kills(stage, plays=100, kills=20, seconds=55.0, longest=2.0)
