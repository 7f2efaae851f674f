"""Whatever JSON arrives, a parser answers with an event, an ignored one or a refusal."""

import math
from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored, Parsed
from watchd.sources import HOOKS, plex, tautulli, trakt, trakt_sync

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**4000),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "-1", "1e9", "\ud800", "imdb://tt0113277", "com.plexapp.agents.thetvdb://1/2/3", "Dark (2017)", "1", "true"]
    ),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=12
)


def some(*names: str) -> st.SearchStrategy[dict[str, object]]:
    return cast("st.SearchStrategy[dict[str, object]]", st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON)))


def near(typical: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mostly of the right type, now and then anything."""
    return st.one_of(typical, typical, typical, JSON)


ITEM = st.fixed_dictionaries(
    {"type": near(st.sampled_from(["movie", "episode"]))},
    optional=dict.fromkeys(
        (
            "title",
            "year",
            "guid",
            "grandparentTitle",
            "grandparentGuid",
            "parentIndex",
            "index",
            "duration",
            "viewOffset",
            "live",
            "userRating",
            "librarySectionTitle",
            "librarySectionType",
        ),
        near(SCALARS),
    )
    | {
        "Guid": near(st.lists(near(some("id")), max_size=3)),
        "Guids": near(some("imdb", "tmdb", "tvdb")),
    },
)
HOOK = st.fixed_dictionaries(
    {"event": near(st.sampled_from(["media.play", "media.stop", "media.scrobble", "media.rate"])), "Metadata": near(ITEM)},
    optional={
        "Account": near(some("id", "title")),
        "Server": near(some("uuid", "title")),
        "Player": near(some("uuid")),
        "rating": near(SCALARS),
    },
)
TEMPLATE = st.fixed_dictionaries(
    {"event": near(st.sampled_from(["play", "stop", "watched", "rate", "tautulli.play", "media.rate"]))},
    optional=dict.fromkeys(
        (
            "user",
            "server",
            "server_id",
            "player_id",
            "session",
            "library",
            "live",
            "title",
            "show",
            "season",
            "number",
            "year",
            "show_year",
            "guid",
            "imdb",
            "tvdb",
            "position_ms",
            "duration_ms",
            "percent",
            "rating",
            "time",
        ),
        near(SCALARS),
    )
    | {"media_type": near(st.sampled_from(["movie", "episode"])), "Metadata": near(ITEM), "Account": near(some("id", "title"))},
)
IDS = near(some("trakt", "slug", "imdb", "tmdb", "tvdb"))
NAMED = st.fixed_dictionaries(
    {}, optional={"ids": IDS, "title": near(SCALARS), "year": near(SCALARS), "season": near(SCALARS), "number": near(SCALARS)}
)
CALL = st.fixed_dictionaries(
    {}, optional={"movie": near(NAMED), "show": near(NAMED), "episode": near(NAMED), "progress": near(SCALARS)}
)
MARKED = st.fixed_dictionaries(
    {},
    optional={
        "ids": IDS,
        "title": near(SCALARS),
        "number": near(SCALARS),
        "rating": near(SCALARS),
        "watched_at": near(st.one_of(SCALARS, st.datetimes().map(str))),
    },
)
SEASON = st.fixed_dictionaries({"episodes": near(st.lists(MARKED, max_size=2))}, optional={"number": near(SCALARS)})
SYNC = st.fixed_dictionaries(
    {},
    optional={
        "movies": near(st.lists(MARKED, max_size=3)),
        "episodes": near(st.lists(MARKED, max_size=3)),
        "seasons": near(st.lists(MARKED, max_size=1)),
        "shows": near(st.lists(st.fixed_dictionaries({"title": SCALARS, "seasons": near(st.lists(SEASON, max_size=2))}))),
    },
)


def outcome(parse: Callable[[], Parsed]) -> str:
    """`sound`, or the reason of the refusal; fails when an event holds what breaks arithmetic or storage."""
    try:
        parsed = parse()
    except MalformedPayload as refusal:
        return refusal.reason
    told = parsed.instead if isinstance(parsed, Ignored) else parsed
    for value in (getattr(told, name, None) for name in ("progress", "position", "duration", "rating", "at")):
        assert value is None or (math.isfinite(value) and 0 <= value < 2**63)
    repr(parsed).encode()
    return "sound"


@given(payload=st.one_of(JSON, HOOK))
def test_any_json_is_answered_by_plex(payload: object) -> None:
    assert outcome(partial(plex.parse, payload)) in {"sound", "wrong_type", "no_event"}


@given(payload=st.one_of(JSON, HOOK, TEMPLATE))
def test_any_json_is_answered_by_tautulli(payload: object) -> None:
    assert outcome(partial(tautulli.parse, payload)) in {"sound", "wrong_type", "no_event"}


@pytest.mark.parametrize("source", sorted(HOOKS))
@given(payload=st.one_of(JSON, HOOK, TEMPLATE))
def test_what_is_meant_for_another_source_is_answered_too(source: str, payload: object) -> None:
    assert outcome(partial(HOOKS[source], payload))


@given(verb=st.sampled_from(sorted(trakt.VERBS)), payload=st.one_of(JSON, CALL))
def test_any_json_is_answered_by_trakt(verb: str, payload: object) -> None:
    assert outcome(partial(trakt.parse, verb, payload)) in {"sound", "wrong_type", "no_item"}


@given(verb=st.sampled_from(sorted(trakt_sync.VERBS)), payload=st.one_of(JSON, SYNC))
def test_any_json_is_answered_by_the_calls_with_many_items(verb: str, payload: object) -> None:
    def last() -> Parsed:
        return trakt_sync.parse_many(verb, payload)[-1]

    assert outcome(last) in {"sound", "wrong_type", "no_item"}
