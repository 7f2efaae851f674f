"""Profiles, settings and statistics."""

from tests.standins.talk import Talk, as_user
from watchd.clock import ManualClock
from watchd.standins import TraktStandIn


async def test_settings_say_who_the_token_belongs_to(trakt: TraktStandIn, watcher: Talk) -> None:
    body = (await watcher.get("/users/settings")).json
    assert body["user"]["username"] == "watcher"
    assert body["user"]["ids"] == {"slug": "watcher", "trakt": None, "uuid": trakt.user().uuid}
    assert body["account"]["timezone"] == "Europe/Berlin"
    assert set(body) == {"user", "account", "connections", "sharing_text", "limits", "permissions"}
    assert len(trakt.user().uuid) == 64
    assert trakt.user().uuid != trakt.user("hermit").uuid


async def test_a_profile_is_short_unless_asked_for_in_full(stranger: Talk) -> None:
    short = (await stranger.get("/users/watcher")).json
    assert (short["private"], short["ids"]) == (False, {"slug": "watcher"})
    assert "joined_at" not in short
    full = (await stranger.get("/users/watcher?extended=full")).json
    assert full["images"]["avatar"]["full"].startswith("https://")


async def test_statistics_are_those_of_the_history(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    heat, pilot = trakt.catalogue.movie(616), trakt.catalogue.episode(1, 1, 1)
    for item in (heat, heat, trakt.catalogue.movie(28), pilot, pilot, trakt.catalogue.episode("friends", 1, 2)):
        trakt.add_play("watcher", item, clock.now())
    await watcher.post("/sync/ratings", {"movies": [{"ids": {"trakt": 616}, "rating": 9}]})
    body = (await watcher.get("/users/me/stats")).json
    assert body["movies"] == {"plays": 3, "watched": 2, "minutes": 461, "ratings": 1, "collected": 0, "comments": 0}
    assert body["episodes"]["plays"] == 3
    assert body["episodes"]["minutes"] == 138
    assert body["shows"]["watched"] == 2
    assert (body["ratings"]["total"], body["ratings"]["distribution"]["9"]) == (1, 1)


async def test_more_accounts_can_be_added(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    trakt.add_user("other", vip=True)
    trakt.watch("other", trakt.catalogue.movie(616))
    trakt.add_play("other", trakt.catalogue.movie(28), clock.now())
    assert (await watcher.get("/users/other/watching")).status == 200
    assert (await watcher.get("/users/me/watching")).status == 204
    assert (trakt.history_count(user="other"), trakt.history_count()) == (1, 0)
    talk = as_user(watcher._session, trakt, "other")
    assert (await talk.get("/users/settings")).json["user"]["vip"] is True
