"""The official webhook plugin of Jellyfin: all properties, and templates."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_totality import JSON, SCALARS, near, outcome
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, MediaType, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, Sender
from watchd.sources import jellyfin

SERVER = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SOMEBODY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
PLACE = {
    "ServerId": SERVER,
    "ServerName": "cellar",
    "ServerVersion": "10.11.8",
    "ServerUrl": "",
    "UtcTimestamp": "2026-05-04T19:30:15.1239876Z",
    "Timestamp": "2026-05-04T21:30:15.1239871+02:00",
}
SCREEN = {"DeviceId": "tv-7", "DeviceName": "Bedroom", "ClientName": "Swiftfin", "Id": "5e55", "IsPaused": False}
PERSON = {"NotificationUsername": "  Ada ", "UserId": SOMEBODY}
MOVIE = {
    "Name": "Alien",
    "ItemId": "aa",
    "ItemType": "Movie",
    "RunTimeTicks": 70_000_000_000,
    "Year": 1979,
    "Provider_imdb": "tt0078748",
    "Provider_tmdb": "348",
    "Provider_tmdbcollection": "8091",
    "Provider_tvrage": "12",
}
EPISODE = {
    "Name": "Lies",
    "ItemId": "bb",
    "ItemType": "Episode",
    "RunTimeTicks": 30_000_000_000,
    "Year": 2017,
    "PremiereDate": "2017-12-01",
    "SeriesName": "Dark",
    "SeasonNumber": 1,
    "SeasonNumber00": "01",
    "EpisodeNumber": 2,
    "EpisodeNumber00": "02",
    "Provider_tvdb": "6465764",
}
COMPACT = """{"schema":"watchd-jellyfin-1","NotificationType":"%s","UtcTimestamp":"2026-05-04T19:30:15.5000000Z",
"ServerId":"%s","UserId":"9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0","NotificationUsername":"Ada","DeviceId":"tv-7","ItemId":"bb",
"ItemType":"Episode","Name":"Lies","SeriesName":"Dark","Year":"2017","PremiereDate":"2017-12-01","SeasonNumber":"1","EpisodeNumber":"2",
"EpisodeNumberEnd":"","RunTimeTicks":"30000000000","PlaybackPositionTicks":"%s","IsPaused":"%s","PlayedToCompletion":"%s",
"Played":"","SaveReason":"","Provider_imdb":"","Provider_tmdb":"","Provider_tvdb":"6465764"}"""


def told(kind: str, item: dict[str, Any], **more: object) -> dict[str, object]:
    return PLACE | SCREEN | PERSON | item | {"NotificationType": kind} | more


def event(payload: object) -> PlaybackEvent:
    parsed = jellyfin.parse(payload)
    assert isinstance(parsed, PlaybackEvent)
    return parsed


def ignored(payload: object) -> Ignored:
    parsed = jellyfin.parse(payload)
    assert isinstance(parsed, Ignored)
    return parsed


def episode(**more: object) -> Episode:
    media = event(told("PlaybackStart", EPISODE, **more)).media
    assert isinstance(media, Episode)
    return media


def test_a_movie_that_starts_tells_of_its_screen_its_user_and_its_server() -> None:
    assert event(told("PlaybackStart", MOVIE, PlaybackPositionTicks=0)) == PlaybackEvent(
        source="jellyfin",
        action=Action.START,
        media=Movie("Alien", 1979, MediaIds(imdb="tt0078748", tmdb=348), 7000.0),
        position=0.0,
        duration=7000.0,
        at=1_777_923_015_124,
        player=f"{SERVER}/tv-7",
        player_name="Bedroom",
        user="Ada",
        sender=Sender(user_id=SOMEBODY, server=SERVER, server_name="cellar"),
    )


def test_a_template_may_name_the_user_by_either_of_the_plugins_two_names() -> None:
    assert event(told("PlaybackStart", MOVIE, NotificationUsername="", Username=" Ada ")).user == "Ada"
    assert event(told("PlaybackStart", MOVIE, Username="Bert")).user == "Ada"


def test_an_episodes_year_is_its_shows_and_its_ids_are_its_own() -> None:
    assert episode() == Episode(Show("Dark", 2017), 1, 2, title="Lies", ids=MediaIds(tvdb=6465764), runtime=3000.0)


@pytest.mark.parametrize(
    "kind, paused, action",
    [
        ("PlaybackStart", False, Action.START),
        ("PlaybackStart", True, Action.PAUSE),
        ("PlaybackProgress", False, Action.PROGRESS),
        ("PlaybackProgress", "False", Action.PROGRESS),
        ("PlaybackProgress", "", Action.PROGRESS),
        ("PlaybackProgress", True, Action.PAUSE),
        ("PlaybackProgress", "True", Action.PAUSE),
        ("PlaybackStop", True, Action.STOP),
        ("playbackstop", "True", Action.STOP),
    ],
)
def test_only_what_still_plays_can_be_paused(kind: str, paused: object, action: Action) -> None:
    assert event(told(kind, MOVIE, IsPaused=paused)).action is action


def test_a_completed_stop_is_at_the_end_wherever_its_position_is() -> None:
    stop = event(told("PlaybackStop", MOVIE, PlaybackPositionTicks=0, PlayedToCompletion="True"))
    assert (stop.completed, stop.progress) == (True, 100.0)


def test_a_stop_that_did_not_complete_is_where_it_says() -> None:
    stop = event(told("PlaybackStop", MOVIE, PlaybackPositionTicks="35000000000", PlayedToCompletion=False))
    assert (stop.completed, stop.progress, stop.position, stop.duration) == (False, None, 3500.0, 7000.0)


def test_completion_means_nothing_before_the_end() -> None:
    assert not event(told("PlaybackProgress", MOVIE, PlayedToCompletion=True)).completed


def test_a_runtime_of_zero_is_none() -> None:
    start = event(told("PlaybackStart", MOVIE, RunTimeTicks=0, PlaybackPositionTicks=0))
    assert (start.duration, start.media.runtime, start.position) == (None, None, 0.0)


def test_a_template_may_have_clock_times_instead_of_ticks() -> None:
    item = {key: value for key, value in MOVIE.items() if key != "RunTimeTicks"}
    pause = event(told("PlaybackProgress", item, RunTime="01:56:40", PlaybackPosition="00:58:20"))
    assert (pause.position, pause.duration) == (3500.0, 7000.0)


def test_ticks_come_before_clock_times() -> None:
    assert event(told("PlaybackStart", MOVIE, PlaybackPositionTicks=10_000_000, PlaybackPosition="00:00:00")).position == 1.0


@pytest.mark.parametrize("kind", ["PlaybackStart", "PlaybackProgress", "PlaybackStop"])
def test_the_compact_template_is_understood(kind: str) -> None:
    found = event(json.loads(COMPACT % (kind, SERVER, "15000000000", "False", "")))
    assert found.media == Episode(Show("Dark", 2017), 1, 2, title="Lies", ids=MediaIds(tvdb=6465764), runtime=3000.0)
    assert (found.position, found.player, found.at) == (1500.0, f"{SERVER}/tv-7", 1_777_923_015_500)


def test_dashed_ids_are_the_same_as_plain_ones() -> None:
    dashed = {"ServerId": "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9", "UserId": "9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0"}
    assert event(told("PlaybackStart", MOVIE, **dashed)) == event(told("PlaybackStart", MOVIE))


def test_the_empty_id_is_nobodys() -> None:
    assert event(told("PlaybackStart", MOVIE, UserId="00000000-0000-0000-0000-000000000000")).sender.user_id is None


def test_the_session_of_an_app_is_no_session_of_a_playback() -> None:
    assert event(told("PlaybackStart", MOVIE)).session is None


@pytest.mark.parametrize(
    "name, title",
    [
        ("S&#233;rie", "Série"),
        ("Tom &amp; Jerry&#x27;s", "Tom & Jerry's"),
        ('The \\"Pilot\\" \\ Part 1', 'The "Pilot" \\ Part 1'),
        ("The \\&quot;Pilot\\&quot;", 'The "Pilot"'),
        ("C:\\new \\\\", "C:\\new \\\\"),
        ("AT&T &copy ours", "AT&T &copy ours"),
        ("1917", "1917"),
        (1917, "1917"),
        ("  padded  ", "padded"),
        ("", None),
    ],
)
def test_titles_are_read_as_they_were_before_the_plugin_escaped_them(name: object, title: str | None) -> None:
    assert event(told("PlaybackStart", MOVIE, Name=name)).media.title == title


def test_the_year_at_the_end_of_a_shows_title_is_no_part_of_it() -> None:
    assert episode(SeriesName="The Paper (2025)", Year="").show == Show("The Paper", 2025)


def test_the_year_at_the_end_of_a_movies_title_is_part_of_it() -> None:
    assert event(told("PlaybackStart", MOVIE, Name="Alien (1979)")).media.title == "Alien (1979)"


@pytest.mark.parametrize(
    "numbers, place",
    [
        ({"SeasonNumber": "01", "EpisodeNumber": "02"}, (1, 2, None)),
        ({"SeasonNumber": 0, "EpisodeNumber": 0}, (0, 0, None)),
        ({"EpisodeNumber": "6-7"}, (1, 6, 7)),
        ({"EpisodeNumber": 6, "EpisodeNumberEnd": 8}, (1, 6, 8)),
        ({"EpisodeNumber": "6", "EpisodeNumberEnd": "06"}, (1, 6, None)),
        ({"EpisodeNumber": 6, "EpisodeNumberEnd": 5}, (1, 6, None)),
        ({"EpisodeNumber": 6, "EpisodeNumberEnd": 99_999}, (1, 6, None)),
        ({"EpisodeNumber": "", "EpisodeNumberEnd": 7, "EpisodeNumber00": ""}, (1, None, None)),
        ({"SeasonNumber": None, "SeasonNumber00": None}, (None, 2, None)),
        ({"SeasonNumber": "", "SeasonNumber00": "", "SeasonNumber000": "004"}, (4, 2, None)),
    ],
)
def test_numbers_are_read_in_every_form(numbers: dict[str, object], place: tuple[int | None, ...]) -> None:
    media = episode(**numbers)
    assert (media.season, media.number, media.number_end) == place


@pytest.mark.parametrize(
    "given, ids",
    [
        ({"Provider_tvdb": "", "Provider_imdb": "tt6305578"}, MediaIds(imdb="tt6305578")),
        ({"Provider_tvdb": "0", "Provider_tmdb": 1416121}, MediaIds(tmdb=1416121)),
        ({"Provider_tvdb": None, "Provider_AniDB": "238801"}, MediaIds(anidb=238801)),
        ({"provider_Tvdb": " 77 ", "Provider_tvdb": ""}, MediaIds(tvdb=77)),
        ({"Provider_tvdb": "1234567890123", "Provider_imdb": "0078748"}, MediaIds()),
        ({"Provider_tvdb": "dark", "Provider_myanimelist": "1575"}, MediaIds()),
    ],
)
def test_ids_are_taken_where_they_can_be_ids_of_an_episode(given: dict[str, object], ids: MediaIds) -> None:
    assert episode(**given).ids == ids


@pytest.mark.parametrize(
    "times, at",
    [
        ({"UtcTimestamp": "2026-05-04T19:30:15Z"}, 1_777_923_015_000),
        ({"UtcTimestamp": "2026-05-04T19:30:15.5"}, 1_777_923_015_500),
        ({"UtcTimestamp": None}, 1_777_923_015_124),
        ({"UtcTimestamp": "", "Timestamp": "2026-05-04T21:30:15.5"}, None),
        ({"UtcTimestamp": "05/04/2026 19:30:15", "Timestamp": "5/4/2026 9:30:15 PM"}, None),
        ({"UtcTimestamp": "0001-01-01T00:00:00.0000000Z", "Timestamp": None}, None),
        ({"UtcTimestamp": None, "Timestamp": None}, None),
    ],
)
def test_the_time_is_believed_where_it_is_clear_which_one_is_meant(times: dict[str, object], at: int | None) -> None:
    assert event(told("PlaybackStart", MOVIE, **times)).at == at


@pytest.mark.parametrize(
    "device, player, name",
    [
        ({"DeviceId": "", "DeviceName": "Bedroom"}, f"{SERVER}/Bedroom", "Bedroom"),
        ({"DeviceId": "tv-7", "DeviceName": ""}, f"{SERVER}/tv-7", "Swiftfin"),
        ({"DeviceId": None, "DeviceName": None, "ClientName": None, "Id": "5e55"}, f"{SERVER}/5e55", None),
        ({"DeviceId": "tv-7", "ServerId": ""}, "/tv-7", "Bedroom"),
    ],
)
def test_a_screen_goes_by_its_id_else_by_its_name(device: dict[str, object], player: str, name: str | None) -> None:
    start = event(told("PlaybackStart", MOVIE, **device))
    assert (start.player, start.player_name) == (player, name)


@pytest.mark.parametrize(
    "saved, action",
    [
        ({"SaveReason": "TogglePlayed", "Played": True}, Action.MARK_WATCHED),
        ({"SaveReason": "TogglePlayed", "Played": "True"}, Action.MARK_WATCHED),
        ({"SaveReason": "TogglePlayed", "Played": "False"}, Action.MARK_UNWATCHED),
        ({"SaveReason": "TogglePlayed", "Played": False, "PlayCount": 2}, Action.MARK_UNWATCHED),
    ],
)
def test_a_mark_made_by_hand_has_no_position(saved: dict[str, object], action: Action) -> None:
    mark = event(told("UserDataSaved", MOVIE, PlaybackPositionTicks=0, PlayedToCompletion=True, **saved))
    assert (mark.action, mark.position, mark.progress, mark.completed) == (action, None, None, False)


@pytest.mark.parametrize(
    "reason", ["PlaybackStart", "PlaybackProgress", "PlaybackFinished", "UpdateUserRating", "Import", "", None]
)
def test_user_data_saved_for_another_reason_is_noise(reason: str | None) -> None:
    found = ignored(told("UserDataSaved", EPISODE, SaveReason=reason, Played=True, Rating=8))
    assert found == Ignored(IgnoreReason.USER_DATA_NOISE, "Ada", MediaType.EPISODE)


@pytest.mark.parametrize("played", ["", " ", None])
def test_a_mark_that_does_not_say_which_way_is_noise(played: str | None) -> None:
    assert ignored(told("UserDataSaved", MOVIE, SaveReason="TogglePlayed", Played=played)).reason == "user_data_noise"


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("Generic", IgnoreReason.TEST_EVENT),
        ("ItemAdded", IgnoreReason.LIBRARY_EVENT),
        ("ItemDeleted", IgnoreReason.LIBRARY_EVENT),
        ("SessionStart", IgnoreReason.SYSTEM_EVENT),
        ("AuthenticationFailure", IgnoreReason.SYSTEM_EVENT),
        ("UserLockedOut", IgnoreReason.SYSTEM_EVENT),
        ("PluginUpdated", IgnoreReason.SYSTEM_EVENT),
        ("TaskCompleted", IgnoreReason.SYSTEM_EVENT),
        ("PendingRestart", IgnoreReason.SYSTEM_EVENT),
        ("SubtitleDownloadFailure", IgnoreReason.SYSTEM_EVENT),
        ("PlaybackDaydream", IgnoreReason.UNKNOWN_EVENT),
    ],
)
def test_what_is_no_playback_is_ignored_with_its_reason_and_its_user(kind: str, reason: IgnoreReason) -> None:
    assert ignored(told(kind, EPISODE)) == Ignored(reason, "Ada")


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("Audio", IgnoreReason.MUSIC),
        ("MusicVideo", IgnoreReason.MUSIC),
        ("Photo", IgnoreReason.PHOTO),
        ("Trailer", IgnoreReason.TRAILER),
        ("Video", IgnoreReason.NOT_VIDEO_LIBRARY),
        ("LiveTvChannel", IgnoreReason.LIVE_TV),
        ("LiveTvProgram", IgnoreReason.LIVE_TV),
        ("Series", IgnoreReason.UNSUPPORTED_TYPE),
        ("BoxSet", IgnoreReason.UNSUPPORTED_TYPE),
    ],
)
def test_what_is_neither_movie_nor_episode_is_ignored(kind: str, reason: IgnoreReason) -> None:
    assert ignored(told("PlaybackStart", MOVIE, ItemType=kind)) == Ignored(reason, "Ada")


def test_an_episode_shows_itself_where_a_template_leaves_out_the_type() -> None:
    assert episode(ItemType="").type is MediaType.EPISODE


def test_an_item_of_no_type_at_all_is_unidentifiable() -> None:
    assert ignored(told("PlaybackStart", MOVIE, ItemType=None)).reason is IgnoreReason.UNIDENTIFIABLE


def test_an_episode_of_a_show_may_be_named_by_its_title_alone() -> None:
    found = event(
        {"NotificationType": "PlaybackProgress", "ItemType": "Episode", "SeriesName": "Dark", "ItemName": "L&#252;gen"}
    )
    assert found.media == Episode(Show("Dark"), title="Lügen")


@pytest.mark.parametrize("item", [{}, {"Name": "Lies"}, {"SeriesName": "Dark"}, {"SeasonNumber": 1, "EpisodeNumber": 2}])
def test_an_episode_of_which_too_little_is_said_is_unidentifiable(item: dict[str, object]) -> None:
    found = ignored({"NotificationType": "PlaybackStop", "ItemType": "Episode", "PlayedToCompletion": True} | item)
    assert found == Ignored(IgnoreReason.UNIDENTIFIABLE, None, MediaType.EPISODE)


def test_a_template_whose_conditions_all_failed_is_empty() -> None:
    assert ignored({}).reason is IgnoreReason.EMPTY_BODY


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ([], "wrong_type"),
        ("PlaybackStart", "wrong_type"),
        ({"schema": "watchd-jellyfin-1"}, "no_event"),
        ({"NotificationType": " "}, "no_event"),
        ({"NotificationType": 7}, "no_event"),
        (told("PlaybackStart", MOVIE, Name=["Alien"]), "wrong_type"),
        (told("PlaybackStart", MOVIE, ItemType={}), "wrong_type"),
        (told("PlaybackStart", MOVIE, RunTimeTicks="long"), "wrong_type"),
        (told("PlaybackStart", MOVIE, Provider_tmdb=[348]), "wrong_type"),
        (told("PlaybackStart", EPISODE, SeasonNumber="one"), "wrong_type"),
        (told("PlaybackStart", EPISODE, NotificationUsername={}), "wrong_type"),
    ],
)
def test_what_is_no_delivery_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        jellyfin.parse(payload)
    assert refusal.value.reason == reason


NAMES = tuple(
    dict.fromkeys((*told("", MOVIE), *EPISODE, "PlaybackPositionTicks", "PlayedToCompletion", "EpisodeNumberEnd", "Played"))
)
KINDS = near(st.sampled_from(["PlaybackStart", "PlaybackProgress", "PlaybackStop", "UserDataSaved"]))
TYPES = near(st.sampled_from(["Movie", "Episode"]))
HOOK = st.fixed_dictionaries(
    {"NotificationType": KINDS, "ItemType": TYPES},
    optional={name: near(SCALARS) for name in NAMES if name not in ("NotificationType", "ItemType")}
    | {"SaveReason": near(st.just("TogglePlayed"))},
)


@given(payload=st.one_of(JSON, HOOK))
def test_any_json_is_answered_by_jellyfin(payload: object) -> None:
    assert outcome(lambda: jellyfin.parse(payload)) in {"sound", "wrong_type", "no_event"}
