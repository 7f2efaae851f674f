"""What Plex says of its sessions."""

from typing import Any

import pytest

from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.playback import IgnoreReason
from watchd.model.sessions import Sessions
from watchd.sources import plex_sessions

MOVIE: dict[str, Any] = {
    "type": "movie", "ratingKey": "41", "key": "/library/metadata/41", "sessionKey": "9", "guid": "plex://movie/5d77682a",
    "title": "Heat", "year": 1995, "duration": 10_200_000, "viewOffset": 600_000, "librarySectionID": "1",
    "librarySectionTitle": "Movies", "User": {"id": "1", "title": "ann"},
    "Player": {"machineIdentifier": "tv-1", "state": "playing", "title": "Shield", "product": "Plex for Android (TV)"},
}  # fmt: skip
PART: dict[str, Any] = {
    **MOVIE, "type": "episode", "ratingKey": "52", "title": "Pilot", "grandparentTitle": "The Paper (2025)", "parentIndex": 1,
    "index": 2, "grandparentRatingKey": "50", "year": 2025, "guid": "plex://episode/61a7", "grandparentGuid": "plex://show/5d9c",
}  # fmt: skip


def plex(*items: dict[str, Any]) -> Sessions:
    return plex_sessions.parse({"MediaContainer": {"size": len(items), "Metadata": list(items)}}, "server-1", "attic")


def test_a_movie_at_plex() -> None:
    (session,) = plex(MOVIE).playing
    told = session.told
    assert told.media == Movie("Heat", 1995, runtime=10_200.0)
    assert (told.position, told.duration, told.user) == (600.0, 10_200.0, "ann")
    assert (session.screen, told.player_name, session.item, session.state) == ("server-1/tv-1", "Shield", "41", "playing")
    assert (told.sender.user_id, told.sender.server, told.sender.server_name) == ("1", "server-1", "attic")
    assert (told.sender.library, told.sender.library_id) == ("Movies", "1")


def test_an_episode_at_plex_has_its_own_ids_and_the_key_of_its_show() -> None:
    (session,) = plex({**PART, "Guid": [{"id": "tvdb://349232"}]}).playing
    media = session.told.media
    assert isinstance(media, Episode)
    assert (media.show, media.season, media.number) == (Show("The Paper", 2025), 1, 2)
    assert (media.ids, session.show) == (MediaIds(tvdb=349232), "50")


@pytest.mark.parametrize(
    "payload",
    [
        {"MediaContainer": {"size": 0}},
        {"MediaContainer": {"size": 0, "Metadata": []}},
        {"MediaContainer": {"size": 0, "Metadata": None}},
    ],
)
def test_nobody_playing_at_plex(payload: Any) -> None:
    assert plex_sessions.parse(payload, "server-1") == Sessions()


def test_a_list_of_one_may_come_alone() -> None:
    assert len(plex_sessions.parse({"MediaContainer": {"Metadata": MOVIE}}, "server-1").playing) == 1


UNWANTED = [
    ("music", {"type": "track"}, IgnoreReason.MUSIC),
    ("a photo", {"type": "photo"}, IgnoreReason.PHOTO),
    ("a trailer", {"type": "clip", "subtype": "trailer"}, IgnoreReason.TRAILER),
    ("a pre-roll", {"librarySectionID": "-2"}, IgnoreReason.TRAILER),
    ("live, and nobody knows what", {"type": "episode", "key": "/livetv/sessions/7"}, IgnoreReason.LIVE_TV),
    ("live, a clip", {"type": "clip", "live": "1"}, IgnoreReason.LIVE_TV),
    ("online", {"ratingKey": "https://somewhere"}, IgnoreReason.NOT_VIDEO_LIBRARY),
    ("without a state", {"Player": {"machineIdentifier": "tv-1"}}, IgnoreReason.NOISE),
    ("torn", {"title": ["Heat"]}, IgnoreReason.UNIDENTIFIABLE),
    ("nameless", {"title": "", "guid": "local://7"}, IgnoreReason.UNIDENTIFIABLE),
]


@pytest.mark.parametrize("change, reason", [row[1:] for row in UNWANTED], ids=[row[0] for row in UNWANTED])
def test_what_plays_at_plex_and_is_nothing_of_ours(change: dict[str, Any], reason: IgnoreReason) -> None:
    found = plex({**MOVIE, **change}, PART)
    assert [one.reason for one in found.ignored] == [reason]
    assert len(found.playing) == 1


LIVE = [
    ("by its mark", {"live": "1"}),
    ("by its path", {"key": "/livetv/sessions/7", "ratingKey": ""}),
    ("by its stream", {"Media": [{"protocol": "hls", "uuid": "7"}]}),
    ("by its guid", {"guid": "tv.plex.xmltv://episode/7"}),
]


@pytest.mark.parametrize("change", [row[1] for row in LIVE], ids=[row[0] for row in LIVE])
def test_live_tv_at_plex_is_set_apart(change: dict[str, Any]) -> None:
    found = plex({**MOVIE, **change})
    ((session,), others) = (found.live, (found.playing, found.ignored))
    assert others == ((), ())
    assert (session.item, session.told.media.title, session.told.user) == ("Heat (1995)", "Heat", "ann")


def test_plex_without_a_user_and_without_a_place() -> None:
    (session,) = plex({**MOVIE, "User": None, "viewOffset": None}).playing
    assert (session.told.user, session.told.sender.user_id, session.told.position) == (None, None, None)


def test_ids_of_plex_by_key_never_take_a_show_s_for_an_episode_s() -> None:
    items = [
        {"ratingKey": "1", "type": "episode", "guid": "com.plexapp.agents.thetvdb://121361/6/1?lang=en"},
        {"ratingKey": "2", "type": "show", "guid": "com.plexapp.agents.thetvdb://121361?lang=en"},
        {"ratingKey": 3, "type": "movie", "Guid": [{"id": "imdb://tt0113277"}, {"id": "tmdb://949"}]},
    ]
    found = plex_sessions.ids_by_key({"MediaContainer": {"Metadata": items}})
    assert found == {"1": MediaIds(), "2": MediaIds(tvdb=121361), "3": MediaIds(imdb="tt0113277", tmdb=949)}
