"""Stand-in and program in one time, and the judgement of the stand-in's books at the end."""

import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.program import Failed, Program, a_program, until
from tests.e2e.senders import Books, Heard
from watchd.clock import SteeredClock
from watchd.standins.accounts import Key
from watchd.standins.switches import Switches
from watchd.standins.trakt import TraktStandIn


@dataclass(frozen=True, slots=True)
class Stage:
    clock: SteeredClock
    trakt: TraktStandIn
    program: Program
    session: aiohttp.ClientSession

    async def log_in(self) -> None:
        """`watchd login`, with or without a daemon that runs."""
        self.trakt.auto_approve = True
        code, said = await self.program.command("login")
        if code != 0:
            raise Failed(said)

    async def all_delivered(self, patience: float = 60.0) -> None:
        """Wait until nothing is owed any more."""

        async def paid() -> bool:
            return not await self.program.owed(self.session)

        try:
            await until(paid, what="nothing is owed", patience=patience, look=0.1)
        except AssertionError as error:
            left = await self.program.owed(self.session)
            shown = [
                {name: item[name] for name in ("id", "verb", "state", "attempts", "status", "reason")} for item in left[:10]
            ]
            raise AssertionError(f"{error}: {len(left)} are owed, {shown}") from None

    def history(self) -> Counter[Key]:
        return Counter(row.item.key for row in self.trakt.user().history)

    def judge(self, books: Books) -> dict[str, int]:
        """Every play as often in the history as its answers demand; the figures of the run."""
        history = self.history()
        keys = {one.hook.item.key for one in books.sent}
        wrong = {key: (history[key], books.bounds(key)) for key in keys | history.keys() if not _within(history, books, key)}
        assert not wrong, f"(rows, (least, most)): {wrong}"
        counting = [one for one in books.sent if one.hook.counts]
        return {
            "hooks": len(books.sent),
            "taken": sum(one.heard is Heard.TAKEN for one in books.sent),
            "unanswered": sum(one.heard is Heard.NOTHING for one in books.sent),
            "refused": sum(one.heard is Heard.REFUSED for one in books.sent),
            "stops_taken": sum(one.heard is Heard.TAKEN for one in counting),
            "stops_sent": len(counting),
            "rows": sum(history.values()),
        }


def _within(history: Counter[Key], books: Books, key: Key) -> bool:
    least, most = books.bounds(key)
    return least <= history[key] <= most


@asynccontextmanager
async def a_stage(home: Path, rate: float, *, switches: Switches | None = None, **settings: str) -> AsyncIterator[Stage]:
    """Everything there, nothing started; both tell the same time, `rate` times as fast as the machine's."""
    epoch = time.time()
    clock = SteeredClock(rate, epoch)
    async with (
        TraktStandIn(clock, switches=switches) as trakt,
        a_program(home, clock, epoch, trakt, **settings) as program,
        aiohttp.ClientSession() as session,
    ):
        yield Stage(clock, trakt, program, session)


def figures(title: str, **numbers: Any) -> None:
    """Figures of a run: shown by pytest -s, and where a test fails."""
    sys.stdout.write(f"{title}: " + ", ".join(f"{name} {number}" for name, number in numbers.items()) + "\n")
