"""Emby's webhooks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_totality import JSON, SCALARS, near, outcome, some
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, MediaType, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, Sender
from watchd.sources import emby

SERVER = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SOMEBODY = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
MOVIE: dict[str, Any] = {
    "Type": "Movie",
    "Name": "Alien",
    "Id": "7",
    "ServerId": SERVER,
    "ProductionYear": 1979,
    "RunTimeTicks": 70_000_000_000,
    "ProviderIds": {"Tmdb": "348", "IMDB": "tt0078748", "tvdb": "97", "EIDR": "10.5240/16B9", "Official Website": "x"},
}
EPISODE: dict[str, Any] = {
    "Type": "Episode",
    "Name": "Lies",
    "Id": "8",
    "SeriesName": "Dark",
    "SeriesId": "6",
    "ParentIndexNumber": 1,
    "IndexNumber": 2,
    "ProductionYear": 2018,
    "RunTimeTicks": 30_000_000_000,
    "ProviderIds": {"Tvdb": "6465764"},
}
SESSION = {"RemoteEndPoint": "::1", "Client": "Emby Web", "DeviceName": "Firefox", "DeviceId": "pc-3", "Id": "5e55"}


def told(kind: str, item: dict[str, Any] = MOVIE, info: dict[str, object] | None = None, **more: object) -> dict[str, Any]:
    return {
        "Title": "Ada plays something",
        "Date": "2026-05-04T19:30:15.1239876Z",
        "Event": kind,
        "Severity": "Info",
        "User": {"Name": " Ada ", "Id": SOMEBODY},
        "Item": item,
        "Server": {"Name": "cellar", "Id": SERVER, "Version": "4.9.3.0"},
        "Session": SESSION,
        "PlaybackInfo": info,
    } | more


def event(payload: object) -> PlaybackEvent:
    parsed = emby.parse(payload)
    assert isinstance(parsed, PlaybackEvent)
    return parsed


def ignored(payload: object) -> Ignored:
    parsed = emby.parse(payload)
    assert isinstance(parsed, Ignored)
    return parsed


def episode(**more: object) -> Episode:
    media = event(told("playback.start", EPISODE | more)).media
    assert isinstance(media, Episode)
    return media


def test_a_movie_that_starts_tells_of_its_screen_its_user_its_server_and_its_session() -> None:
    assert event(told("playback.start", info={"PositionTicks": 0, "PlaySessionId": "2f1c0a"})) == PlaybackEvent(
        source="emby",
        action=Action.START,
        media=Movie("Alien", 1979, MediaIds(imdb="tt0078748", tmdb=348, tvdb=97), 7000.0),
        position=0.0,
        duration=7000.0,
        at=1_777_923_015_124,
        session="2f1c0a",
        player=f"{SERVER}/pc-3",
        player_name="Firefox",
        user="Ada",
        sender=Sender(user_id=SOMEBODY, server=SERVER, server_name="cellar"),
    )


def test_an_episodes_year_is_its_own_and_says_nothing_of_the_show() -> None:
    assert episode() == Episode(Show("Dark"), 1, 2, title="Lies", ids=MediaIds(tvdb=6465764), runtime=3000.0)


def test_the_year_at_the_end_of_a_shows_title_is_the_shows() -> None:
    assert episode(SeriesName="The Paper (2025)").show == Show("The Paper", 2025)


@pytest.mark.parametrize(
    "kind, action",
    [
        ("playback.start", Action.START),
        ("playback.unpause", Action.START),
        ("playback.pause", Action.PAUSE),
        ("playback.progress", Action.PROGRESS),
        ("playback.stop", Action.STOP),
        ("playback.scrobble", Action.WATCHED),
        ("Playback.Start", Action.START),
    ],
)
def test_what_plays_has_a_position(kind: str, action: Action) -> None:
    found = event(told(kind, info={"PositionTicks": 63_000_000_000}))
    assert (found.action, found.position, found.duration, found.completed) == (action, 6300.0, 7000.0, False)


def test_progress_of_what_is_paused_is_a_pause() -> None:
    assert event(told("playback.progress", info={"PositionTicks": 1, "IsPaused": True})).action is Action.PAUSE


def test_a_completed_stop_is_at_the_end_though_its_position_is_zero_and_its_runtime_unknown() -> None:
    item = {key: value for key, value in MOVIE.items() if key != "RunTimeTicks"}
    stop = event(told("playback.stop", item, {"PlayedToCompletion": True, "PositionTicks": 0}))
    assert (stop.completed, stop.progress, stop.duration) == (True, 100.0, None)


def test_a_stop_at_zero_of_unknown_runtime_that_did_not_complete_is_nowhere_known() -> None:
    item = {key: value for key, value in MOVIE.items() if key != "RunTimeTicks"}
    stop = event(told("playback.stop", item, {"PlayedToCompletion": False, "PositionTicks": 0}))
    assert (stop.completed, stop.progress) == (False, None)


def test_a_session_that_went_on_to_the_next_item_says_nothing_of_the_one_that_stopped() -> None:
    session = SESSION | {"PlayState": {"PositionTicks": 0}}
    assert event(told("playback.stop", info={"PositionTicks": 69_000_000_000}, Session=session)).position == 6900.0
    assert event(told("playback.stop", info=None, Session=session)).position is None


def test_a_stop_that_comes_without_playback_info_is_where_its_session_is() -> None:
    session = SESSION | {"PlayState": {"PositionTicks": 35_000_000_000}}
    assert event(told("playback.stop", info=None, Session=session)).position == 3500.0
    assert event(told("playback.stop", info={"PlayedToCompletion": False}, Session=session)).position is None


def test_a_session_tells_the_position_of_what_plays_on_where_nothing_else_does() -> None:
    session = SESSION | {"PlayState": {"PositionTicks": 35_000_000_000}}
    assert event(told("playback.pause", info={}, Session=session)).position == 3500.0


@pytest.mark.parametrize(
    "kind, action", [("item.markplayed", Action.MARK_WATCHED), ("item.markunplayed", Action.MARK_UNWATCHED)]
)
def test_marks_have_no_session_and_no_position(kind: str, action: Action) -> None:
    mark = event(told(kind, Session=None))
    assert (mark.action, mark.position, mark.session, mark.user, mark.player) == (action, None, None, "Ada", f"{SERVER}/")


def test_what_is_marked_a_favourite_is_not_rated() -> None:
    assert ignored(told("item.rate", EPISODE | {"UserData": {"IsFavorite": True}})) == Ignored(
        IgnoreReason.FAVOURITE, "Ada", MediaType.EPISODE
    )


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("system.webhooktest", IgnoreReason.TEST_EVENT),
        ("system.notificationtest", IgnoreReason.TEST_EVENT),
        ("system.updateavailable", IgnoreReason.SYSTEM_EVENT),
        ("user.authenticationfailed", IgnoreReason.SYSTEM_EVENT),
        ("device.offline", IgnoreReason.SYSTEM_EVENT),
        ("plugins.plugininstalled", IgnoreReason.SYSTEM_EVENT),
        ("library.new", IgnoreReason.LIBRARY_EVENT),
        ("library.deleted", IgnoreReason.LIBRARY_EVENT),
        ("playback.daydream", IgnoreReason.UNKNOWN_EVENT),
        ("daydream", IgnoreReason.UNKNOWN_EVENT),
    ],
)
def test_what_is_no_playback_is_ignored_with_its_reason_and_its_user(kind: str, reason: IgnoreReason) -> None:
    assert ignored(told(kind, EPISODE)) == Ignored(reason, "Ada")


def test_the_test_button_may_send_hardly_anything() -> None:
    assert ignored({"Event": "system.webhooktest"}) == Ignored(IgnoreReason.TEST_EVENT)


@pytest.mark.parametrize(
    "item, reason",
    [
        ({"Type": "Audio"}, IgnoreReason.MUSIC),
        ({"Type": "MusicVideo"}, IgnoreReason.MUSIC),
        ({"Type": "Photo"}, IgnoreReason.PHOTO),
        ({"Type": "Trailer"}, IgnoreReason.TRAILER),
        ({"Type": "Video", "Name": "Holiday"}, IgnoreReason.NOT_VIDEO_LIBRARY),
        ({"Type": "Series", "Name": "Dark"}, IgnoreReason.UNSUPPORTED_TYPE),
        ({"Name": "Alien"}, IgnoreReason.UNIDENTIFIABLE),
        ({}, IgnoreReason.NO_METADATA),
    ],
)
def test_what_is_neither_movie_nor_episode_is_ignored(item: dict[str, Any], reason: IgnoreReason) -> None:
    assert ignored(told("playback.start", item)) == Ignored(reason, "Ada")


def test_an_episode_without_show_and_ids_is_unidentifiable() -> None:
    found = ignored(told("playback.stop", {"Type": "Episode", "Name": "Finale"}, {"PlayedToCompletion": True}))
    assert found == Ignored(IgnoreReason.UNIDENTIFIABLE, "Ada", MediaType.EPISODE)


def test_a_channel_is_live_tv_and_nobody_knows_what_it_shows() -> None:
    assert ignored(told("playback.start", {"Type": "TvChannel", "Name": "One"})) == Ignored(IgnoreReason.LIVE_TV, "Ada")


def test_the_programme_of_a_channel_is_what_would_have_been_watched() -> None:
    programme = {
        "Type": "Program",
        "Name": "Dark",
        "EpisodeTitle": "Lies",
        "ParentIndexNumber": 1,
        "IndexNumber": 2,
        "RunTimeTicks": 36_000_000_000,
        "ProviderIds": {"Tvdb": "334824"},
    }
    channel = {"Type": "TvChannel", "Name": "One", "CurrentProgram": programme}
    for item in (channel, programme):
        found = ignored(told("playback.pause", item, {"PositionTicks": 600_000_000}))
        assert found.reason is IgnoreReason.LIVE_TV
        assert found.instead is not None
        assert found.instead.media == Episode(Show("Dark"), 1, 2, title="Lies", runtime=3600.0)
        assert (found.instead.action, found.instead.position) == (Action.PAUSE, None)


def test_a_movie_on_live_tv_would_have_been_that_movie() -> None:
    found = ignored(told("playback.start", {"Type": "Program", "Name": "Alien", "IsMovie": True, "ProductionYear": 1979}))
    assert found.instead is not None
    assert found.instead.media == Movie("Alien", 1979)


@pytest.mark.parametrize(
    "numbers, place",
    [
        ({"ParentIndexNumber": 0, "IndexNumber": 0}, (0, 0, None)),
        ({"ParentIndexNumber": "01", "IndexNumber": "02"}, (1, 2, None)),
        ({"IndexNumber": 2, "IndexNumberEnd": 3}, (1, 2, 3)),
        ({"IndexNumber": 2, "IndexNumberEnd": 2}, (1, 2, None)),
        ({"IndexNumber": "6-7"}, (1, 6, 7)),
        ({"ParentIndexNumber": None}, (None, 2, None)),
    ],
)
def test_numbers_are_read_in_every_form(numbers: dict[str, object], place: tuple[int | None, ...]) -> None:
    media = episode(**numbers)
    assert (media.season, media.number, media.number_end) == place


@pytest.mark.parametrize(
    "given, ids",
    [
        ({}, MediaIds()),
        (None, MediaIds()),
        ({"Tvdb": "", "Tmdb": 1416121}, MediaIds(tmdb=1416121)),
        ({"TVDB": " 6465764 ", "imdb": "tt6305578"}, MediaIds(imdb="tt6305578", tvdb=6465764)),
        ({"AniDB": "238801", "Wikidata": "Q1", "TvMaze": "5"}, MediaIds(anidb=238801)),
        ({"Tvdb": "0", "Imdb": "6305578"}, MediaIds()),
    ],
)
def test_ids_are_taken_by_provider_in_any_case(given: object, ids: MediaIds) -> None:
    assert episode(ProviderIds=given).ids == ids


@pytest.mark.parametrize(
    "more, user",
    [
        ({"User": None, "Session": {"UserName": "arne"}}, "arne"),
        ({"User": {"Name": "  "}, "Session": None}, None),
        ({"User": None, "Session": None}, None),
    ],
)
def test_the_user_may_be_named_by_the_session_or_by_nobody(more: dict[str, Any], user: str | None) -> None:
    assert event(told("playback.start", **more)).user == user


@pytest.mark.parametrize(
    "session, player, name",
    [
        ({"DeviceName": "TV"}, f"{SERVER}/TV", "TV"),
        ({"Client": "Emby Theater"}, f"{SERVER}/Emby Theater", "Emby Theater"),
        ({"Id": "5e55"}, f"{SERVER}/5e55", None),
    ],
)
def test_a_screen_goes_by_its_id_else_by_its_name(session: dict[str, object], player: str, name: str | None) -> None:
    start = event(told("playback.start", Session=session, Server=None))
    assert (start.player, start.player_name) == (player, name)


@pytest.mark.parametrize(
    "date, at",
    [
        ("2026-05-04T19:30:15.5000000", 1_777_923_015_500),
        ("2026-05-04T21:30:15.5+02:00", 1_777_923_015_500),
        ("0001-01-01T00:00:00.0000000Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_the_date_is_utc(date: str | None, at: int | None) -> None:
    assert event(told("playback.start", Date=date)).at == at


@pytest.mark.parametrize(
    "payload, reason",
    [
        (None, "wrong_type"),
        ([], "wrong_type"),
        ({}, "no_event"),
        ({"Event": 7}, "no_event"),
        ({"Event": " "}, "no_event"),
        (told("playback.start", User="Ada"), "wrong_type"),
        (told("playback.start", Item=[]), "wrong_type"),
        (told("playback.start", PlaybackInfo=3), "wrong_type"),
        (told("playback.start", info={"PositionTicks": True}), "wrong_type"),
        (told("playback.start", MOVIE | {"ProviderIds": {"Tmdb": [348]}}), "wrong_type"),
        (told("playback.start", MOVIE | {"Type": 4.5}), "wrong_type"),
    ],
)
def test_what_is_no_delivery_is_refused(payload: object, reason: str) -> None:
    with pytest.raises(MalformedPayload) as refusal:
        emby.parse(payload)
    assert refusal.value.reason == reason


def test_a_refusal_never_shows_the_value() -> None:
    with pytest.raises(MalformedPayload) as refusal:
        emby.parse(told("playback.start", User="a-secret"))
    assert "a-secret" not in str(refusal.value)


ITEM = st.fixed_dictionaries(
    {"Type": near(st.sampled_from(["Movie", "Episode", "Program"]))},
    optional={name: near(SCALARS) for name in (*MOVIE, *EPISODE, "IndexNumberEnd", "ExtraType", "IsMovie") if name != "Type"}
    | {"ProviderIds": near(some("Imdb", "Tmdb", "Tvdb")), "CurrentProgram": near(some("Name", "IndexNumber"))},
)
HOOK = st.fixed_dictionaries(
    {
        "Event": near(st.sampled_from(["playback.start", "playback.stop", "playback.scrobble", "item.markplayed"])),
        "Item": near(ITEM),
    },
    optional={
        "PlaybackInfo": near(some("PositionTicks", "PlayedToCompletion", "PlaySessionId")),
        "Session": near(some("Id", "DeviceId", "PlayState")),
        "User": near(some("Name", "Id")),
        "Server": near(some("Id", "Name")),
        "Date": near(SCALARS),
    },
)


@given(payload=st.one_of(JSON, HOOK))
def test_any_json_is_answered_by_emby(payload: object) -> None:
    assert outcome(lambda: emby.parse(payload)) in {"sound", "wrong_type", "no_event"}
