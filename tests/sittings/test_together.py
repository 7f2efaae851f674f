"""Several sources tell of one sitting, each with other ids: one play. And the same item on two evenings: two."""

from pathlib import Path

import pytest

from tests.sittings.cast import FIRST, heard
from tests.sittings.players import Player
from tests.sittings.plexes import PLEX, TAUTULLI
from tests.sittings.script import evening
from tests.sittings.scripts import GENERIC, HOMEASSISTANT, KODI, TRAKT
from tests.sittings.servers import EMBY, JELLYFIN
from tests.sittings.stage import Stage, a_stage
from tests.sittings.test_sittings import by_media, by_source, chosen, minutes, one_play
from watchd.clock import DAY

Ids = tuple[str, ...]

TEAMS: tuple[tuple[tuple[Player, Ids], ...], ...] = (
    ((PLEX, ("imdb",)), (TAUTULLI, ("tmdb",))),
    ((JELLYFIN, ("imdb",)), (KODI, ("tmdb",))),
    ((EMBY, ("tvdb", "tmdb")), (HOMEASSISTANT, ())),
    ((PLEX, ("imdb",)), (TAUTULLI, ("tvdb",)), (JELLYFIN, ("tmdb",)), (KODI, ())),
    ((GENERIC, ("tmdb",)), (TRAKT, ("imdb",)), (EMBY, ("tvdb",)), (HOMEASSISTANT, ())),
)
READY = [team for team in TEAMS if len(heard(*(player for player, _ in team))) == len(team)]
by_team = pytest.mark.parametrize("team", READY, ids=lambda team: " and ".join(player.name for player, _ in team))


async def told_by(stage: Stage, team: tuple[tuple[Player, Ids], ...], media: str, apart: int) -> None:
    """All of them tell of the same evening, one `apart` ms after the other."""
    item, began = chosen(stage, media), stage.home.clock.now()
    moments, told = evening(minutes(item)), []
    for number, (player, ids) in enumerate(team):
        told += stage.tellings(player, item, moments, began=began + apart * number, ids=ids, session=f"{player.name}-1")
    await stage.tell(told)
    await one_play(stage, item)


@by_media
@by_team
async def test_sources_with_disjoint_ids_make_one_play(
    tmp_path: Path, team: tuple[tuple[Player, Ids], ...], media: str
) -> None:
    async with a_stage(tmp_path) as stage:
        await told_by(stage, team, media, apart=700)
        assert [verb for verb, progress in stage.scrobbles() if verb == "stop" and progress >= 80] == ["stop"]


@by_media
@by_team
async def test_sources_of_which_one_lags_behind_make_one_play(
    tmp_path: Path, team: tuple[tuple[Player, Ids], ...], media: str
) -> None:
    async with a_stage(tmp_path) as stage:
        await told_by(stage, team, media, apart=20_000)


@by_media
@by_source
async def test_the_same_item_next_evening_is_a_second_play(tmp_path: Path, player: Player, media: str) -> None:
    async with a_stage(tmp_path) as stage:
        item, began = chosen(stage, media), stage.home.clock.now()
        for number in range(2):
            moments = evening(minutes(item))
            await stage.watch(player, item, moments, began=began + number * DAY, session=f"session-{number}")
        assert [play.watched_at is not None for play in await stage.plays()] == [True, True]
        assert [row.item for row in stage.home.trakt.user().history] == [item, item]


def test_every_team_is_complete() -> None:
    assert len(READY) == len(TEAMS)
    assert len(FIRST) == 8
