"""Whatever JSON arrives, the parsers of Kodi, Home Assistant and the generic format answer."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_totality import JSON, SCALARS, near, outcome, some
from watchd.model.playback import Parsed
from watchd.sources import generic, homeassistant, kodi


def fields(
    required: dict[str, st.SearchStrategy[object]], *names: str, **others: st.SearchStrategy[object]
) -> st.SearchStrategy[object]:
    some_of = st.fixed_dictionaries({}, optional={**dict.fromkeys(names, near(SCALARS)), **others})
    return st.tuples(st.fixed_dictionaries(dict(required)), some_of).map(lambda pair: {**pair[0], **pair[1]})


KINDS = near(st.sampled_from(["movie", "episode", "tvshow", "video", "unknown", "channel", "song", ""]))
IDS = near(some("imdb", "tmdb", "tvdb", "unknown", "tvshow.tmdb", "tmdbId"))
NAMES = near(
    st.sampled_from(["Heat.1995.1080p.mkv", "Dark/Season 1/E02.mkv", "Dark S01E01E02", "C:\\a\\b.avi", "x://y/%ff.mkv"])
)
SCROBBLE = fields(
    {"event": near(st.sampled_from(["start", "pause", "stop", "end", "interval", "watched"]))},
    *(
        "title",
        "year",
        "duration",
        "timestamp",
        "sessionId",
        "tvShowTitle",
        "season",
        "episode",
        "live",
        "user",
        "source",
        "player",
    ),
    mediaType=KINDS,
    uniqueIds=IDS,
    tvShowUniqueIds=IDS,
    filename=NAMES,
    progress=near(some("time", "percent")),
)
TIME = near(some("hours", "minutes", "seconds", "milliseconds"))
ITEM = near(
    fields(
        {"type": KINDS},
        *("id", "title", "label", "showtitle", "season", "episode", "year", "runtime", "imdbnumber", "tvshowid"),
        uniqueid=IDS,
        file=NAMES,
    )
)
NOTE = near(
    fields(
        {
            "method": near(
                st.sampled_from(["Player.OnPlay", "Player.OnPause", "Player.OnStop", "Player.OnSeek", "System.OnQuit"])
            )
        },
        params=near(fields({"data": near(fields({}, "end", item=ITEM, player=near(fields({}, "speed", time=TIME))))})),
    )
)
PROPERTIES = near(fields({}, "percentage", "speed", "live", time=TIME, totaltime=TIME))
BUNDLE = fields(
    {"notification": NOTE},
    getItem=near(fields({"item": ITEM}) | fields({"result": fields({"item": ITEM})})),
    getProperties=PROPERTIES,
    getTVShowDetails=near(fields({"tvshowdetails": near(fields({}, "title", "year", uniqueid=IDS))})),
)
STATE = fields(
    {"state": near(st.sampled_from(["playing", "paused", "idle", "off"]))},
    *("entity_id", "user", "last_updated"),
    attributes=near(
        fields(
            {},
            *("media_title", "media_series_title", "media_season", "media_episode", "media_duration", "media_position"),
            *("media_position_updated_at", "friendly_name", "media_artist"),
            media_content_type=KINDS,
            media_content_id=NAMES,
        )
    ),
)
PASSED_ON = fields({"data": near(fields({"payload": near(st.sampled_from(["{}", "[", '{"event":1}', "[" * 9000]))}) | JSON)})


@pytest.mark.parametrize("parse", [kodi.parse, generic.parse, homeassistant.parse], ids=["kodi", "generic", "homeassistant"])
@given(payload=st.one_of(JSON, SCROBBLE, NOTE, BUNDLE, STATE, PASSED_ON))
def test_any_json_is_answered(parse: Callable[[object], Parsed], payload: object) -> None:
    assert outcome(partial(parse, payload)) in {"sound", "wrong_type", "no_event", "not_json"}
