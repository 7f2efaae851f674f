"""`watchd explain`, `watchd test-hook` and `watchd hooks`, beside a daemon and without one."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.served import Served, run, served
from watchd.cli.samples import PAYLOADS
from watchd.cli.setups import SETUPS
from watchd.cli.test_hook import speaker
from watchd.errors import SettingsError
from watchd.settings import Settings
from watchd.settings.groups import AccountSettings
from watchd.store import traces
from watchd.store.database import Database

HEAT = ("--movie", "Heat", "--year", "1995", "--imdb", "tt0113277", "--duration", "10200", "--session", "1")


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY", "WATCHD_URL", "WATCHD_HOOK_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "state"))


async def kept(daemon: Served) -> list[Any]:
    database: Database = daemon.home.daemon.database
    return await database.read(lambda connection: list(traces.recent(connection, 100)))


async def plays(daemon: Served) -> int:
    database: Database = daemon.home.daemon.database
    return await database.read(lambda connection: int(connection.execute("SELECT count(*) FROM plays").fetchone()[0]))


async def test_a_play_is_explained_from_the_event_to_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        await daemon.command("scrobble", "start", *HEAT, "--progress", "0")
        await daemon.command("scrobble", "stop", *HEAT, "--progress", "95")
        await daemon.home.trakt.until(lambda: daemon.home.trakt.history_count() == 1)
        state = None
        while state != "delivered":
            state = (await daemon.home.deliveries())[-1].state
        code, printed = await daemon.command("explain", "last")
        assert code == 0
        for part in (
            "play 1: Heat (1995), stopped at 95 %",
            "id imdb tt0113277: event 1 (generic)",
            "read   start: Heat (1995)",
            "match  the same imdb id tt0113277",
            "watched: counted the play as watched",
            "Trakt is to know that it was watched: delivered",
            "last as scrobble/stop",
        ):
            assert part in printed
        code, printed = await daemon.command("explain", "1", "--json")
        told = json.loads(printed[printed.index("{\n") :])
        assert [event["step"] for event in told["events"]] == ["started", "watched"]


async def test_an_event_without_a_play_is_explained_also_when_no_daemon_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        await daemon.command("scrobble", "start", "--file", "???")
    code, printed = await asyncio.to_thread(run, "explain", "event:last")
    assert code == 0
    assert "understood, and nothing of ours (unidentifiable)" in printed
    assert (await asyncio.to_thread(run, "explain", "event:1"))[1] == printed
    code, printed = await asyncio.to_thread(run, "explain", "last")
    assert (code, printed) == (1, "watchd: nothing is known of last\n")
    assert (await asyncio.to_thread(run, "explain", "event:7", "--json"))[0] == 1


def test_what_is_neither_play_nor_event_is_not_understood() -> None:
    with pytest.raises(SystemExit) as ended:
        run("explain", "friends")
    assert ended.value.code == 2


async def test_a_test_hook_of_each_source_goes_the_whole_way_and_leaves_no_play(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        for source in PAYLOADS:
            code, printed = await daemon.command("test-hook", source)
            assert (code, "It would be recorded for account me" in printed) == (0, True), printed
        assert await plays(daemon) == 0
        assert {(trace.source, trace.fate, trace.reason) for trace in await kept(daemon)} == {
            (source, "ignored", "test_event") for source in PAYLOADS
        }
        assert daemon.home.trakt.calls("POST", "/scrobble/start") == []
        assert daemon.home.daemon.doorkeeper.visitors() == []


async def test_a_test_hook_that_fails_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, printed = await asyncio.to_thread(run, "test-hook", "plex")
    assert (code, "start `watchd run`" in printed) == (1, True)
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        code, printed = await daemon.command("test-hook", "kodi", "--token", "wrong")
        assert (code, "Answered 401" in printed, "watchd hooks" in printed) == (1, True, True)
        code, printed = await daemon.command("test-hook", "plex", "--url", "http://127.0.0.1:9")
        assert (code, "wrong host or port" in printed) == (1, True)
        code, printed = await daemon.command("test-hook", "plex", "--url", f"{daemon.url}/below")
        assert (code, "Nothing takes hooks at that address" in printed) == (1, True)
        code, printed = await daemon.command("test-hook", "plex", "--url", "http://[::1")
        assert (code, "must begin with http" in printed) == (1, True)
        code, printed = await daemon.command("test-hook", "kodi", "--token", "日本")
        assert (code, "that is no token" in printed) == (2, True)
        code, printed = await daemon.command("test-hook", "plex", "--account", "ana")
        assert (code, "That is not account ana" in printed) == (1, True)


async def test_in_a_household_the_sample_speaks_as_somebody_who_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config" / "watchd").mkdir(parents=True)
    people = '[[accounts]]\nname = "ana"\nusers = ["plex:Ana", "*"]\n[[accounts]]\nname = "ben"\nusers = ["Ben"]\n'
    (tmp_path / "config" / "watchd" / "watchd.toml").write_text(people)
    people_set = (AccountSettings(name="ana", users=("plex:Ana",)), AccountSettings(name="ben", users=("Ben",)))
    async with served(tmp_path, monkeypatch, logged_in=False, accounts=people_set) as daemon:
        code, printed = await daemon.command("test-hook", "plex", "--account", "ben")
        assert (code, "user Ben" in printed, "for account ben" in printed) == (0, True, True)
        assert (await daemon.command("test-hook", "plex"))[0] == 0
        code, printed = await daemon.command("test-hook", "plex", "--user", "stranger")
        assert (code, "Nobody's event" in printed) == (1, True)
        code, printed = await daemon.command("test-hook", "trakt", "--account", "ben")
        assert (code, "/trakt/scrobble/start" in printed, "for account ben" in printed) == (0, True, True)
        code, printed = await daemon.command("hooks", "plex", "--account", "Ben")
        own = daemon.home.daemon.hook_tokens["ben"]
        assert (code, f"token={own}" in printed) == (0, True)
        code, printed = await daemon.command("hooks", "--account", "nobody")
        assert (code, "there are: ana, ben" in printed) == (2, True)
    code, printed = await asyncio.to_thread(run, "test-hook", "plex", "--account", "zoe")
    assert code == 1
    (tmp_path / "config" / "watchd" / "watchd.toml").write_text(people.replace('"ben"', '"benjamin"'))
    code, printed = await asyncio.to_thread(run, "hooks", "plex", "--account", "ben")
    assert (code, "there is no account 'ben'" in printed, own in printed) == (2, True, False)


def test_a_database_that_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "watchd.db").write_bytes(b"something else altogether" * 100)
    code, printed = run("explain", "last")
    assert (code, "file is not a database" in printed, "run this as the user it runs as" in printed) == (2, True, True)


def test_the_speaker_is_on_the_lists_of_the_account(tmp_path: Path) -> None:
    people = (
        AccountSettings(name="ana", users=("*", "emby:Anna", "plex:Ana"), players=("Den",)),
        AccountSettings(name="ben", libraries=("Kids",), servers=("nas",)),
    )
    settings = Settings(state_dir=tmp_path, accounts=people)
    first, second = speaker(settings, "plex", None, None), speaker(settings, "jellyfin", "BEN", "Benny")
    assert (first.user, first.player) == ("Ana", "Den")
    assert (second.user, second.server, second.library) == ("Benny", "nas", "Kids")
    with pytest.raises(SettingsError, match="zoe"):
        speaker(settings, "plex", "zoe", None)


async def test_hooks_of_one_source_prints_all_there_is_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        token = daemon.home.daemon.tokens["hook"]
        for source in SETUPS:
            code, printed = await daemon.command("hooks", source)
            assert (code, token in printed, "Turn off" in printed) == (0, True, True)
        code, printed = await daemon.command("hooks", "--account", "me")
        assert (code, "no hook token of its own" in printed) == (2, True)
