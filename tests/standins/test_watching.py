"""What is on, where one left off, and when what changed."""

from dataclasses import replace

from tests.standins.talk import GUARDIANS, PILOT, Talk
from watchd.clock import ManualClock, iso
from watchd.standins import TraktStandIn


async def test_nothing_on_is_204_without_a_body(stranger: Talk) -> None:
    answer = await stranger.get("/users/watcher/watching")
    assert (answer.status, answer.text) == (204, "")


async def test_anybody_sees_what_a_public_user_watches(trakt: TraktStandIn, stranger: Talk, clock: ManualClock) -> None:
    pilot = trakt.catalogue.episode("breaking-bad", 1, 1)
    trakt.watch("watcher", pilot, 50.0)
    body = (await stranger.get("/users/watcher/watching")).json
    assert set(body) == {"expires_at", "started_at", "action", "type", "episode", "show"}
    assert (body["action"], body["type"]) == ("scrobble", "episode")
    assert (body["started_at"], body["expires_at"]) == (iso(clock.now()), iso(clock.now() + 29 * 60_000))
    assert "runtime" not in body["episode"]
    full = (await stranger.get("/users/watcher/watching?extended=full,images")).json
    assert (full["episode"]["runtime"], full["show"]["runtime"]) == (58, 47)
    assert full["show"]["images"]["poster"][0].startswith("media.trakt.tv/")


async def test_a_private_user_is_seen_only_by_themselves(trakt: TraktStandIn, stranger: Talk, watcher: Talk) -> None:
    for talk in (stranger, watcher):
        for path in ("/users/hermit", "/users/hermit/watching", "/users/hermit/history", "/users/hermit/stats"):
            answer = await talk.get(path)
            assert answer.status == 401
            assert answer.headers["X-Private-User"] == "true"
    token = trakt.issue_tokens("hermit")["access_token"]
    for name in ("hermit", "me"):
        assert (await stranger.get(f"/users/{name}/watching", Authorization=f"Bearer {token}")).status == 204


async def test_an_unknown_user_is_404(stranger: Talk) -> None:
    assert (await stranger.get("/users/nobody/watching")).status == 404


async def test_positions_come_newest_first_by_type_and_can_be_forgotten(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock
) -> None:
    await watcher.post("/scrobble/pause", {**PILOT, "progress": 65.5})
    clock.advance(10)
    await watcher.post("/scrobble/stop", {**GUARDIANS, "progress": 10})
    first, second = (await watcher.get("/sync/playback")).json
    assert (first["type"], first["progress"], first["paused_at"]) == ("movie", 10.0, iso(clock.now()))
    assert (second["type"], second["episode"]["title"], second["show"]["year"]) == ("episode", "Pilot", 2008)
    assert [row["type"] for row in (await watcher.get("/sync/playback/episodes")).json] == ["episode"]
    assert (await watcher.delete(f"/sync/playback/{first['id']}")).status == 204
    assert (await watcher.delete(f"/sync/playback/{first['id']}")).status == 404
    assert (await watcher.delete("/sync/playback/some")).status == 404
    assert [row.id for row in trakt.user().playback] == [second["id"]]


async def test_last_activities_tell_when_each_thing_changed(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    calm = (await watcher.get("/sync/last_activities")).json
    joined = iso(trakt.user().joined_at)
    assert calm["all"] == joined
    assert calm["movies"]["watched_at"] == calm["account"]["settings_at"] == joined
    clock.advance(60)
    await watcher.post("/scrobble/stop", {**GUARDIANS, "progress": 90})
    clock.advance(60)
    await watcher.post("/scrobble/pause", {**PILOT, "progress": 50})
    now = (await watcher.get("/sync/last_activities")).json
    assert now["movies"]["watched_at"] == iso(clock.now() - 60_000)
    assert now["episodes"]["paused_at"] == now["all"] == iso(clock.now())
    assert now["episodes"]["watched_at"] == joined


async def test_reads_may_lag_behind_writes(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    trakt.switches = replace(trakt.switches, read_lag=5.0)
    play = (await watcher.post("/scrobble/stop", {**GUARDIANS, "progress": 90})).json["id"]
    await watcher.post("/scrobble/pause", {**PILOT, "progress": 50})
    clock.advance(4.9)
    assert (await watcher.get("/sync/history")).json == []
    assert (await watcher.get("/sync/playback")).json == []
    assert trakt.history_count() == 1
    clock.advance(0.1)
    assert [row["id"] for row in (await watcher.get("/sync/history")).json] == [play]
    assert len((await watcher.get("/sync/playback")).json) == 1
    await watcher.post("/sync/history/remove", {"ids": [play]})
    assert len((await watcher.get("/sync/history")).json) == 1
    clock.advance(5)
    assert (await watcher.get("/sync/history")).json == []
