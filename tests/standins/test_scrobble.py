"""Start, pause and stop, as facts/trakt.md D has them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.standins.talk import GUARDIANS, HEAT, PILOT, Talk
from watchd.clock import ManualClock, iso
from watchd.standins import TraktStandIn

RUNTIME = 58 * 60


async def test_a_start_sets_what_is_on_and_when_it_ends(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    answer = await watcher.post("/scrobble/start", {**PILOT, "progress": 25})
    assert answer.status == 201
    body = answer.json
    assert (body["id"], body["action"], body["progress"]) == (0, "start", 25.0)
    assert body["sharing"] == {"twitter": False, "mastodon": False, "tumblr": False}
    assert body["episode"]["ids"] | {"plex": None} == {
        "trakt": 16, "tvdb": 349232, "imdb": "tt0959621", "tmdb": 62085, "plex": None,
    }  # fmt: skip
    assert body["show"]["ids"]["slug"] == "breaking-bad"
    on = trakt.user().watching
    assert on is not None
    assert (on.action, on.started_at) == ("scrobble", clock.now())
    assert on.expires_at == clock.now() + RUNTIME * 750
    assert on.progress(clock.now()) == pytest.approx(25)


async def test_a_start_replaces_what_was_on_and_forgets_its_own_position(trakt: TraktStandIn, watcher: Talk) -> None:
    await watcher.post("/scrobble/stop", {**PILOT, "progress": 30})
    await watcher.post("/scrobble/start", {**HEAT, "progress": 0})
    assert [row.progress for row in trakt.user().playback] == [30.0]
    await watcher.post("/scrobble/start", {**PILOT, "progress": 30})
    on = trakt.user().watching
    assert on is not None
    assert on.item.kind == "episode"
    assert trakt.user().playback == []


async def test_an_expired_start_is_nothing(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    await watcher.post("/scrobble/start", {**PILOT, "progress": 0})
    clock.advance(RUNTIME)
    assert trakt.user().watching is None
    assert (await watcher.get("/users/me/watching")).status == 204
    assert trakt.history_count() == 0


@pytest.mark.parametrize("progress", [80, 99.9, 100, "85.5"])
async def test_a_stop_from_80_on_is_a_play(trakt: TraktStandIn, watcher: Talk, clock: ManualClock, progress: Any) -> None:
    await watcher.post("/scrobble/pause", {**PILOT, "progress": 40})
    await watcher.post("/scrobble/start", {**PILOT, "progress": 40})
    clock.advance(600)
    answer = await watcher.post("/scrobble/stop", {**PILOT, "progress": progress})
    assert (answer.status, answer.json["action"]) == (201, "scrobble")
    row = trakt.user().history[0]
    assert (row.id, row.watched_at, row.action, row.trakt) == (answer.json["id"], clock.now(), "scrobble", 16)
    assert row.id > 2**32
    assert (row.type, row.movie) == ("episode", None)
    assert (row.episode or {})["title"] == "Pilot"
    assert (row.show or {})["title"] == "Breaking Bad"
    assert (trakt.user().watching, trakt.user().playback) == (None, [])


@pytest.mark.parametrize("verb", ["stop", "pause"])
async def test_below_80_the_position_is_kept(trakt: TraktStandIn, watcher: Talk, clock: ManualClock, verb: str) -> None:
    await watcher.post("/scrobble/start", {**PILOT, "progress": 10})
    for progress in (62.4, 79.9):
        answer = await watcher.post(f"/scrobble/{verb}", {**PILOT, "progress": progress})
        assert (answer.status, answer.json["id"], answer.json["action"]) == (201, 0, "pause")
    assert [(row.progress, row.paused_at) for row in trakt.user().playback] == [(79.9, clock.now())]
    assert trakt.user().watching is None
    assert trakt.history_count() == 0


@pytest.mark.parametrize(
    "verb, progress",
    [("stop", 0.5), ("stop", 0), ("stop", None), ("pause", 0.9), ("pause", 80), ("pause", 99), ("start", 101), ("start", -1),
     ("stop", "soon"), ("start", [])],
)  # fmt: skip
async def test_a_progress_out_of_range_is_422_and_changes_nothing(
    trakt: TraktStandIn, watcher: Talk, verb: str, progress: Any
) -> None:
    await watcher.post("/scrobble/start", {**HEAT, "progress": 5})
    body = PILOT if progress is None else {**PILOT, "progress": progress}
    assert (await watcher.post(f"/scrobble/{verb}", body)).status == 422
    on = trakt.user().watching
    assert on is not None
    assert on.item.kind == "movie"
    assert (trakt.user().playback, trakt.history_count()) == ([], 0)


async def test_a_pause_may_leave_the_item_on(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.switches = replace(trakt.switches, pause_clears_watching=False)
    await watcher.post("/scrobble/start", {**PILOT, "progress": 10})
    await watcher.post("/scrobble/pause", {**PILOT, "progress": 50})
    assert (await watcher.get("/users/me/watching")).status == 200
    assert len(trakt.user().playback) == 1


async def test_a_second_stop_inside_the_runtime_is_a_conflict(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    first = await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})
    at = clock.now()
    clock.advance(RUNTIME - 1)
    again = await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})
    assert again.status == 409
    assert again.json == {"watched_at": iso(at - at % 60_000), "expires_at": iso(at + RUNTIME * 1000)}
    assert trakt.history_count(16) == 1
    assert (await watcher.post("/scrobble/stop", {**HEAT, "progress": 95})).status == 201
    clock.advance(1)
    second = await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})
    assert second.status == 201
    assert second.json["id"] > first.json["id"]
    assert trakt.history_count(16, kind="episode") == 2


async def test_the_window_of_the_conflict_can_be_set_and_ends_with_the_play(trakt: TraktStandIn, watcher: Talk) -> None:
    play = (await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})).json["id"]
    await watcher.post("/sync/history/remove", {"ids": [play]})
    assert (await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})).status == 201
    trakt.switches = replace(trakt.switches, conflict_window=0.0)
    assert (await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})).status == 201


@pytest.mark.parametrize("clears, status", [(True, 204), (False, 200)])
async def test_a_conflict_ends_what_is_on_unless_told_otherwise(
    trakt: TraktStandIn, watcher: Talk, clears: bool, status: int
) -> None:
    trakt.switches = replace(trakt.switches, conflict_clears_watching=clears)
    await watcher.post("/scrobble/stop", {**PILOT, "progress": 95})
    await watcher.post("/scrobble/start", {**PILOT, "progress": 97})
    await watcher.post("/scrobble/stop", {**PILOT, "progress": 98})
    assert (await watcher.get("/users/me/watching")).status == status


async def test_a_resume_may_keep_its_first_start(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    trakt.switches = replace(trakt.switches, watching_started_at_stale=True)
    await watcher.post("/scrobble/start", {**PILOT, "progress": 0})
    first = clock.now()
    clock.advance(1200)
    await watcher.post("/scrobble/start", {**PILOT, "progress": 50})
    on = trakt.user().watching
    assert on is not None
    assert on.started_at == first
    assert on.expires_at == clock.now() + RUNTIME * 500


@pytest.mark.parametrize(
    "named, trakt_id",
    [
        ({"movie": {"ids": {"slug": "heat-1995"}}}, 616),
        ({"movie": {"ids": {"imdb": "tt0113277"}}}, 616),
        ({"movie": {"ids": {"tmdb": "949"}}}, 616),
        ({"movie": {"title": "heat", "year": 1995, "ids": {"tmdb": 1}}}, 616),
        ({"movie": {"title": "Heat (1995)"}}, 616),
        ({"movie": {"title": "Heat"}}, 616),
        (GUARDIANS, 28),
        ({"episode": {"ids": {"trakt": 16}}}, 16),
        ({"episode": {"ids": {"tvdb": 349232}}}, 16),
        ({"episode": {"ids": {"imdb": "tt0959621"}}}, 16),
        ({"show": {"title": "Breaking Bad", "year": 2008}, "episode": {"season": 0, "number": 2}}, 2),
        ({"show": {"ids": {"tvdb": "81189"}}, "episode": {"season": "1", "number": "1"}}, 16),
    ],
)
async def test_an_item_can_be_named_in_many_ways(trakt: TraktStandIn, watcher: Talk, named: Any, trakt_id: int) -> None:
    assert (await watcher.post("/scrobble/stop", {**named, "progress": 90})).status == 201
    assert trakt.user().history[0].trakt == trakt_id


async def test_an_episode_can_be_named_by_its_absolute_number(trakt: TraktStandIn, watcher: Talk) -> None:
    show = {"title": "Frieren: Beyond Journey's End", "year": 2023}
    answer = await watcher.post("/scrobble/start", {"show": show, "episode": {"number_abs": 30}, "progress": 1})
    assert (answer.json["episode"]["season"], answer.json["episode"]["number"]) == (2, 2)


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"movie": {}},
        {"movie": "Heat"},
        {"movie": {"title": "Heat", "year": 1986}},
        {"movie": {"ids": {"imdb": "tt0000000"}}},
        {"episode": {"season": 1, "number": 1}},
        {"show": {"ids": {"trakt": 1}}},
        {"show": {"ids": {"trakt": 1}}, "episode": {}},
        {"show": {"ids": {"trakt": 1}}, "episode": {"season": 1, "number": 99}},
        {"show": {"ids": {"trakt": 1}}, "episode": {"season": "one", "number": 1}},
        {"show": {"ids": {"trakt": 1}}, "episode": {"number_abs": 1}},
    ],
)
async def test_what_matches_nothing_is_404_without_a_body(watcher: Talk, named: Any) -> None:
    answer = await watcher.post("/scrobble/start", {**named, "progress": 10})
    assert (answer.status, answer.text) == (404, "")


async def test_episodes_may_be_found_by_the_ids_of_the_contract_alone(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.switches = replace(trakt.switches, strict_episode_ids=True)
    named = {"episode": {"ids": {"imdb": "tt0959621", "tmdb": 62085}}, "progress": 10}
    assert (await watcher.post("/scrobble/start", named)).status == 404


async def test_the_old_flavour_has_tvrage_and_facebook(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.switches = replace(trakt.switches, flavour="old")
    body = (await watcher.post("/scrobble/start", {**PILOT, "progress": 10})).json
    assert "facebook" in body["sharing"]
    assert body["show"]["ids"]["tvrage"] is None
    assert "plex" not in body["show"]["ids"]
    assert "aired_episodes" not in body["show"]
