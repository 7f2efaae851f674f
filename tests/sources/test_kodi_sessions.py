"""What Kodi says of what it plays."""

from typing import Any

from watchd.model.media import Episode, MediaIds, Show
from watchd.model.playback import Ignored, IgnoreReason
from watchd.model.sessions import Session, SessionState
from watchd.sources import kodi_sessions

ITEM: dict[str, Any] = {
    "id": 3457, "type": "episode", "label": "Pilot", "title": "Pilot", "showtitle": "Show", "season": 1, "episode": 1,
    "tvshowid": 12, "uniqueid": {"tvdb": "5123"}, "file": "smb://ann:hidden@nas/show.mkv",
}  # fmt: skip
PROPERTIES: dict[str, Any] = {
    "speed": 1, "percentage": 43.5, "live": False, "time": {"hours": 0, "minutes": 20, "seconds": 1, "milliseconds": 500},
    "totaltime": {"hours": 0, "minutes": 46, "seconds": 0, "milliseconds": 0},
}  # fmt: skip
NOTHING_YET = {"hours": 0, "minutes": 0, "seconds": 0, "milliseconds": 0}


def kodi(item: dict[str, Any] = ITEM, tvshow: dict[str, object] | None = None, **properties: Any) -> Session | Ignored:
    return kodi_sessions.parse(item, {**PROPERTIES, **properties}, tvshow, "den")


def test_an_episode_at_kodi() -> None:
    session = kodi(tvshow={"title": "Show", "year": 2013, "uniqueid": {"tvdb": "264586"}})
    assert isinstance(session, Session)
    media = session.told.media
    assert isinstance(media, Episode)
    assert (media.show, media.ids) == (Show("Show", 2013, MediaIds(tvdb=264586)), MediaIds(tvdb=5123))
    assert (session.told.position, session.told.duration, session.screen) == (1201.5, 2760.0, "den/video")
    assert (session.item, session.state) == ("episode 3457", SessionState.PLAYING)


def test_speed_0_is_a_pause_and_no_length_is_not_begun() -> None:
    states = [kodi(speed=0), kodi(speed=4), kodi(totaltime=NOTHING_YET)]
    assert [one.state for one in states if isinstance(one, Session)] == ["paused", "playing", "buffering"]


def test_live_tv_at_kodi_is_set_apart() -> None:
    for session in (kodi(live=True), kodi({**ITEM, "file": "pvr://channels/1"}), kodi(live=True, totaltime=NOTHING_YET)):
        assert isinstance(session, Session)
        assert (session.live, session.item, session.state) == (True, "Show S1E1", SessionState.PLAYING)
    assert kodi({"id": 3, "type": "channel", "label": "News 24"}) == Ignored(IgnoreReason.LIVE_TV)


def test_what_cannot_be_read_at_kodi_is_ignored() -> None:
    assert kodi({**ITEM, "uniqueid": 7}) == Ignored(IgnoreReason.UNIDENTIFIABLE)


def test_the_player_of_a_video_is_chosen() -> None:
    assert kodi_sessions.active_player([{"playerid": 0, "type": "audio"}, {"playerid": 1, "type": "video"}]) == 1
    assert kodi_sessions.active_player([]) is None
    assert [kodi_sessions.show_of({"tvshowid": number}) for number in (12, -1, None, True)] == [12, None, None, None]
