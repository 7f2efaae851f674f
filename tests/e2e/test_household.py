"""A household at one hook URL: every play in its own account, on its own card and in its own history; strangers nowhere."""

import asyncio
from pathlib import Path
from typing import Any

from tests.e2e.program import HOOK, READ, bearer, until
from tests.e2e.stage import Stage, a_stage
from watchd.demo.players import plex_payload, trakt_item
from watchd.standins.items import Watchable

RATE = 60.0
SETTINGS = """
[[accounts]]
name = "ada"
users = ["Alice", "plex:Alice's phone"]

[[accounts]]
name = "ben"
users = ["bob@example.org"]
"""


async def log_in(stage: Stage, account: str, slug: str) -> None:
    """`watchd login --account`, and the code entered by that user of Trakt."""
    login = asyncio.create_task(stage.program.command("login", "--account", account))

    async def entered() -> bool:
        status = await stage.program.get(stage.session, f"/api/login?user={account}")
        if "code" in status:
            stage.trakt.approve(status["code"]["user_code"], slug)
        return "code" in status

    await until(entered, what=f"the code of {account} is entered")
    code, said = await login
    assert (code, f"Logged in as {slug}." in said) == (0, True), said


async def hook(stage: Stage, user: str, event: str, item: Watchable, progress: float | None) -> dict[str, Any]:
    payload = plex_payload(event, item, progress)
    payload["Account"]["title"] = user
    payload["Player"]["uuid"] = f"screen of {user}"
    async with stage.session.post(f"{stage.program.url}/hooks/plex/{HOOK}", json=payload) as answer:
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        return told


async def shown(stage: Stage, account: str | None) -> str | None:
    query = "" if account is None else f"?user={account}"
    async with stage.session.get(f"{stage.program.url}/api/watching{query}", headers=bearer(READ)) as answer:
        assert answer.status == 200
        told = await answer.json()
        return str(told["content"]["title"]) if told["isWatching"] else None


async def refusals(stage: Stage) -> list[tuple[str, str]]:
    """Who was refused and why, the newest first, as the admin sees it."""
    told = await stage.program.get(stage.session, "/api/hooks/recent?fate=refused")
    return [(event["user"], event["reason"]) for event in told["events"]]


async def test_each_play_lands_where_it_belongs_and_a_strangers_nowhere(tmp_path: Path) -> None:
    config = tmp_path / "household.toml"
    config.write_text(SETTINGS)
    async with a_stage(tmp_path, RATE, WATCHD_CONFIG=str(config)) as stage:
        await stage.program.start()
        stage.trakt.add_user("ben-at-trakt")
        await log_in(stage, "ada", "watcher")
        await log_in(stage, "ben", "ben-at-trakt")
        stage.trakt.catalogue.fill(movies=5, shows=1, seasons=1, episodes=1)
        numbered = [movie for movie in stage.trakt.catalogue.movies if movie.title.startswith("Movie Number")]
        adas, phones, bens, eves, scripts = numbered[:5]

        assert (await hook(stage, "alice", "media.play", adas, 0))["status"] == "accepted"
        assert (await hook(stage, "Bob@Example.org", "media.play", bens, 0))["status"] == "accepted"
        refused = await hook(stage, "eve", "media.play", eves, 0)
        assert (refused["status"], refused["play"]) == ("refused", None)
        assert "user 'eve'" in refused["reason"]
        assert "add it to the users of one in [[accounts]]" in refused["reason"]
        assert [await shown(stage, account) for account in (None, "ada", "ben")] == [adas.title, adas.title, bens.title]

        for user, item in (("alice", adas), ("Bob@Example.org", bens), ("Alice's phone", phones), ("eve", eves)):
            await hook(stage, user, "media.scrobble", item, None)
            await hook(stage, user, "media.stop", item, 97)
        script = {**trakt_item(scripts), "progress": 95}
        url = f"{stage.program.url}/trakt/scrobble/stop?user=ben"
        async with stage.session.post(url, json=script, headers=bearer(HOOK)) as answer:
            assert answer.status == 201
        await stage.all_delivered()

        histories = {
            slug: sorted(row.item.title for row in stage.trakt.user(slug).history) for slug in ("watcher", "ben-at-trakt")
        }
        assert histories == {"watcher": sorted([adas.title, phones.title]), "ben-at-trakt": sorted([bens.title, scripts.title])}
        assert await refusals(stage) == [("eve", refused["reason"])] * 3

        status = await stage.program.get(stage.session, "/api/status")
        assert [(one["name"], one["trakt"]["login"]) for one in status["accounts"]] == [("ada", "ok"), ("ben", "ok")]
        assert status["warnings"] == ["events of eve are refused: see /api/hooks/recent, and [[accounts]]"]
        assert await stage.program.command("logout", "--account", "ben") == (
            0,
            "Logged out: the tokens are revoked and forgotten. What is owed is kept.\n",
        )
        status = await stage.program.get(stage.session, "/api/status")
        assert [one["trakt"]["login"] for one in status["accounts"]] == ["ok", "none"]
        code, said = await stage.program.command("login", "--account", "eve")
        assert (code, said) == (2, "watchd: there is no such account; there are: ada, ben\n")
        _, said = await stage.program.command("status")
        assert "not logged in: watchd login --account ben" in said
        assert await stage.program.stop() == 0
        assert (await stage.program.command("logout", "--account", "eve"))[0] == 2
