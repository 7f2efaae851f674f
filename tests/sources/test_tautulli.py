"""Tautulli's deliveries: our own template, and those of others that imitate Plex."""

from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored
from watchd.sources import plex, tautulli

EPISODE = {
    "source": "tautulli",
    "event": "stop",
    "user": " ada ",
    "user_id": "77",
    "server": "attic",
    "server_id": "5e12ff",
    "player": "Living room",
    "player_id": "77ab",
    "session": "31",
    "library": "Series",
    "library_id": "4",
    "live": "0",
    "media_type": "episode",
    "title": "Dark - Lies",
    "show": "Dark (2017)",
    "episode_title": "Lies",
    "season": "1",
    "number": "2",
    "year": "2018",
    "show_year": "2017",
    "guid": "plex://episode/5d9c1363705e7a001e6e1c1d",
    "imdb": "tt5753856",
    "tvdb": "334824",
    "tmdb": "70523",
    "position_ms": "1500500",
    "duration_ms": "3000000",
    "percent": "50",
    "rating": "",
    "time": "1790000000",
}
MOVIE = EPISODE | {
    "media_type": "movie",
    "title": "Alien",
    "show": "",
    "episode_title": "",
    "season": "0",
    "number": "0",
    "year": "1979",
    "show_year": "",
    "imdb": "tt0078748",
    "tvdb": "",
    "tmdb": "348",
}
LIKE_PLEX: dict[str, Any] = {
    "event": "tautulli.watched",
    "Account": {"id": "77", "title": "ada"},
    "Server": {"title": "attic", "uuid": "5e12ff"},
    "Player": {"title": "Living room", "uuid": "77ab"},
    "Metadata": {
        "type": "episode",
        "librarySectionType": None,
        "librarySectionTitle": "Series",
        "guid": "plex://episode/5d9c1363705e7a001e6e1c1d",
        "title": "Lies",
        "grandparentTitle": "Dark",
        "parentIndex": "01",
        "index": "2",
        "year": "2017",
        "viewOffset": "2700000",
        "duration": "3000000",
        "Guids": {"imdb": "tt5753856", "tvdb": "334824", "tmdb": "", "tvmaze": "17861"},
    },
}
SHOW_IDS = {"imdb": "tt5753856", "tmdb": 70523, "tvdb": 334824}


def found(payload: object) -> dict[str, object]:
    return facts(tautulli.parse(payload))


def test_our_template_tells_of_an_episode_with_the_ids_of_its_show() -> None:
    assert found(EPISODE) == {
        "action": "stop",
        "type": "episode",
        "title": "Dark",
        "year": 2017,
        "season": 1,
        "number": 2,
        "number_end": None,
        "number_abs": None,
        "episode_title": "Lies",
        "ids": {},
        "show_ids": SHOW_IDS,
        "progress": 50.0,
        "position": 1500.5,
        "duration": 3000.0,
        "at": 1_790_000_000_000,
        "session": "5e12ff/31",
        "player": "5e12ff/77ab",
        "player_name": "Living room",
        "user": "ada",
        "completed": False,
        "rating": None,
        "user_id": "77",
        "server": "5e12ff",
        "server_name": "attic",
        "library": "Series",
        "library_id": "4",
    }


def test_our_template_tells_of_a_movie_with_its_own_ids() -> None:
    told = found(MOVIE)
    assert (told["type"], told["title"], told["year"]) == ("movie", "Alien", 1979)
    assert (told["ids"], told["show_ids"], told["season"]) == ({"imdb": "tt0078748", "tmdb": 348}, {}, None)


@pytest.mark.parametrize(
    "event, action",
    [("play", "start"), ("resume", "start"), ("pause", "pause"), ("stop", "stop"), ("watched", "watched"), ("PLAY", "start")],
)
def test_an_action_of_tautulli_is_understood_in_every_spelling(event: str, action: str) -> None:
    assert found(EPISODE | {"event": event})["action"] == action
    assert found(LIKE_PLEX | {"event": f"tautulli.{event}"})["action"] == action


@pytest.mark.parametrize(
    "event, reason",
    [
        ("buffer", "noise"),
        ("change", "noise"),
        ("error", "noise"),
        ("intro", "noise"),
        ("commercial", "noise"),
        ("credits", "noise"),
        ("concurrent", "noise"),
        ("created", "library_event"),
        ("test", "test_event"),
        ("extdown", "system_event"),
        ("pmsupdate", "system_event"),
        ("newdevice", "system_event"),
        ("levitate", "unknown_event"),
    ],
)
def test_what_is_no_playback_is_ignored_with_its_reason(event: str, reason: str) -> None:
    assert found(EPISODE | {"event": event}) == {"ignored": reason, "user": "ada", "type": None, "instead": None}


def test_a_range_of_numbers_is_a_file_of_several_episodes() -> None:
    told = found(EPISODE | {"number": "6-7"})
    assert (told["number"], told["number_end"]) == (6, 7)
    told = found(EPISODE | {"season": "1-2", "number": "7-7"})
    assert (told["season"], told["number"], told["number_end"]) == (1, 7, None)
    told = found(EPISODE | {"number": "06, 07"})
    assert (told["number"], told["number_end"]) == (6, 7)


def test_a_special_keeps_its_zeros() -> None:
    told = found(EPISODE | {"season": "0", "number": "0"})
    assert (told["season"], told["number"]) == (0, 0)


def test_what_is_not_set_is_not_known() -> None:
    names = ("position_ms", "duration_ms", "percent", "time", "session", "imdb", "tvdb", "tmdb", "user", "show_year")
    told = found(EPISODE | dict.fromkeys(names, ""))
    unset = ("position", "duration", "progress", "at", "session", "user")
    assert all(told[name] is None for name in unset)
    assert (told["show_ids"], told["year"]) == ({}, 2017)


def test_live_television_is_ignored_and_says_what_it_would_have_been() -> None:
    ignored = tautulli.parse(EPISODE | {"live": "1"})
    assert isinstance(ignored, Ignored)
    assert facts(ignored) == {"ignored": "live_tv", "user": "ada", "type": "episode", "instead": "Dark"}
    assert ignored.instead == tautulli.parse(EPISODE)
    assert found(EPISODE | {"guid": "tv.plex.xmltv://episode/1"})["ignored"] == "live_tv"
    assert found(LIKE_PLEX | {"Metadata": LIKE_PLEX["Metadata"] | {"live": "1"}})["ignored"] == "live_tv"


@pytest.mark.parametrize(
    "kind, reason",
    [("track", "music"), ("photo", "photo"), ("clip", "trailer"), ("season", "unsupported_type"), ("", "unidentifiable")],
)
def test_other_media_are_ignored(kind: str, reason: str) -> None:
    assert found(EPISODE | {"media_type": kind})["ignored"] == reason


def test_a_template_like_plex_with_its_own_prefix_gives_the_year_of_the_show() -> None:
    told = found(LIKE_PLEX)
    assert (told["action"], told["title"], told["year"], told["season"], told["number"]) == ("watched", "Dark", 2017, 1, 2)
    assert (told["ids"], told["show_ids"]) == ({}, {"imdb": "tt5753856", "tvdb": 334824})
    assert (told["progress"], told["user_id"], told["player"]) == (90.0, "77", "5e12ff/77ab")


@pytest.mark.parametrize("name", ["guid", "Guid"])
def test_a_list_of_ids_in_a_template_like_plex_is_the_shows(name: str) -> None:
    ids = [{"id": "imdb://tt5753856"}, {"id": "tvdb://"}, {"id": "tmdb://70523"}]
    item = {"type": "episode", "grandparentTitle": "Dark", "parentIndex": "1", "index": "2", "year": "2018", name: ids}
    told = found({"event": "media.scrobble", "Account": {"title": "ada"}, "Metadata": item})
    assert (told["ids"], told["show_ids"], told["year"]) == ({}, {"imdb": "tt5753856", "tmdb": 70523}, None)


def test_a_rating_needs_a_number() -> None:
    item = {"type": "movie", "title": "Alien", "userRating": "8.5"}
    told = found({"event": "media.rate", "Metadata": item})
    assert (told["action"], told["rating"], told["progress"]) == ("rate", 8.5, None)
    assert found({"event": "media.rate", "Metadata": item | {"userRating": ""}})["ignored"] == "no_rating"


def test_a_template_of_tautulli_is_known_at_the_address_of_plex_too() -> None:
    assert plex.parse(LIKE_PLEX) == tautulli.parse(LIKE_PLEX)
    marked = LIKE_PLEX | {"event": "media.stop", "server": "tautulli"}
    assert plex.parse(marked) == tautulli.parse(marked)
    assert facts(plex.parse(EPISODE))["show_ids"] == SHOW_IDS


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ([], "wrong_type"),
        ({}, "no_event"),
        ({"event": " "}, "no_event"),
        ({"event": 7}, "no_event"),
        (EPISODE | {"position_ms": "{view_offset}"}, "wrong_type"),
        (EPISODE | {"percent": []}, "wrong_type"),
        (EPISODE | {"imdb": {}}, "wrong_type"),
        (EPISODE | {"time": True}, "wrong_type"),
        (LIKE_PLEX | {"Metadata": "x"}, "wrong_type"),
        (LIKE_PLEX | {"Account": 3}, "wrong_type"),
    ],
)
def test_a_delivery_of_wrong_types_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        tautulli.parse(payload)
    assert refusal.value.reason == reason
