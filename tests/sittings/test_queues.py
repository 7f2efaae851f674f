"""What a player could not send at the time comes later, all at once, and not always in its order."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.sittings.cast import heard
from tests.sittings.players import Player
from tests.sittings.script import Cue, Moment, evening
from tests.sittings.scripts import GENERIC, KODI
from tests.sittings.stage import a_stage
from tests.sittings.test_sittings import by_media, chosen, minutes, one_play
from watchd.clock import HOUR, SECOND

by_queue = pytest.mark.parametrize("player", heard(KODI, GENERIC), ids=lambda player: player.name)
by_order = pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])


def queued(moments: list[Moment], hours: float, *, backwards: bool) -> list[Moment]:
    """The same, and all of it arrives so many hours after the last of it."""
    sent = moments[-1].at + hours * 3600
    order = reversed(moments) if backwards else iter(moments)
    return [replace(moment, heard=sent + 0.1 * number) for number, moment in enumerate(order)]


@by_order
@by_media
@by_queue
async def test_a_queue_that_is_sent_hours_later_is_one_play_at_its_own_time(
    tmp_path: Path, player: Player, media: str, *, backwards: bool
) -> None:
    async with a_stage(tmp_path) as stage:
        item, began = chosen(stage, media), stage.home.clock.now()
        told = [moment for moment in evening(minutes(item)) if player.says(moment)]
        await stage.watch(player, item, queued(told, 5, backwards=backwards))
        counted = await one_play(stage, item)
        # Whoever hears of 94 % five hours ago may take it to have run through: it is a few minutes, not hours.
        assert abs(counted - began - round(told[-1].at * 1000)) <= minutes(item) * 0.06 * SECOND
        assert not [progress for verb, progress in stage.scrobbles() if verb == "start"]


@by_media
@by_queue
async def test_a_stop_that_is_sent_hours_later_completes_the_play_it_belongs_to(
    tmp_path: Path, player: Player, media: str
) -> None:
    async with a_stage(tmp_path) as stage:
        item, began = chosen(stage, media), stage.home.clock.now()
        evening_told = [moment for moment in evening(minutes(item)) if moment.cue is not Cue.TICK and player.says(moment)]
        *before, stop = evening_told
        told = stage.tellings(player, item, [*before, replace(stop, heard=stop.at + 3 * 3600)], began=began)
        await stage.tell(told)
        counted = await one_play(stage, item)
        assert abs(counted - began - round(stop.at * 1000)) <= 5 * SECOND
        await stage.at(stage.home.clock.now() + 13 * HOUR)
        assert await one_play(stage, item) == counted
