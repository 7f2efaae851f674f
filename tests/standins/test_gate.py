"""What a request must bring to be let in."""

from dataclasses import replace

import pytest
from aiohttp import ClientSession

from tests.standins.talk import Talk, app_headers, as_user
from watchd.clock import ManualClock, iso
from watchd.standins import TraktStandIn


async def test_without_a_user_agent_the_proxy_answers_with_a_page(stranger: Talk) -> None:
    answer = await stranger.get("/search/imdb/tt0113277", User_Agent=None)
    assert answer.status == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "CF-Ray" in answer.headers


async def test_the_user_agent_may_be_made_optional(trakt: TraktStandIn, stranger: Talk) -> None:
    trakt.switches = replace(trakt.switches, require_user_agent=False)
    assert (await stranger.get("/search/imdb/tt0113277", User_Agent=None)).status == 200


@pytest.mark.parametrize("header", ["Content_Type", "trakt_api_key", "trakt_api_version"])
async def test_a_missing_header_is_412(stranger: Talk, header: str) -> None:
    assert (await stranger.get("/movies/28", **{header: None})).status == 412


async def test_a_wrong_content_type_or_version_is_412(stranger: Talk) -> None:
    assert (await stranger.get("/movies/28", Content_Type="text/plain")).status == 412
    assert (await stranger.get("/movies/28", trakt_api_version="1")).status == 412
    assert (await stranger.get("/", trakt_api_key=None)).status == 412


async def test_an_unknown_or_deleted_app_is_403_everywhere(trakt: TraktStandIn, watcher: Talk) -> None:
    assert (await watcher.get("/movies/28", trakt_api_key="another")).status == 403
    trakt.oauth.app_deleted = True
    answer = await watcher.get("/movies/28")
    assert (answer.status, answer.text) == (403, "")


async def test_a_wrong_token_is_401_even_where_none_is_needed(stranger: Talk) -> None:
    assert (await stranger.get("/movies/28")).status == 200
    answer = await stranger.get("/movies/28", Authorization="Bearer nonsense")
    assert answer.status == 401
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("path", ["/sync/history", "/sync/playback", "/users/settings", "/users/me", "/sync/last_activities"])
async def test_what_belongs_to_a_user_needs_a_token(stranger: Talk, path: str) -> None:
    assert (await stranger.get(path)).status == 401


async def test_an_access_token_ends_with_its_lifetime(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    clock.advance(trakt.switches.token_lifetime - 1)
    assert (await watcher.get("/users/settings")).status == 200
    clock.advance(2)
    assert (await watcher.get("/users/settings")).status == 401


async def test_a_locked_account_is_423_and_says_which_way(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.user().locked = True
    answer = await watcher.get("/users/settings")
    assert answer.status == 423
    assert answer.headers["X-Account-Locked"] == "true"
    assert answer.headers["X-Account-Deactivated"] == "false"


async def test_an_unknown_path_is_404_and_a_wrong_verb_405(watcher: Talk) -> None:
    missing, wrong = await watcher.get("/no/such/thing"), await watcher.send("PUT", "/checkin")
    assert (missing.status, missing.text) == (404, "")
    assert (wrong.status, wrong.text) == (405, "")
    assert "POST" in wrong.headers["Allow"]


async def test_every_request_is_recorded_with_what_came_of_it(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    clock.advance(5)
    await watcher.post("/scrobble/start?a=b", {"movie": {"ids": {"trakt": 28}}, "progress": 3})
    seen = trakt.requests[-1]
    assert (seen.method, seen.path, seen.query, seen.status, seen.user) == (
        "POST",
        "/scrobble/start",
        {"a": "b"},
        201,
        "watcher",
    )
    assert seen.at == clock.now()
    assert seen.body == {"movie": {"ids": {"trakt": 28}}, "progress": 3}
    assert seen.headers["trakt-api-version"] == "2"
    assert trakt.calls("POST", "/scrobble") == [seen]
    assert trakt.calls("GET") == []


async def test_a_body_that_is_no_json_is_400_and_kept_as_text(trakt: TraktStandIn, watcher: Talk) -> None:
    for path in ("/scrobble/start", "/checkin", "/sync/history", "/sync/history/remove", "/sync/ratings"):
        assert (await watcher.post(path, "{torn")).status == 400
        assert (await watcher.post(path, [1])).status == 400
    assert trakt.requests[-2].body == "{torn"


async def test_the_stand_in_may_be_an_hour_ahead(clock: ManualClock, session: ClientSession) -> None:
    trakt = TraktStandIn(clock)
    trakt.clock_skew = 3600.0
    async with trakt:
        answer = await as_user(session, trakt).post("/scrobble/start", {"movie": {"ids": {"trakt": 28}}})
        assert answer.headers["Date"] == "Mon, 21 Sep 2026 15:13:20 GMT"
        on = trakt.user().watching
        assert on is not None
        assert on.started_at == clock.now() + 3_600_000
        assert trakt.requests[-1].at == clock.now()
        assert iso(on.started_at) == "2026-09-21T15:13:20.000Z"


async def test_it_can_be_stopped_and_started_again_on_its_port(clock: ManualClock, session: ClientSession) -> None:
    trakt = TraktStandIn(clock)
    await trakt.start()
    url, talk = trakt.url, Talk(session, trakt.url, app_headers(trakt))
    trakt.add_play("watcher", trakt.catalogue.movie(28), clock.now())
    await trakt.stop()
    await trakt.start()
    assert trakt.url == url
    assert (await talk.get("/users/watcher/history")).json[0]["movie"]["title"] == "Guardians of the Galaxy"
    await trakt.stop()
