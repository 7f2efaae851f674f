"""All four kinds of watcher in a daemon of its own process, killed and started again in the middle of the films."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.e2e.program import until
from tests.e2e.stage import a_stage
from watchd.standins.media import EmbyStandIn, JellyfinStandIn, KodiStandIn, MediaStandIn, PlexStandIn

KINDS: dict[str, type[MediaStandIn]] = {
    "plex": PlexStandIn,
    "jellyfin": JellyfinStandIn,
    "emby": EmbyStandIn,
    "kodi": KodiStandIn,
}
RATE = 120.0


def table(source: str, server: MediaStandIn) -> str:
    """Its settings."""
    name = "password" if source == "kodi" else "token"
    return f'[[watchers]]\nsource = "{source}"\nurl = "{server.url}"\n{name} = "{server.secret}"\n'


async def test_what_four_servers_play_is_recorded_once_across_a_crash(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(a_stage(tmp_path, RATE))
        servers = {name: await stack.enter_async_context(kind(stage.clock)) for name, kind in KINDS.items()}
        settings = tmp_path / "watchd.toml"
        settings.write_text("".join(map(table, servers, servers.values())))
        settings.chmod(0o600)
        await stage.program.start(WATCHD_CONFIG=str(settings))
        await stage.log_in()
        items = [stage.trakt.catalogue.episode("friends", 1, number) for number in range(1, 5)]
        for server, item in zip(servers.values(), items, strict=True):
            server.start_playing(item)

        async def status() -> Any:
            return await stage.program.get(stage.session, "/api/status")

        async def watching() -> bool:
            return bool((await status())["accounts"][0]["state"] == "watching")

        async def idle() -> bool:
            return bool((await status())["accounts"][0]["state"] == "idle")

        await until(watching, what="something plays")
        await stage.clock.sleep(300)
        await stage.program.kill()
        await stage.program.start(WATCHD_CONFIG=str(settings))
        await stage.clock.sleep(items[0].runtime * 60 * 0.96 - (stage.clock.now() - servers["plex"].on().at) / 1000)
        for server in servers.values():
            server.stop_playing()
        await until(idle, what="nothing plays")
        await stage.all_delivered()
        assert {item.key: stage.history()[item.key] for item in items} == {item.key: 1 for item in items}
        assert [one["failing"] for one in (await status())["watchers"]] == [False] * 4
        assert MediaStandIn.secret not in stage.program.said()
