"""Pictures: cached, never in the way, and not asked for again and again."""

import json
from pathlib import Path
from typing import Any

from tests.services.home import ME, Home, a_home
from watchd.demo.players import plex_payload
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.watching import NO_ARTWORK
from watchd.services.artwork import LIFETIME, NOTHING_LIFETIME
from watchd.standins.faults import Fault

HALF_A_YEAR = 182 * 86_400_000
HEAT = Movie("Heat", 1995, MediaIds(tmdb=949))


def images(home: Home) -> dict[str, Any]:
    document = home.daemon.now.document(None)
    assert document is not None
    told: dict[str, Any] = json.loads(document.body)["content"]["images"]
    return told


async def test_a_card_has_one_backdrop_in_three_widths_and_a_poster(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.plex(plex_payload("media.play", home.trakt.catalogue.episode("severance", 2, 10), 0))
        assert images(home) == {}
        home.daemon.now.refresh(await home.daemon.artwork.find_next())
        found = images(home)
        assert list(found) == ["backdrop", "backdrop_medium", "backdrop_small", "poster"]
        widths = [url.removeprefix(home.tmdb.image_url).split("/")[1] for url in found.values()]
        assert widths == ["w1280", "w780", "w300", "w500"]
        assert len({url.rsplit("/", 1)[1] for name, url in found.items() if name != "poster"}) == 1


async def test_the_languages_asked_for_include_pictures_without_text(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.daemon.artwork.find(ME, HEAT)
        assert home.tmdb.calls("GET", "/3/movie/")[0].query["include_image_language"] == "en,null"


async def test_pictures_are_asked_for_once_and_kept_under_six_months(tmp_path: Path) -> None:
    assert LIFETIME < HALF_A_YEAR
    async with a_home(tmp_path) as home:
        first = await home.daemon.artwork.find(ME, HEAT)
        again = await home.daemon.artwork.find(ME, HEAT)
        assert first == again != NO_ARTWORK
        assert len(home.tmdb.calls("GET", "/3/movie/")) == 1
        home.clock.advance(LIFETIME / 1000 + 1)
        assert await home.daemon.artwork.prune() == 1
        await home.daemon.artwork.find(ME, HEAT)
        assert len(home.tmdb.calls("GET", "/3/movie/")) == 2


async def test_that_there_are_none_is_remembered_briefly(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        unknown = Movie("Nobody's Film", 1901, MediaIds(tmdb=999_999_999))
        for _ in range(2):
            assert await home.daemon.artwork.find(ME, unknown) == NO_ARTWORK
        assert len(home.tmdb.calls("GET", "/3/movie/")) == 1
        home.clock.advance(NOTHING_LIFETIME / 1000 + 1)
        await home.daemon.artwork.find(ME, unknown)
        assert len(home.tmdb.calls("GET", "/3/movie/")) == 2


async def test_a_show_is_found_by_the_episodes_own_ids(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        known = home.trakt.catalogue.episode("friends", 1, 1)
        media = Episode(Show("Friends"), 1, 1, ids=MediaIds(imdb=known.ids["imdb"]))
        assert (await home.daemon.artwork.find(ME, media)).backdrop is not None


async def test_a_failing_tmdb_leaves_the_card_without_pictures_and_the_daemon_unharmed(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.tmdb.faults.add(Fault("status", status=500, times=None))
        await home.plex(plex_payload("media.play", home.trakt.catalogue.movie("heat-1995"), 0))
        assert await home.daemon.artwork.find_next() == ME
        assert images(home) == {}
