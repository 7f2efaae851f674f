"""Whatever media servers may say of their sessions, it is read or refused."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_jellyfin_sessions import HALF, jellyfin
from tests.sources.test_kodi_sessions import ITEM, PROPERTIES
from tests.sources.test_plex_sessions import MOVIE
from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored
from watchd.model.sessions import Session
from watchd.sources import jellyfin_sessions, kodi_sessions, plex_sessions
from watchd.sources.jellyfin_sessions import Asked

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*MOVIE, *HALF, *HALF["NowPlayingItem"], *HALF["PlayState"], *ITEM, *PROPERTIES, "MediaContainer"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(json_values, json_values)
def test_any_document_is_read_or_refused(one: Any, other: Any) -> None:
    for read in (
        lambda: plex_sessions.parse({"MediaContainer": {"Metadata": [one, {**MOVIE, "Media": other, "Player": one}]}}, "s"),
        lambda: plex_sessions.parse(one, "s"),
        lambda: plex_sessions.server_of(one),
        lambda: plex_sessions.ids_by_key({"MediaContainer": {"Metadata": [one]}}),
        lambda: jellyfin([one, {**HALF, "NowPlayingItem": one, "PlayState": other, "AdditionalUsers": other}]),
        lambda: jellyfin_sessions.parse(one, Asked("emby")),
        lambda: jellyfin_sessions.server_of(one),
        lambda: jellyfin_sessions.ids_by_key({"Items": [one]}),
        lambda: kodi_sessions.active_player(one),
        lambda: kodi_sessions.parse(kodi_sessions.item_of(one), other, None, "den"),
    ):
        with suppress(MalformedPayload):
            read()


@given(json_values)
def test_any_item_of_kodi_is_read_or_ignored(value: Any) -> None:
    item = {**ITEM, **value} if isinstance(value, dict) else ITEM
    read = kodi_sessions.parse(item, {**PROPERTIES, "time": value}, item, "den")
    assert isinstance(read, (Session, Ignored))
