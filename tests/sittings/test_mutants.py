"""Thousands of payloads gone wrong: never a 5xx, never a hang, never a play without media. Issue 3, point 6."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sittings.mutants import Mutator
from tests.sittings.players import Player, Request, Scene
from tests.sittings.script import evening
from tests.sittings.stage import Stage, a_stage
from tests.sittings.test_sittings import by_sender, by_source, minutes, told_in_order
from watchd.model.media import identifiable
from watchd.model.receipts import Fate
from watchd.standins.items import Watchable

FEW, MANY = 300, 5000
AT_ONCE = 16
_BREATH = 50


def bodies(stage: Stage, player: Player, count: int) -> Iterator[Request]:
    """So many mutants of what this player says in an evening of any of a few items."""
    dice = random.Random(f"{player.name} {count}")
    mutator, books = Mutator(dice), stage.home.trakt.catalogue
    items: list[Watchable] = [books.movie("heat-1995"), books.movie("arrival-2016")]
    items += [books.episode("the-expanse", 1, number) for number in (1, 2)] + [books.episode("doctor-who", 0, 2)]
    evenings = [(item, [moment for moment in evening(minutes(item)) if player.says(moment)]) for item in items]
    for number in range(count):
        item, moments = dice.choice(evenings)
        moment = dice.choice(moments)
        began = stage.home.clock.now() - round(moment.at * 1000)
        scene = Scene(moment, item, began, f"session-{number // 40}", moment)
        yield mutator.request(player, player.say(scene), stage.token)


async def pelt(stage: Stage, requests: Iterator[Request]) -> Counter[int]:
    """Send them all, several at a time over connections kept open, while time goes on; how often each status was answered."""
    statuses: Counter[int] = Counter()

    async def sender() -> None:
        for request in requests:
            status, text = await stage.send(request)
            assert status < 500, (status, text, request.headers, request.body[:2000])
            statuses[status] += 1
            if statuses.total() % _BREATH == 0:
                await stage.at(stage.home.clock.now() + 600_000)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(sender())
    return statuses


async def quarantined(stage: Stage) -> list[Any]:
    """What was kept without being understood because something of ours failed on it."""

    def work(connection: Any) -> list[Any]:
        found = connection.execute(
            "SELECT source, reason, body FROM events WHERE fate = ? OR reason = 'internal'", (Fate.INTERNAL,)
        )
        return [(source, reason, body[:2000]) for source, reason, body in found]

    return await stage.home.daemon.database.read(work)


async def survives(tmp_path: Path, player: Player, count: int) -> None:
    async with a_stage(tmp_path, logged_in=False) as stage:
        statuses = await pelt(stage, bodies(stage, player, count))
        assert statuses.total() == count
        understood = statuses[200] + statuses[201]
        assert count // 5 <= understood <= count - count // 20, "mutants that are all alike prove little"
        assert await quarantined(stage) == []
        nameless = [play for play in await stage.plays() if not identifiable(play.media)]
        assert nameless == []
        await stage.at(stage.home.clock.now() + 48 * 3_600_000)
        await stage.home.log_in()
        known, item = {play.id for play in await stage.plays()}, stage.home.trakt.catalogue.movie("fight-club-1999")
        await stage.watch(player, item, evening(minutes(item)), session="after")
        new = [play for play in await stage.plays() if play.id not in known]
        assert [play.watched_at is not None for play in new] == [True]
        assert [row.item for row in stage.home.trakt.user().history] == [item]
        told_in_order(stage.scrobbles())


@by_source
async def test_hundreds_of_mutants_of_each_source_do_no_harm(tmp_path: Path, player: Player) -> None:
    await survives(tmp_path, player, FEW)


@pytest.mark.slow
@by_sender
async def test_thousands_of_mutants_of_each_source_do_no_harm(tmp_path: Path, player: Player) -> None:
    await survives(tmp_path, player, MANY)
