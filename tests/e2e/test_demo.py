"""`watchd demo --once`: the quickest proof that it works, and that its summary can fail."""

import asyncio
import sys
import time

from tests.e2e.program import ROOT

LIMIT = 20.0


async def demo(*words: str) -> tuple[int, str, float]:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "watchd", "demo", "--once", *words, cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), time.monotonic() - began


async def test_the_demo_delivers_every_play_once_and_ends_in_time() -> None:
    code, said, took = await demo()
    assert code == 0, said
    assert "every play was delivered exactly once" in said
    assert "unknown" in said, "the card was honest about the outage"
    assert took < LIMIT


async def test_a_scrobble_that_trakt_lost_makes_the_demo_fail() -> None:
    code, said, _ = await demo("--drop-one")
    assert code != 0
    assert "NOT every play was delivered exactly once" in said
