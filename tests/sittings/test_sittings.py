"""An evening told by any source ends in one play, and Trakt hears of it rightly: issue 3, point 2."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.sittings.cast import ALL, FIRST, SOURCES
from tests.sittings.players import Player
from tests.sittings.script import Cue, Moment, doubled, evening, hasty, overtaken, silenced
from tests.sittings.stage import Stage, a_stage
from watchd.clock import MINUTE, SECOND
from watchd.sources import HOOKS
from watchd.standins.items import Watchable

by_source = pytest.mark.parametrize("player", FIRST, ids=lambda player: player.name)
by_sender = pytest.mark.parametrize("player", ALL, ids=lambda player: player.name)
by_media = pytest.mark.parametrize("media", ["movie", "episode"])


def chosen(stage: Stage, media: str, number: int = 1) -> Watchable:
    books = stage.home.trakt.catalogue
    if media == "episode":
        return books.episode("the-expanse", 1, number)
    return books.movie(("arrival-2016", "back-to-the-future-1985")[number - 1])


def minutes(item: Watchable) -> float:
    return item.runtime * 60.0


async def one_play(stage: Stage, item: Watchable) -> int:
    """That there is one play, it is over, and it is in Trakt's history once; the moment it counted."""
    found = await stage.plays()
    assert [play.open for play in found] == [False]
    assert found[0].watched_at is not None
    history = stage.home.trakt.user().history
    assert [row.item for row in history] == [item]
    assert abs(history[0].watched_at - found[0].watched_at) <= 2 * MINUTE
    assert not await stage.home.owed()
    return found[0].watched_at


def told_in_order(scrobbles: Sequence[tuple[str, float]]) -> None:
    """A start, a pause told as a stop below 80, a start for what went on, and one stop from 80 on at the end."""
    verbs = [verb for verb, _ in scrobbles]
    assert verbs[0] == "start"
    assert scrobbles[0][1] < 1
    assert verbs[1] in ("stop", "pause")
    assert 29 <= scrobbles[1][1] <= 31
    assert set(verbs[2:-1]) == {"start"}
    assert 49 <= scrobbles[2][1] <= 51
    assert verbs[-1] == "stop"
    assert scrobbles[-1][1] >= 80


def when(moments: Sequence[Moment], player: Player) -> float:
    """The second at which it counts: when the player calls it watched, else when it stops."""
    counting = [moment for moment in moments if moment.cue in (Cue.DONE, Cue.STOP, Cue.END) and moment.cue in player.tells]
    return counting[0].at


@by_media
@by_sender
async def test_an_evening_is_one_play_and_trakt_hears_start_pause_start_stop(
    tmp_path: Path, player: Player, media: str
) -> None:
    async with a_stage(tmp_path) as stage:
        item, began = chosen(stage, media), stage.home.clock.now()
        moments = evening(minutes(item))
        await stage.watch(player, item, moments)
        counted = await one_play(stage, item)
        assert abs(counted - began - round(when(moments, player) * 1000)) <= 5 * SECOND
        told_in_order(stage.scrobbles())
        await stage.hours(13)
        assert await one_play(stage, item) == counted


@by_media
@by_sender
async def test_what_ran_through_to_its_last_picture_is_one_play(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, evening(minutes(item), stop=100))
        await one_play(stage, item)
        told_in_order(stage.scrobbles())


@by_media
@by_source
async def test_without_a_stop_it_counts_only_if_something_reported_reached_the_threshold(
    tmp_path: Path, player: Player, media: str
) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, silenced(evening(minutes(item))))
        await stage.hours(13)
        if player.reports:
            await one_play(stage, item)
        else:
            assert [(play.open, play.watched_at) for play in await stage.plays()] == [(False, None)]
            assert stage.home.trakt.history_count() == 0


@by_source
async def test_without_a_stop_the_next_episode_at_its_end_tells_that_it_ran_through(tmp_path: Path, player: Player) -> None:
    async with a_stage(tmp_path) as stage:
        item, following = chosen(stage, "episode"), chosen(stage, "episode", 2)
        moments, began = evening(minutes(item)), stage.home.clock.now()
        await stage.watch(player, item, silenced(moments))
        begin = began + round((moments[-1].at + minutes(item) * 0.05) * 1000)
        await stage.watch(player, following, evening(minutes(following)), began=begin, session="session-2")
        assert [(play.open, play.watched_at is not None) for play in await stage.plays()] == [(False, True), (False, True)]
        assert [row.item for row in stage.home.trakt.user().history] == [item, following]


@by_source
async def test_without_a_stop_another_movie_ends_the_first_as_far_as_was_reported(tmp_path: Path, player: Player) -> None:
    async with a_stage(tmp_path) as stage:
        item, other = chosen(stage, "movie"), chosen(stage, "movie", 2)
        moments, began = evening(minutes(item)), stage.home.clock.now()
        await stage.watch(player, item, silenced(moments))
        begin = began + round((moments[-1].at + 20) * 1000)
        await stage.watch(player, other, evening(minutes(other)), began=begin, session="session-2")
        watched = [play.watched_at is not None for play in await stage.plays()]
        assert watched == [player.reports, True]
        assert [row.item for row in stage.home.trakt.user().history] == ([item, other] if player.reports else [other])


@by_media
@by_source
async def test_every_event_sent_twice_in_a_row_is_one_play(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, doubled(evening(minutes(item))))
        await one_play(stage, item)
        told_in_order(stage.scrobbles())


@pytest.mark.parametrize("last", [False, True], ids=["first two", "last two"])
@by_media
@by_source
async def test_neighbours_within_a_second_may_arrive_in_the_wrong_order(
    tmp_path: Path, player: Player, media: str, *, last: bool
) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        told = [moment for moment in hasty(minutes(item)) if player.says(moment)]
        await stage.watch(player, item, overtaken(told, last=last))
        await one_play(stage, item)
        await stage.hours(13)
        await one_play(stage, item)


@by_source
async def test_the_start_of_the_next_episode_may_overtake_the_stop_of_the_first(tmp_path: Path, player: Player) -> None:
    async with a_stage(tmp_path) as stage:
        item, following = chosen(stage, "episode"), chosen(stage, "episode", 2)
        began = stage.home.clock.now()
        first = stage.tellings(player, item, evening(minutes(item), stop=97), began=began)
        begin = first[-1].arrives - 500
        second = stage.tellings(player, following, evening(minutes(following)), began=begin, session="session-2")
        await stage.tell([*first, *second])
        assert [play.watched_at is not None for play in await stage.plays()] == [True, True]
        assert sorted(row.item.key for row in stage.home.trakt.user().history) == sorted([item.key, following.key])


def test_every_source_is_heard() -> None:
    assert set(SOURCES) <= set(HOOKS)
    assert {player.source for player in FIRST} == {*SOURCES, "trakt"}
