"""Kodi's HttpScrobbler add-on."""

from typing import Any

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, MediaType, Movie
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, UnnamedEvent
from watchd.sources import kodi

NOON = 1_782_295_200_000
MOVIE: dict[str, Any] = {
    "timestamp": "2026-06-24T12:00:00.000000+02:00",
    "sessionId": "0f6a1c9e-7a51-4a53-9d6e-5e0a64b7f001",
    "event": "start",
    "dbId": 7,
    "title": "Alien",
    "mediaType": "movie",
    "year": 1979,
    "premiered": "1979-09-06",
    "uniqueIds": {"imdb": "tt0078748", "tmdb": "348"},
    "duration": 7000,
    "progress": {"time": 1750, "percent": 25.0},
}
EPISODE: dict[str, Any] = {
    **{name: value for name, value in MOVIE.items() if name != "premiered"},
    "title": "Cold Harbor",
    "mediaType": "episode",
    "year": 2025,
    "uniqueIds": {"tvdb": "10551883", "imdb": "tt13812490"},
    "tvShowTitle": "Severance (2022)",
    "season": 2,
    "episode": 10,
    "firstAired": "2025-03-21",
    "tvShowUniqueIds": {"tvdb": "371980", "tmdb": 95396, "imdb": "tt11280740"},
}


def event(payload: dict[str, Any]) -> PlaybackEvent:
    parsed = kodi.parse(payload)
    assert isinstance(parsed, PlaybackEvent)
    return parsed


def test_a_movie_is_read_with_its_session_and_its_time() -> None:
    found = event(MOVIE)
    assert found.media == Movie("Alien", 1979, MediaIds(imdb="tt0078748", tmdb=348), runtime=7000.0)
    assert (found.source, found.action, found.progress, found.position, found.duration) == (
        "kodi",
        "start",
        25.0,
        1750.0,
        7000.0,
    )
    assert (found.session, found.at, found.user, found.completed) == (MOVIE["sessionId"], NOON, None, False)


def test_an_episode_keeps_its_own_ids_apart_from_those_of_its_show() -> None:
    found = facts(kodi.parse(EPISODE))
    assert (found["title"], found["year"], found["season"], found["number"]) == ("Severance", 2022, 2, 10)
    assert found["ids"] == {"imdb": "tt13812490", "tvdb": 10551883}
    assert found["show_ids"] == {"imdb": "tt11280740", "tmdb": 95396, "tvdb": 371980}
    assert found["episode_title"] == "Cold Harbor"


@pytest.mark.parametrize(
    "verb, action",
    [
        ("start", Action.START),
        ("resume", Action.START),
        ("pause", Action.PAUSE),
        ("stop", Action.STOP),
        ("interval", Action.PROGRESS),
        ("seek", Action.PROGRESS),
        (" Interval ", Action.PROGRESS),
    ],
)
def test_each_event_is_an_action(verb: str, action: Action) -> None:
    found = event({**MOVIE, "event": verb})
    assert (found.action, found.completed, found.progress) == (action, False, 25.0)


@pytest.mark.parametrize("progress", [{"time": None, "percent": None}, {"time": 6900, "percent": 98.57}, None, {}])
def test_an_end_is_complete_whatever_position_it_states(progress: object) -> None:
    found = event({**MOVIE, "event": "end", "progress": progress})
    assert (found.action, found.completed, found.progress) == (Action.STOP, True, 100.0)


@pytest.mark.parametrize(
    "progress, duration, expected",
    [
        ({"time": None, "percent": None}, 7000, (None, None, 7000.0)),
        ({"time": 7, "percent": 82.91896869244935}, 7000, (82.92, 7.0, 7000.0)),
        ({"time": "1750", "percent": "25"}, "7000", (25.0, 1750.0, 7000.0)),
        ({"time": 0, "percent": 0}, 0, (0.0, 0.0, None)),
        ({"time": -1, "percent": -0.1}, None, (0.0, 0.0, None)),
        ({"time": 7001, "percent": 100.01}, 7000, (100.0, 7001.0, 7000.0)),
        ({"time": 1750}, 7000, (None, 1750.0, 7000.0)),
    ],
)
def test_the_position_is_read_as_it_is_given(progress: object, duration: object, expected: object) -> None:
    found = event({**MOVIE, "progress": progress, "duration": duration})
    assert (found.progress, found.position, found.duration) == expected


def test_an_older_add_on_gives_neither_session_nor_time() -> None:
    found = event({name: value for name, value in MOVIE.items() if name not in ("timestamp", "sessionId")})
    assert (found.session, found.at) == (None, None)


@pytest.mark.parametrize(
    "timestamp", ["", "yesterday", "2026-06-24T12:00:00", "0001-01-01T00:00:00+23:59", 0, "1970-01-01T00:00:05+00:00"]
)
def test_a_time_that_is_none_is_not_gone_by(timestamp: object) -> None:
    assert not event({**MOVIE, "timestamp": timestamp}).at


@pytest.mark.parametrize(
    "unique, ids",
    [
        ({"unknown": "tt0078748"}, MediaIds(imdb="tt0078748")),
        ({"unknown": "348"}, MediaIds()),
        ({"imdb": "", "tmdb": "0", "tvdb": None}, MediaIds()),
        ({"TMDB": " 348 ", "moviedb": [1], "rottentomatoes": {"a": 1}}, MediaIds(tmdb=348)),
        ({"anidb": "12", "mal": 13}, MediaIds(anidb=12, mal=13)),
        ({"imdb": "348"}, MediaIds()),
        (None, MediaIds()),
    ],
)
def test_ids_are_read_by_their_sites_and_what_cannot_be_one_is_dropped(unique: object, ids: MediaIds) -> None:
    assert event({**MOVIE, "uniqueIds": unique}).media.ids == ids


def test_specials_and_numbers_as_text_are_values_and_minus_one_is_none() -> None:
    numbers = []
    for season, number in (("0", "0"), (-1, -1), ("02", "9-10")):
        media = event({**EPISODE, "season": season, "episode": number}).media
        assert isinstance(media, Episode)
        numbers.append((media.season, media.number, media.number_end))
    assert numbers == [(0, 0, None), (None, None, None), (2, 9, 10)]


def test_two_rooms_are_told_apart_by_session_alone_unless_a_player_is_named() -> None:
    assert event(MOVIE).player == event({**EPISODE, "sessionId": "another"}).player == ""
    assert event({**MOVIE, "player": "Attic"}).player == event({**EPISODE, "player": "Attic"}).player_name == "Attic"


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"mediaType": "song"}, IgnoreReason.MUSIC),
        ({"mediaType": "track"}, IgnoreReason.MUSIC),
        ({"mediaType": "musicvideo"}, IgnoreReason.MUSIC),
        ({"mediaType": "picture"}, IgnoreReason.PHOTO),
        ({"mediaType": "channel"}, IgnoreReason.LIVE_TV),
        ({"mediaType": "set"}, IgnoreReason.UNSUPPORTED_TYPE),
        ({"event": "shuffle"}, IgnoreReason.UNKNOWN_EVENT),
        ({"event": "test"}, IgnoreReason.TEST_EVENT),
        ({"title": None, "uniqueIds": {}}, IgnoreReason.UNIDENTIFIABLE),
        ({"title": "", "uniqueIds": {}, "event": "stop"}, IgnoreReason.UNIDENTIFIABLE),
        ({"mediaType": "unknown", "title": "stream", "uniqueIds": {}, "year": None}, IgnoreReason.UNIDENTIFIABLE),
    ],
)
def test_what_is_nothing_of_ours_is_ignored_with_the_reason(change: dict[str, Any], reason: IgnoreReason) -> None:
    parsed = kodi.parse({**MOVIE, **change})
    assert isinstance(parsed, Ignored)
    assert parsed.reason is reason


def test_live_television_that_could_be_found_is_kept_for_those_who_want_it() -> None:
    parsed = kodi.parse({**EPISODE, "live": True})
    assert isinstance(parsed, Ignored)
    assert (parsed.reason, parsed.type) == (IgnoreReason.LIVE_TV, MediaType.EPISODE)
    assert parsed.instead == event(EPISODE)


def test_a_file_that_is_no_part_of_the_library_is_understood_by_its_name() -> None:
    bare = {**MOVIE, "title": "Severance.S02E09E10.1080p.mkv", "uniqueIds": {}, "year": 0}
    found = event(bare).media
    assert isinstance(found, Episode)
    assert (found.show.title, found.season, found.number, found.number_end, found.runtime) == ("Severance", 2, 9, 10, 7000.0)


def test_the_add_on_of_movary_tells_of_what_was_seen() -> None:
    found = event({"title": "Alien", "uniqueIds": {"tmdbId": "348"}})
    assert (found.action, found.media) == (Action.WATCHED, Movie("Alien", ids=MediaIds(tmdb=348)))


def test_the_add_on_of_movary_may_know_no_title() -> None:
    assert event({"uniqueIds": {"tmdbId": "348"}}).media == Movie(ids=MediaIds(tmdb=348))


def test_ids_of_the_show_among_those_of_the_episode_are_the_shows() -> None:
    media = event({**EPISODE, "uniqueIds": {"tvdb": "5", "tvshow.tmdb": "95396"}, "tvShowUniqueIds": {}}).media
    assert isinstance(media, Episode)
    assert (media.ids, media.show.ids) == (MediaIds(tvdb=5), MediaIds(tmdb=95396))


def test_a_stop_that_names_nothing_is_of_what_is_open() -> None:
    parsed = kodi.parse({"event": "stop", "sessionId": "a", "progress": {"percent": 12}})
    assert isinstance(parsed, UnnamedEvent)
    assert (parsed.action, parsed.session, parsed.progress) == (Action.STOP, "a", 12.0)


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ([], "wrong_type"),
        ({}, "no_event"),
        ({"event": 7}, "no_event"),
        ({"title": "Alien"}, "no_event"),
        ({**MOVIE, "uniqueIds": "tt0078748"}, "wrong_type"),
        ({**MOVIE, "uniqueIds": {"tmdb": [348]}}, "wrong_type"),
        ({**MOVIE, "title": ["Alien"]}, "wrong_type"),
        ({**MOVIE, "duration": "long"}, "wrong_type"),
        ({**MOVIE, "progress": {"percent": True}}, "wrong_type"),
        ({**MOVIE, "timestamp": {}}, "wrong_type"),
        ({**EPISODE, "season": "two"}, "wrong_type"),
    ],
)
def test_what_is_of_wrong_types_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        kodi.parse(payload)
    assert refusal.value.reason == reason
