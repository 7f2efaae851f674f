"""`watchd demo --once`: the quickest proof that it works, and that its summary can fail."""

import asyncio
import sys

from tests.e2e.program import ROOT


async def demo(*words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "watchd", "demo", "--once", *words, cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_the_demo_delivers_every_play_once_and_ends_by_itself() -> None:
    code, said = await demo()
    assert code == 0, said
    assert "every play was delivered exactly once" in said
    assert "unknown" in said, "the card was honest about the outage"


async def test_a_scrobble_that_trakt_lost_makes_the_demo_fail() -> None:
    code, said = await demo("--drop-one")
    assert code != 0
    assert "NOT every play was delivered exactly once" in said
