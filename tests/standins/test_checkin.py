"""Checkins: on for a runtime, then a play."""

from tests.standins.talk import GUARDIANS, HEAT, PILOT, Talk
from watchd.clock import ManualClock, iso
from watchd.standins import TraktStandIn

RUNTIME = 170 * 60


async def test_a_checkin_becomes_a_play_when_its_time_is_up(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    answer = await watcher.post("/checkin", {**HEAT, "message": "again"})
    end = clock.now() + RUNTIME * 1000
    assert answer.status == 201
    assert (answer.json["watched_at"], answer.json["movie"]["title"]) == (iso(end), "Heat")
    assert "progress" not in answer.json
    on = (await watcher.get("/users/me/watching")).json
    assert (on["action"], on["expires_at"]) == ("checkin", iso(end))
    clock.advance(RUNTIME + 4000)
    assert (await watcher.get("/users/me/watching")).status == 204
    [row] = trakt.user().history
    assert (row.id, row.action, row.watched_at, row.trakt) == (answer.json["id"], "checkin", end, 616)
    assert (row.movie or {})["year"] == 1995
    assert (row.episode, row.show) == (None, None)


async def test_nobody_needs_to_ask_for_a_checkin_to_end(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    await watcher.post("/checkin", HEAT)
    clock.advance(RUNTIME)
    assert trakt.history_count(616) == 1


async def test_a_second_checkin_is_a_conflict_until_the_first_is_over(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock
) -> None:
    await watcher.post("/checkin", HEAT)
    clock.advance(60)
    answer = await watcher.post("/checkin", GUARDIANS)
    assert (answer.status, answer.json) == (409, {"expires_at": iso(clock.now() + (RUNTIME - 60) * 1000)})
    clock.advance(RUNTIME)
    assert (await watcher.post("/checkin", GUARDIANS)).status == 201
    assert trakt.history_count() == 1


async def test_a_checkin_during_a_scrobble_is_a_conflict(watcher: Talk) -> None:
    await watcher.post("/scrobble/start", {**PILOT, "progress": 0})
    assert (await watcher.post("/checkin", HEAT)).status == 409


async def test_a_start_replaces_a_checkin_which_then_never_counts(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock
) -> None:
    await watcher.post("/checkin", HEAT)
    await watcher.post("/scrobble/start", {**PILOT, "progress": 0})
    clock.advance(RUNTIME)
    assert trakt.history_count() == 0


async def test_a_checkin_can_be_taken_back_and_a_scrobble_cannot(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock
) -> None:
    await watcher.post("/checkin", HEAT)
    for _ in range(2):
        assert (await watcher.delete("/checkin")).status == 204
    assert trakt.user().watching is None
    await watcher.post("/scrobble/start", {**PILOT, "progress": 0})
    assert (await watcher.delete("/checkin")).status == 204
    assert trakt.user().watching is not None
    clock.advance(RUNTIME)
    assert trakt.history_count() == 0


async def test_a_checkin_of_nothing_known_is_404(watcher: Talk) -> None:
    assert (await watcher.post("/checkin", {"movie": {"title": "No Such Film", "year": 1901}})).status == 404
