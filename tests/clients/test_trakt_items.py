"""Trakt's items, read as they come: from old and new back ends, with gaps and with rubbish."""

from typing import Any

import pytest

from watchd.clients import trakt_items as items
from watchd.clients.trakt_items import TraktHistoryRow, TraktPlayback, TraktUser, TraktWatching
from watchd.clock import parse_iso
from watchd.model.media import Episode, MediaIds, MediaType, Movie, Show

MOVIE = {
    "title": "Heat",
    "year": 1995,
    "ids": {"trakt": 1, "slug": "heat-1995", "imdb": "tt0113277", "tmdb": 949},
    "runtime": 170,
}
EPISODE = {
    "season": 0,
    "number": 0,
    "title": "Pilot",
    "ids": {"trakt": 2, "tvdb": 3859791, "imdb": "", "tmdb": None, "tvrage": 0, "plex": {"guid": "x"}},
    "runtime": 45,
}
SHOW = {
    "title": "Severance",
    "year": None,
    "ids": {"trakt": 5, "slug": "severance", "tvdb": 0},
    "runtime": 50,
    "aired_episodes": 19,
}
HEAT = Movie("Heat", 1995, MediaIds(1, "heat-1995", "tt0113277", 949), 10_200)
PILOT = Episode(
    Show("Severance", None, MediaIds(5, "severance")), 0, 0, title="Pilot", ids=MediaIds(2, tvdb=3859791), runtime=2700
)
RUBBISH: list[Any] = [
    None,
    [],
    "x",
    5,
    True,
    {},
    {"movie": "x"},
    {"episode": []},
    {"ids": []},
    {"movie": None, "type": "movie"},
]


def test_a_movie_and_an_episode_with_unknown_keys_and_gaps() -> None:
    assert items.media({"type": "movie", "movie": MOVIE, "total_count": 5}) == HEAT
    assert items.media({"type": "episode", "episode": EPISODE, "show": SHOW}) == PILOT


def test_the_runtime_of_the_show_stands_in() -> None:
    assert items.episode({**EPISODE, "runtime": None}, SHOW).runtime == 3000
    assert items.episode({**EPISODE, "runtime": 0}, None).runtime is None


@pytest.mark.parametrize("value", RUBBISH)
def test_rubbish_is_nothing_and_raises_nothing(value: Any) -> None:
    assert items.media(value) is None
    assert items.watching(value) is None
    assert items.history_row(value) is None
    assert items.playback(value) is None
    assert items.user(value) is None
    assert items.movie(value).ids == MediaIds()
    assert items.show(value) == Show()
    assert items.episode(value, value) == Episode()


@pytest.mark.parametrize("value", [True, 1.5, "x", "-1", "1" * 30, 10**30, [], {}])
def test_an_id_of_the_wrong_type_is_unknown(value: Any) -> None:
    assert items.ids({"trakt": value, "tmdb": value}) == MediaIds()


def test_an_id_written_as_digits_is_read() -> None:
    assert items.ids({"tmdb": "949", "tvdb": 12}) == MediaIds(tmdb=949, tvdb=12)


def test_watching_keeps_trakts_moments() -> None:
    told = {
        "expires_at": "2026-11-20T21:57:00.000Z",
        "started_at": "2026-11-20T20:57:00.000Z",
        "action": "checkin",
        "type": "movie",
        "movie": MOVIE,
    }
    started = parse_iso("2026-11-20T20:57:00Z")
    assert items.watching(told) == TraktWatching(HEAT, "checkin", started, started + 3_600_000)
    assert items.watching({**told, "expires_at": None}) is None
    assert items.watching({**told, "started_at": "yesterday"}) is None


def test_a_history_row_of_an_unknown_date_and_a_large_id() -> None:
    row = items.history_row(
        {"id": 13062230456, "watched_at": "1970-01-01T00:00:00.000Z", "action": "watch", "type": "movie", "movie": MOVIE}
    )
    assert row == TraktHistoryRow(13062230456, 0, "watch", HEAT)
    assert row is not None
    assert row.type is MediaType.MOVIE


def test_a_playback_row() -> None:
    row = {
        "id": 37,
        "progress": 65.5,
        "paused_at": "2026-11-20T19:30:00.000Z",
        "type": "episode",
        "episode": EPISODE,
        "show": SHOW,
    }
    assert items.playback(row) == TraktPlayback(37, 65.5, parse_iso("2026-11-20T19:30:00Z"), PILOT)
    assert items.playback({**row, "progress": float("nan")}) is None


def test_the_user_behind_the_tokens() -> None:
    told = {"user": {"username": "Jane.D", "ids": {"slug": "jane-d", "uuid": "u-1", "trakt": 7}, "vip": True}, "account": {}}
    assert items.user(told) == TraktUser("jane-d", "Jane.D", "u-1", vip=True)
    assert items.user({"user": {"ids": {"slug": "jane-d"}}}) == TraktUser("jane-d", "jane-d")


@pytest.mark.parametrize(
    "name,ids", [(5, MediaIds(trakt=5)), ("tt0113277", MediaIds(imdb="tt0113277")), ("ttyl", MediaIds(slug="ttyl"))]
)
def test_a_name_in_a_path_is_an_id(name: str | int, ids: MediaIds) -> None:
    assert items.ids_of(name) == ids
