"""Trakt's first API: every key is always there, and filled from what is kept of the title."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.services.shelf import DARK, HEAT, ME, Shelf, a_shelf, dark
from watchd.clock import DAY
from watchd.model.media import Episode, Movie, Show
from watchd.model.personal import Viewing
from watchd.model.watching import Artwork
from watchd.rules.legacy import Pictured, legacy_item
from watchd.services.artwork import subjects
from watchd.store import artwork, pictures

T = 1_700_000_000_000
TMDB = "https://image.tmdb.org/t/p"
FULL = {
    "first_aired": "2017-12-01T05:00:00.000Z",
    "country": "de",
    "overview": "Children vanish.",
    "runtime": 55,
    "network": "Netflix",
    "airs": {"day": "Friday", "time": "22:05", "timezone": "Europe/Berlin"},
    "certification": "TV-MA",
    "genres": ["science-fiction", "drama", None],
}
MOVIE_KEYS = {
    "title", "year", "released", "url", "trailer", "runtime", "tagline", "overview", "certification", "imdb_id", "tmdb_id",
    "images", "genres",
}  # fmt: skip
SHOW_KEYS = {
    "title", "year", "url", "first_aired", "country", "overview", "runtime", "network", "air_day", "air_time", "certification",
    "imdb_id", "tvdb_id", "tvrage_id", "images", "genres",
}  # fmt: skip
EPISODE_KEYS = {"season", "number", "title", "overview", "first_aired", "url", "images"}


async def put(shelf: Shelf, of: tuple[str, int], poster: str | None, backdrop: str | None, until: int) -> None:
    def work(connection: sqlite3.Connection) -> None:
        pictures.put(connection, of, [(pictures.ITSELF, poster, backdrop)], 0, until, until)

    await shelf.database.write(work)
    shelf.library.changed(ME)


async def test_a_show_is_told_of_as_trakt_tells_of_it(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 2), T)
        assert DARK.ids.trakt is not None
        body = {"show": {"title": "Dark", "ids": {"trakt": DARK.ids.trakt, "tmdb": DARK.ids.tmdb}, **FULL}, "plays": 1}
        await shelf.synced("watched_shows", body)
        [row] = await shelf.told("legacy")
    told = row["show"]
    assert (told["overview"], told["network"], told["country"]) == ("Children vanish.", "Netflix", "Germany")
    assert (told["air_day"], told["air_time"], told["certification"]) == ("Friday", "10:05pm", "TV-MA")
    assert (told["first_aired"], told["runtime"], told["genres"]) == (1_512_104_400, 55, ["Science Fiction", "Drama"])


async def test_pictures_are_those_of_the_library_as_long_as_they_may_be_shown(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        await shelf.watched(dark(1, 2), T + DAY)
        assert HEAT.ids.tmdb is not None
        assert DARK.ids.tmdb is not None
        fresh = shelf.clock.now() + DAY
        await put(shelf, ("movie", HEAT.ids.tmdb), "/p.jpg", "/b.jpg", fresh)
        await put(shelf, ("show", DARK.ids.tmdb), "/sp.jpg", None, fresh)
        episode, movie = await shelf.told("legacy")
        assert movie["movie"]["images"] == {"poster": f"{TMDB}/w780/p.jpg", "fanart": f"{TMDB}/w1280/b.jpg"}
        assert episode["show"]["images"] == {"poster": f"{TMDB}/w780/sp.jpg", "fanart": "", "banner": ""}
        assert episode["episode"]["images"] == {"screen": ""}
        await put(shelf, ("movie", HEAT.ids.tmdb), "/p.jpg", "/b.jpg", shelf.clock.now())
        assert (await shelf.told("legacy"))[1]["movie"]["images"] == {"poster": "", "fanart": ""}


async def test_what_the_card_found_fills_what_the_library_lacks(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(dark(1, 2), T)
        await shelf.watched(dark(1, 3), T + DAY)
        own, season = subjects(dark(1, 2))
        fresh = shelf.clock.now() + DAY

        def work(connection: sqlite3.Connection) -> None:
            artwork.put(connection, ME, own, Artwork("still", None, None, "season poster"), 0, fresh)
            artwork.put(connection, ME, season, Artwork("show backdrop", None, None, "poster"), 0, fresh)

        await shelf.database.write(work)
        third, second = await shelf.told("legacy")
    assert second["episode"]["images"] == {"screen": "still"}
    assert second["show"]["images"] == {"poster": "poster", "fanart": "show backdrop", "banner": ""}
    assert third["episode"]["images"] == {"screen": "show backdrop"}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"airs": None, "country": None, "genres": None, "first_aired": None, "runtime": None},
        {"airs": {"time": "25:00"}, "country": 7, "genres": "x", "first_aired": "soon", "runtime": "55", "overview": []},
    ],
)
def test_every_key_is_there_whatever_is_known(told: dict[str, Any]) -> None:
    movie = legacy_item(Viewing(1, 0, "watch", None, Movie(None, None)), told, Pictured())
    assert (movie["type"], movie["action"], movie["watched"]) == ("movie", "seen", 0)
    assert isinstance(movie["movie"], dict)
    assert movie["movie"].keys() == MOVIE_KEYS
    row = legacy_item(Viewing(1, 0, "checkin", None, Episode(Show(None, None), None, None)), told, Pictured())
    show, episode = row["show"], row["episode"]
    assert isinstance(show, dict)
    assert isinstance(episode, dict)
    assert show.keys() == SHOW_KEYS
    assert episode.keys() == EPISODE_KEYS
    assert [show[name] for name in ("country", "air_time", "first_aired", "runtime", "genres")] == ["", "", 0, 0, []]
    assert None not in json.loads(json.dumps([*movie["movie"].values(), *show.values(), *episode.values()]))


@pytest.mark.parametrize(
    "time, told",
    [("00:00", "12:00am"), ("12:30", "12:30pm"), ("09:05", "9:05am"), ("23:59", "11:59pm"), ("9:5", ""), ("x", "")],
)
def test_the_time_of_the_day_is_told_in_halves(time: str, told: str) -> None:
    row = legacy_item(Viewing(1, 0, "watch", None, dark(1, 1)), {"airs": {"time": time}}, Pictured())
    assert isinstance(row["show"], dict)
    assert row["show"]["air_time"] == told
