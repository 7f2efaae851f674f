"""Half an hour of each kind of trouble at Trakt, by its clock: nothing lost, nothing doubled."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.senders import Books, Hook, Sent, send_all, streams
from tests.e2e.stage import Stage, a_stage, figures
from tests.e2e.test_kills import kill_and_restart, seeded
from watchd.clock import MINUTE
from watchd.standins.faults import Fault, FaultKind, Seen
from watchd.standins.switches import Switches

RATE = 100.0
SPAN = 30 * MINUTE

Trouble = Callable[[Stage, int, int], None]
"""What is ordered for the time between two moments of the clock."""


def fault(
    kind: FaultKind, *, path: str = "/", method: str | None = None, met: Callable[[Seen], bool] = bool, **facts: object
) -> Trouble:
    def order(stage: Stage, begins: int, ends: int) -> None:
        def when(seen: Seen) -> bool:
            return seen.at >= begins and met(seen)

        ordered = Fault(kind, method=method, path=path, when=when, times=None, until=ends, **facts)  # type: ignore[arg-type]
        stage.trakt.faults.add(ordered)

    return order


def expired(stage: Stage, _begins: int, _ends: int) -> None:
    """The access token ends now, and each of its successors after five minutes."""
    stage.trakt.switches = Switches(token_lifetime=300)
    stage.trakt.expire_tokens()


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    order: Trouble


def often(kind: FaultKind, **facts: object) -> Trouble:
    """Half of the writes that make history meet it, and all else is well: so it is they that are tried again and again."""
    coin = random.Random(7)

    def met(seen: Seen) -> bool:
        return (seen.path == "/sync/history" or seen.body["progress"] >= 80) and coin.random() < 0.5

    return fault(kind, method="POST", path="/s*", met=met, **facts)


CASES = (
    Case("503", fault("status", status=503)),
    Case("503 to half the writes, done", often("status", status=503, work=True)),
    Case("hang", fault("hang")),
    Case("hang with the work done", fault("hang", work=True)),
    Case("half the writes hang, done", often("hang", work=True)),
    Case("dropped after the work", fault("drop_after")),
    Case("dropped before the work", fault("drop_before")),
    Case("half the writes dropped after the work", often("drop_after")),
    Case("half the writes done after the time limit", often("delay", seconds=70)),
    Case("429", fault("status", status=429, headers={"Retry-After": "90"})),
    Case("expired tokens", expired),
    Case("truncated JSON", fault("truncate")),
    Case("half the writes truncated", often("truncate")),
    Case("garbage with the work done", often("garbage", work=True)),
    Case("HTML 403", fault("html", status=403)),
    Case("HTML 429", fault("html", status=429, headers={"Retry-After": "300"})),
    Case("HTML 520 with the work done", often("html", status=520, work=True)),
)


def shares(dealt: Sequence[Sequence[Hook]], share: float) -> tuple[list[list[Hook]], list[list[Hook]]]:
    """Each stream cut after a share of its plays, which are five hooks each."""
    cuts = [5 * round(len(hooks) / 5 * share) for hooks in dealt]
    return (
        [list(hooks[:cut]) for hooks, cut in zip(dealt, cuts, strict=True)],
        [list(hooks[cut:]) for hooks, cut in zip(dealt, cuts, strict=True)],
    )


def quantiles(calm: Sequence[Sent], troubled: Sequence[Sent]) -> dict[str, float]:
    """How fast hooks were answered before and during the trouble, in ms, to be looked at: `bench` judges speed.

    That no hook waits for an upstream at all is shown in test_nobody_waits.py.
    """
    told: dict[str, float] = {}
    for name, sent in (("calm", calm), ("troubled", troubled)):
        times = sorted(one.seconds for one in sent)
        for share in (50, 95, 99):
            told[f"p{share}_{name}_ms"] = round(times[round(share / 100 * (len(times) - 1))] * 1000, 1)
    return told


async def under(stage: Stage, trouble: Trouble, *, plays: int, span: int, kills: int = 0) -> None:
    """A calm beginning, then trouble for so long, then all must be well again."""
    dice, books = seeded(), Books()
    calm, rest = shares(streams(stage.trakt.catalogue, plays, screens=7, dice=dice), 0.25)
    await stage.log_in()
    await stage.program.start()
    await send_all(stage.program, calm, books, dice, plays / 20)
    before = len(books.sent)
    trouble(stage, stage.clock.now(), stage.clock.now() + span)
    seconds = stage.clock.real(span / 1000)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(send_all(stage.program, rest, books, dice, seconds))
        if kills:
            tasks.create_task(kill_and_restart(stage, kills, dice, longest=seconds / kills))
    await stage.all_delivered(patience=90)
    told = stage.judge(books)
    figures("no trouble left", **told)
    if not kills:
        assert told["refused"] == told["unanswered"] == 0
        figures("latencies", **quantiles(books.sent[:before], books.sent[before:]))


def a_bit_of_everything(stage: Stage, begins: int, ends: int) -> None:
    """Half of all outcomes are kept and the answers lost, in one way after the other; at the end come refusals."""
    troubles = (
        often("drop_after"),
        often("status", status=503, work=True),
        often("hang", work=True),
        often("truncate"),
        fault("status", status=429, headers={"Retry-After": "30"}),
    )
    each = (ends - begins) // len(troubles)
    for number, order in enumerate(troubles):
        order(stage, begins + number * each, begins + (number + 1) * each)
    stage.trakt.expire_tokens()


async def test_a_bit_of_every_trouble_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        await under(stage, a_bit_of_everything, plays=28, span=12 * MINUTE)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
async def test_half_an_hour_of_trouble_loses_nothing_and_doubles_nothing(tmp_path: Path, case: Case) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        await under(stage, case.order, plays=100, span=SPAN)


@pytest.mark.slow
async def test_trouble_and_kills_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        await under(stage, a_bit_of_everything, plays=100, span=SPAN, kills=8)
