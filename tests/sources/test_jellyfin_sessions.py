"""What Jellyfin and Emby say of their sessions."""

from typing import Any

import pytest

from watchd.model.media import Episode, MediaIds
from watchd.model.playback import IgnoreReason
from watchd.model.sessions import Sessions, SessionState
from watchd.sources import jellyfin_sessions
from watchd.sources.jellyfin_sessions import Asked

HALF: dict[str, Any] = {
    "Id": "s1", "UserId": "1ae8d4f0-0000-0000-0000-000000000001", "UserName": "ann", "Client": "Web", "DeviceName": "Firefox",
    "DeviceId": "ff-1", "ServerId": "64fd", "LastPlaybackCheckIn": "2026-10-15T13:36:46.6727028Z",
    "PlayState": {"PositionTicks": 6_000_000_000, "IsPaused": False},
    "NowPlayingItem": {
        "Id": "7648", "Name": "Pilot", "Type": "Episode", "RunTimeTicks": 14_400_000_000, "IndexNumber": 1,
        "ParentIndexNumber": 1, "SeriesName": "Show", "SeriesId": "6f55", "ProviderIds": {"TVDB": "349232", "Imdb": ""},
    },
}  # fmt: skip
CHECKED_IN = 1_792_071_406_673


ATTIC = Asked("jellyfin", "64fd", "attic")


def jellyfin(*entries: Any, asked: Asked = ATTIC) -> Sessions:
    return jellyfin_sessions.parse(list(entries), asked)


def with_item(**change: Any) -> dict[str, Any]:
    return {**HALF, "NowPlayingItem": {**HALF["NowPlayingItem"], **change}}


def test_an_episode_at_jellyfin() -> None:
    (session,) = jellyfin(HALF, {"Id": "idle", "PlayState": {}}, {"Id": "idle", "NowPlayingItem": {}}).playing
    told, media = session.told, session.told.media
    assert isinstance(media, Episode)
    assert (media.show.title, media.season, media.number, media.ids) == ("Show", 1, 1, MediaIds(tvdb=349232))
    assert (told.position, told.duration, told.user, told.source) == (600.0, 1440.0, "ann", "jellyfin")
    assert (session.screen, told.player_name, session.item, session.show) == ("64fd/ff-1", "Firefox", "7648", "6f55")
    assert told.sender.user_id == "1ae8d4f0000000000000000000000001"
    assert session.checked_in_at is not None
    assert abs(session.checked_in_at - CHECKED_IN) <= 1


def test_the_silence_of_a_player_is_measured_by_the_server_s_own_clock() -> None:
    (session,) = jellyfin(HALF, asked=Asked("jellyfin", server_now=CHECKED_IN + 9_000)).playing
    assert abs(session.silence - 9_000) <= 1
    (unheard,) = jellyfin({**HALF, "LastPlaybackCheckIn": "0001-01-01T00:00:00.0000000Z"}).playing
    assert (unheard.checked_in_at, unheard.silence) == (None, 0)
    (absurd,) = jellyfin(HALF, asked=Asked("jellyfin", server_now=CHECKED_IN + 86_400_000)).playing
    assert (absurd.checked_in_at, absurd.silence) == (None, 0)


def test_a_pause_at_jellyfin_and_a_place_not_known_yet() -> None:
    (session,) = jellyfin({**HALF, "PlayState": {"IsPaused": True}}).playing
    assert (session.state, session.told.position) == (SessionState.PAUSED, None)


DROPPED = [
    ("music", with_item(Type="Audio"), IgnoreReason.MUSIC),
    ("theme music", with_item(Type="Audio", ExtraType="ThemeSong"), IgnoreReason.MUSIC),
    ("a trailer", with_item(Type="Trailer"), IgnoreReason.TRAILER),
    ("an extra", with_item(ExtraType="BehindTheScenes"), IgnoreReason.TRAILER),
    ("a channel", with_item(Type="TvChannel", IndexNumber=None), IgnoreReason.LIVE_TV),
    ("a programme without numbers", with_item(Type="Program", IndexNumber=None), IgnoreReason.LIVE_TV),
    ("no key", with_item(Id=None), IgnoreReason.UNIDENTIFIABLE),
    ("torn", with_item(ProviderIds=[]), IgnoreReason.UNIDENTIFIABLE),
    ("no type", with_item(Type=None), IgnoreReason.NO_METADATA),
]


@pytest.mark.parametrize("entry, reason", [row[1:] for row in DROPPED], ids=[row[0] for row in DROPPED])
def test_what_plays_at_jellyfin_and_is_nothing_of_ours(entry: dict[str, Any], reason: IgnoreReason) -> None:
    found = jellyfin(entry, HALF)
    assert ([one.reason for one in found.ignored], len(found.playing)) == ([reason], 1)


LIVE = [
    ("a live stream", {**HALF, "PlayState": {"LiveStreamId": "x", "PositionTicks": 6_000_000_000}}),
    ("a programme", with_item(Type="Program")),
    ("a channel that tells what is on", with_item(Type="TvChannel", CurrentProgram=HALF["NowPlayingItem"], SeriesName="News")),
]


@pytest.mark.parametrize("entry", [row[1] for row in LIVE], ids=[row[0] for row in LIVE])
def test_live_tv_at_jellyfin_is_set_apart_without_a_place(entry: dict[str, Any]) -> None:
    found = jellyfin(entry)
    ((session,), others) = (found.live, (found.playing, found.ignored))
    assert others == ((), ())
    assert (session.item, session.told.position, session.told.duration, session.show) == ("Show S1E1", None, 1440.0, None)


def test_who_watches_along_at_jellyfin_is_told_as_themselves_on_a_screen_of_their_own() -> None:
    added = [{"UserId": "2AE8D4F0-0000-0000-0000-000000000002", "UserName": "ben"}, {"UserName": "eve"}, {}, 7]
    (session,) = jellyfin({**HALF, "AdditionalUsers": added}).playing
    ben, eve = session.guests
    assert (ben.told.user, ben.told.sender.user_id, ben.told.player) == (
        "ben", "2ae8d4f0000000000000000000000002", session.told.player
    )  # fmt: skip
    assert (eve.told.user, eve.told.sender.user_id) == ("eve", None)
    assert len({session.screen, ben.screen, eve.screen}) == 3
    assert jellyfin({**HALF, "AdditionalUsers": "x"}).playing[0].guests == ()


def test_ids_of_jellyfin_by_key() -> None:
    told = {
        "Items": [{"Id": "6f55", "Type": "Series", "ProviderIds": {"Tvdb": "81189", "Imdb": "tt0903747"}}, {"Name": "x"}, 7]
    }
    assert jellyfin_sessions.ids_by_key(told) == {"6f55": MediaIds(imdb="tt0903747", tvdb=81189)}
