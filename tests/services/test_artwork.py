"""Pictures: cached, never in the way, and not asked for again and again."""

import json
from pathlib import Path
from typing import Any, cast

import anyio
import pytest

from tests.services.home import ME, Home, PacedClock, a_home
from watchd.clients.tmdb import TmdbClient
from watchd.clock import ManualClock
from watchd.demo.players import plex_payload
from watchd.errors import StoreUnavailable
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.pictures import Picture, Pictures
from watchd.model.watching import NO_ARTWORK
from watchd.services.artwork import LIFETIME, NOTHING_LIFETIME, ArtworkFinder, subjects
from watchd.standins.faults import Fault

HALF_A_YEAR = 182 * 86_400_000
HEAT = Movie("Heat", 1995, MediaIds(tmdb=949))


def images(home: Home) -> dict[str, Any]:
    document = home.daemon.now.document(None)
    assert document is not None
    told: dict[str, Any] = json.loads(document.body)["content"]["images"]
    return told


class OddTmdb:
    """Answers with what nobody expects."""

    async def movie_images(self, tmdb_id: int) -> Pictures | None:
        raise ValueError(tmdb_id)


def finder(home: Home, tmdb: object, language: str = "en") -> ArtworkFinder:
    daemon = home.daemon
    return ArtworkFinder(daemon.database, home.clock, cast("TmdbClient", tmdb), daemon.metrics, home.tmdb.image_url, language)


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


async def test_a_failed_search_is_made_again_while_the_media_is_still_shown(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.tmdb.faults.add(Fault("status", status=500, times=1))
        await home.plex(plex_payload("media.play", home.trakt.catalogue.movie("heat-1995"), 0))
        await home.daemon.artwork.find_next()
        home.clock.advance(121)
        home.daemon.now.want_again()
        home.daemon.now.refresh(await home.daemon.artwork.find_next())
        assert "backdrop" in images(home)


async def test_the_daemon_makes_a_failed_search_again_by_itself(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, clock=PacedClock()) as home, anyio.create_task_group() as tasks:
        home.tmdb.faults.add(Fault("status", path="/3/movie/949/images", status=500, times=1))
        await home.plex(plex_payload("media.play", home.trakt.catalogue.movie("heat-1995"), 0))
        tasks.start_soon(home.daemon.serve, lambda _url: None)
        with anyio.fail_after(20):
            await home.tmdb.until(lambda: [seen.status for seen in home.tmdb.calls("GET", "/3/movie/949/images")] == [500, 200])
        tasks.cancel_scope.cancel()


async def test_an_unforeseen_answer_costs_one_picture(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        odd = finder(home, OddTmdb())
        odd.want(ME, HEAT)
        assert await odd.find_next() == ME
        assert home.daemon.metrics.registry.get_sample_value("watchd_internal_errors_total", {"part": "artwork"}) == 1


async def test_a_still_is_of_its_episode_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        tmdb_id = home.trakt.catalogue.show("friends").ids["tmdb"]
        home.tmdb.hide_images(f"/tv/{tmdb_id}")
        show = Show("Friends", ids=MediaIds(tmdb=int(tmdb_id)))
        artwork = home.daemon.artwork
        first, second = [await artwork.find(ME, Episode(show, 1, number)) for number in (1, 2)]
        assert first.backdrop is not None
        assert first.backdrop != second.backdrop
        assert [artwork.known(ME, Episode(show, 1, number)) for number in (1, 2)] == [first, second]


async def test_the_seasons_pictures_are_asked_for_once(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        show = Show("Friends", ids=MediaIds(tmdb=int(home.trakt.catalogue.show("friends").ids["tmdb"])))
        first, second = [await home.daemon.artwork.find(ME, Episode(show, 1, number)) for number in (1, 2)]
        assert first == second != NO_ARTWORK
        assert len(home.tmdb.calls("GET", "/3/tv/")) == 2


def test_ids_of_shows_and_of_episodes_are_kept_apart() -> None:
    by_show = Episode(Show(ids=MediaIds(tvdb=79168)), 1, 1)
    by_own = Episode(Show("Friends"), 1, 1, ids=MediaIds(tvdb=79168))
    assert not set(subjects(by_show)) & set(subjects(by_own))
    assert subjects(by_own) == ["episode:tvdb:79168"]


async def test_old_pictures_are_forgotten_every_day_and_a_full_disk_stops_that_only_for_a_while(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        waits: list[float] = []

        class Done(Exception):
            """Enough was seen."""

        class Counted(ManualClock):
            async def sleep(self, seconds: float) -> None:
                waits.append(seconds)
                if len(waits) == 2:
                    raise Done

        class Full:
            async def write(self, _work: object) -> int:
                if not waits:
                    raise StoreUnavailable("full")
                return 0

        pruner = ArtworkFinder(cast("Any", Full()), Counted(), None, home.daemon.metrics, "", "en")
        with pytest.raises(Done):
            await pruner.prune_daily()
        assert waits == [3600, 86_400]


class PortugueseTmdb:
    """Has a poster in Portuguese, and a better one without text."""

    async def movie_images(self, _tmdb_id: int) -> Pictures | None:
        return Pictures(posters=(Picture("/none.jpg", vote_average=9, vote_count=9), Picture("/pt.jpg", language="pt")))


async def test_a_region_is_no_part_of_a_pictures_language(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        chosen = await finder(home, PortugueseTmdb(), "pt-BR").find(ME, HEAT)
        assert str(chosen.poster).endswith("/pt.jpg")
