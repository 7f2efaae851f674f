"""Left in the middle: what counts and what is only a position to go on from. Issue 3, point 3."""

from pathlib import Path

from tests.sittings.players import Player
from tests.sittings.script import left_paused, stopped_at
from tests.sittings.stage import a_stage
from tests.sittings.test_sittings import by_media, by_source, chosen, minutes, one_play


@by_media
@by_source
async def test_a_pause_at_85_that_is_left_so_is_not_watched(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, left_paused(minutes(item), 85))
        await stage.hours(14)
        (play,) = await stage.plays()
        assert (play.open, play.watched_at) == (False, None)
        assert 84.9 <= (play.progress or 0) <= 85.1
        assert stage.home.trakt.history_count() == 0
        assert [row.progress for row in stage.home.trakt.user().playback] == [79.9]


@by_media
@by_source
async def test_a_stop_at_79_keeps_the_position(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, stopped_at(minutes(item), 79))
        await stage.hours(13)
        (play,) = await stage.plays()
        assert (play.open, play.watched_at) == (False, None)
        assert 78.8 <= (play.progress or 0) <= 79.1
        assert stage.home.trakt.history_count() == 0
        (row,) = stage.home.trakt.user().playback
        assert 78.8 <= row.progress <= 79.1


@by_media
@by_source
async def test_with_threshold_90_a_stop_at_85_scrobbles_nothing(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path, watched_threshold=90) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, stopped_at(minutes(item), 85))
        await stage.hours(13)
        assert [play.watched_at for play in await stage.plays()] == [None]
        assert stage.home.trakt.history_count() == 0
        assert all(progress < 80 for _, progress in stage.scrobbles())


@by_media
@by_source
async def test_a_stop_at_80_is_a_play(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path) as stage:
        item = chosen(stage, media)
        await stage.watch(player, item, stopped_at(minutes(item), 80.2))
        await one_play(stage, item)
