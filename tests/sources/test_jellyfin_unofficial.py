"""The unofficial webhook plugin of Jellyfin: its own format, and its imitation of Plex."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_totality import JSON, SCALARS, near, outcome, some
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, MediaType, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, Sender
from watchd.sources import jellyfin

SERVER = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SOMEBODY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
PLACE: dict[str, Any] = {
    "User": {"Name": " Ada ", "Id": SOMEBODY},
    "Server": {"Id": SERVER, "Name": "cellar", "Version": "10.10.3"},
    "AdditionalData": None,
}
MOVIE: dict[str, Any] = {
    "Type": "Movie",
    "Name": "Alien",
    "ProductionYear": 1979,
    "RunTimeTicks": 70_000_000_000,
    "ProviderIds": {"Tmdb": "348", "IMDB": "tt0078748", "Official Website": "https://example.org", "TmdbCollection": "8091"},
    "UserData": {"Played": False, "PlaybackPositionTicks": 0},
}
EPISODE: dict[str, Any] = {
    "Type": "Episode",
    "Name": "Lies",
    "SeriesName": "Dark",
    "ParentIndexNumber": 1,
    "IndexNumber": 2,
    "ProductionYear": 2018,
    "RunTimeTicks": 30_000_000_000,
    "ProviderIds": {"Tvdb": "6465764"},
}
SERIES = {"Type": "Series", "Name": "Dark", "ProductionYear": 2017, "ProviderIds": {"Tvdb": "334824", "Imdb": "tt5753856"}}


def told(kind: str, item: dict[str, Any] = MOVIE, ticks: int | None = None, **more: object) -> dict[str, Any]:
    session = {
        "Id": "5e55",
        "Client": "Swiftfin",
        "DeviceId": "tv-7",
        "DeviceName": "Bedroom",
        "PlayState": {"PositionTicks": ticks, "IsPaused": False},
    }
    return PLACE | {"Event": kind, "Item": item, "Session": session, "Series": None} | more


def event(payload: object) -> PlaybackEvent:
    parsed = jellyfin.parse(payload)
    assert isinstance(parsed, PlaybackEvent)
    return parsed


def ignored(payload: object) -> Ignored:
    parsed = jellyfin.parse(payload)
    assert isinstance(parsed, Ignored)
    return parsed


def test_a_movie_that_plays_tells_of_its_screen_its_user_and_its_server() -> None:
    assert event(told("Play", ticks=0)) == PlaybackEvent(
        source="jellyfin",
        action=Action.START,
        media=Movie("Alien", 1979, MediaIds(imdb="tt0078748", tmdb=348), 7000.0),
        position=0.0,
        duration=7000.0,
        player=f"{SERVER}/tv-7",
        player_name="Bedroom",
        user="Ada",
        sender=Sender(user_id=SOMEBODY, server=SERVER, server_name="cellar"),
    )


def test_an_episode_comes_with_the_ids_and_the_year_of_its_show() -> None:
    assert event(told("Play", EPISODE, Series=SERIES)).media == Episode(
        Show("Dark", 2017, MediaIds(imdb="tt5753856", tvdb=334824)),
        1,
        2,
        title="Lies",
        ids=MediaIds(tvdb=6465764),
        runtime=3000.0,
    )


def test_without_its_series_an_episodes_own_year_is_not_taken_for_the_shows() -> None:
    media = event(told("Play", EPISODE)).media
    assert isinstance(media, Episode)
    assert media.show == Show("Dark")


def test_a_double_episode_has_two_numbers() -> None:
    media = event(told("Play", EPISODE | {"IndexNumberEnd": 3})).media
    assert isinstance(media, Episode)
    assert (media.number, media.number_end) == (2, 3)


@pytest.mark.parametrize(
    "kind, action",
    [
        ("Play", Action.START),
        ("Resume", Action.START),
        ("Pause", Action.PAUSE),
        ("Progress", Action.PROGRESS),
        ("Stop", Action.STOP),
        ("Scrobble", Action.WATCHED),
    ],
)
def test_what_plays_has_a_position(kind: str, action: Action) -> None:
    found = event(told(kind, ticks=63_000_000_000))
    assert (found.action, found.position, found.duration) == (action, 6300.0, 7000.0)


def test_progress_of_what_is_paused_is_a_pause() -> None:
    payload = told("Progress", ticks=1)
    payload["Session"]["PlayState"]["IsPaused"] = True
    assert event(payload).action is Action.PAUSE


def test_a_stop_of_what_is_played_by_then_completed_it() -> None:
    stop = event(told("Stop", MOVIE | {"UserData": {"Played": True}}))
    assert (stop.completed, stop.progress) == (True, 100.0)


def test_what_was_played_earlier_is_no_completion_of_a_pause() -> None:
    assert not event(told("Pause", MOVIE | {"UserData": {"Played": True}})).completed


def test_a_stop_whose_session_is_over_is_where_it_was_saved_for_resuming() -> None:
    stop = event(told("Stop", MOVIE | {"UserData": {"Played": False, "PlaybackPositionTicks": 35_000_000_000}}))
    assert (stop.position, stop.completed) == (3500.0, False)


def test_nothing_saved_for_resuming_is_no_position() -> None:
    assert event(told("Stop")).position is None


@pytest.mark.parametrize("kind, action", [("MarkPlayed", Action.MARK_WATCHED), ("MarkUnplayed", Action.MARK_UNWATCHED)])
def test_marks_come_without_a_session_and_have_no_position(kind: str, action: Action) -> None:
    mark = event(told(kind, MOVIE | {"UserData": {"Played": True}}, Session=None))
    assert (mark.action, mark.position, mark.progress, mark.completed, mark.player) == (action, None, None, False, f"{SERVER}/")


@pytest.mark.parametrize("given, rating", [(8.5, 8.5), ("7", 7.0), (12, 10.0)])
def test_a_rating_is_a_number_up_to_ten(given: object, rating: float) -> None:
    rate = event(told("Rate", MOVIE | {"UserData": {"Rating": given}}, Session=None))
    assert (rate.action, rate.rating, rate.position) == (Action.RATE, rating, None)


@pytest.mark.parametrize(
    "saved, reason",
    [
        ({"IsFavorite": True, "Played": True}, IgnoreReason.FAVOURITE),
        ({"IsFavorite": False, "Rating": 0}, IgnoreReason.FAVOURITE),
        ({"Rating": None}, IgnoreReason.NO_RATING),
        (None, IgnoreReason.NO_RATING),
    ],
)
def test_a_rating_without_a_number_is_none(saved: object, reason: IgnoreReason) -> None:
    assert ignored(told("Rate", MOVIE | {"UserData": saved})) == Ignored(reason, "Ada", MediaType.MOVIE)


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("ItemAdded", IgnoreReason.LIBRARY_EVENT),
        ("ItemRemoved", IgnoreReason.LIBRARY_EVENT),
        ("AuthenticationFailed", IgnoreReason.SYSTEM_EVENT),
        ("SessionStarted", IgnoreReason.SYSTEM_EVENT),
        ("SubtitleDownloadFailure", IgnoreReason.SYSTEM_EVENT),
        ("HasPendingRestartChanged", IgnoreReason.SYSTEM_EVENT),
        ("Daydream", IgnoreReason.UNKNOWN_EVENT),
    ],
)
def test_what_is_no_playback_is_ignored_with_its_reason(kind: str, reason: IgnoreReason) -> None:
    assert ignored(told(kind, Session=None)) == Ignored(reason, "Ada")


@pytest.mark.parametrize(
    "item, reason",
    [
        ({"Type": "Audio"}, IgnoreReason.MUSIC),
        ({"Type": "Audio", "ExtraType": "ThemeSong"}, IgnoreReason.MUSIC),
        ({"Type": "Movie", "ExtraType": "Trailer", "Name": "Alien"}, IgnoreReason.TRAILER),
        ({"Type": "Video", "ExtraType": "BehindTheScenes"}, IgnoreReason.TRAILER),
        ({"Type": "Video", "ExtraType": ""}, IgnoreReason.NOT_VIDEO_LIBRARY),
        ({"Type": "TvChannel", "Name": "One"}, IgnoreReason.LIVE_TV),
        ({"Type": "Season"}, IgnoreReason.UNSUPPORTED_TYPE),
        ({"Name": "Alien"}, IgnoreReason.UNIDENTIFIABLE),
        ({}, IgnoreReason.NO_METADATA),
    ],
)
def test_what_is_neither_movie_nor_episode_is_ignored(item: dict[str, Any], reason: IgnoreReason) -> None:
    assert ignored(told("Play", item)) == Ignored(reason, "Ada")


def lookalike(kind: str, **more: object) -> dict[str, Any]:
    return {
        "event": kind,
        "Account": {"id": "9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0", "title": "Ada"},
        "Server": {"title": "cellar", "uuid": SERVER},
        "Player": {"local": True, "publicAddress": "198.51.100.7", "title": "Bedroom", "uuid": "5e55"},
        "Metadata": {
            "type": "episode",
            "title": "Lies",
            "grandparentTitle": "Dark",
            "guid": "com.plexapp.agents.thetvdb://334824/1/2?lang=en",
            "duration": 30_000_000,
        },
    } | more


def test_its_imitation_of_plex_is_read_as_jellyfins() -> None:
    found = event(lookalike("media.play"))
    assert (found.source, found.action, found.user, found.player) == ("jellyfin", Action.START, "Ada", f"{SERVER}/5e55")
    assert found.media == Episode(Show("Dark", None, MediaIds(tvdb=334824)), 1, 2, title="Lies")
    assert found.sender.user_id in (None, SOMEBODY)


def test_a_scrobble_of_an_imitated_plex_is_watched_where_something_plays() -> None:
    assert event(lookalike("media.scrobble")).action is Action.WATCHED


def test_a_scrobble_without_a_player_is_a_mark() -> None:
    assert event(lookalike("media.scrobble", Player={"local": True, "uuid": None})).action is Action.MARK_WATCHED


def test_a_play_without_a_player_may_be_anything() -> None:
    assert ignored(lookalike("media.play", Player={"local": True})).reason is IgnoreReason.NOISE


def test_what_plex_would_ignore_is_ignored() -> None:
    found = ignored(lookalike("media.play", Metadata={"type": "track", "title": "Song"}))
    assert found == Ignored(IgnoreReason.MUSIC, "Ada")


@pytest.mark.parametrize(
    "payload, reason",
    [
        ({"Event": 7}, "no_event"),
        ({"Event": " "}, "no_event"),
        (told("Play", Item=[]), "wrong_type"),
        (told("Play", Session="5e55"), "wrong_type"),
        (told("Play", EPISODE, Series=[]), "wrong_type"),
        (told("Play", MOVIE | {"ProviderIds": []}), "wrong_type"),
        (told("Play", MOVIE | {"ProductionYear": True}), "wrong_type"),
        (told("Stop", MOVIE | {"UserData": "played"}), "wrong_type"),
        (lookalike("media.play", Metadata=[]), "wrong_type"),
    ],
)
def test_what_is_no_delivery_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        jellyfin.parse(payload)
    assert refusal.value.reason == reason


ITEM = st.fixed_dictionaries(
    {"Type": near(st.sampled_from(["Movie", "Episode", "TvChannel"]))},
    optional={name: near(SCALARS) for name in (*MOVIE, *EPISODE, "IndexNumberEnd", "ExtraType") if name != "Type"}
    | {"ProviderIds": near(some("Imdb", "Tmdb", "Tvdb")), "UserData": near(some("Played", "Rating", "PlaybackPositionTicks"))},
)
HOOK = st.fixed_dictionaries(
    {"Event": near(st.sampled_from(["Play", "Stop", "Progress", "Scrobble", "MarkPlayed", "Rate"])), "Item": near(ITEM)},
    optional={
        "Series": near(some("Name", "ProductionYear", "ProviderIds")),
        "Session": near(some("Id", "DeviceId", "PlayState")),
        "User": near(some("Name", "Id")),
        "Server": near(some("Id", "Name")),
    },
)
IMITATION = st.fixed_dictionaries(
    {"event": near(st.sampled_from(["media.play", "media.scrobble", "media.rate"]))},
    optional={
        "Metadata": near(some("type", "title", "guid")),
        "Account": near(some("id", "title")),
        "Player": near(some("uuid")),
    },
)


@given(payload=st.one_of(JSON, HOOK, IMITATION))
def test_any_json_is_answered_by_the_unofficial_plugin(payload: object) -> None:
    assert outcome(lambda: jellyfin.parse(payload)) in {"sound", "wrong_type", "no_event"}
