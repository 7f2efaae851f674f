"""`watchd scrobble` as scripts call it."""

import argparse
import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.served import run, served
from watchd.cli import nearby, scrobble
from watchd.sources import generic

HEAVY = ("aiohttp", "aiosqlite", "anyio", "asyncio", "pydantic", "sqlite3", "structlog", "dataclasses", "urllib.request")


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIGURATION_DIRECTORY", "STATE_DIRECTORY", "WATCHD_URL", "WATCHD_HOOK_TOKEN", "WATCHD_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "state"))


def told(*words: str) -> Any:
    parser = argparse.ArgumentParser()
    scrobble.add_arguments(parser)
    return scrobble.body(parser.parse_args(words))


def test_only_what_was_given_is_told() -> None:
    assert told("start", "--movie", "Heat", "--year", "1995", "--tmdb", "949") == {
        "event": "start",
        "mediaType": "movie",
        "title": "Heat",
        "year": 1995,
        "uniqueIds": {"tmdb": "949"},
    }
    assert told("pause", "--file", "/films/Heat.1995.mkv", "--progress", "0", "--player", "mpv") == {
        "event": "pause",
        "progress": {"percent": 0.0},
        "source": "mpv",
        "filename": "films/Heat.1995.mkv",
    }


def test_of_a_path_only_the_folders_that_may_name_the_show_are_told() -> None:
    assert told("start", "--file", "/media/disk/The Expanse/Season 01/E02.mkv")["filename"] == "The Expanse/Season 01/E02.mkv"


def test_a_moment_that_is_none_is_refused_before_anything_is_sent() -> None:
    assert told("stop", "--movie", "Heat", "--at", "2026-11-20T20:00:00+01:00")["timestamp"] == "2026-11-20T20:00:00+01:00"
    with pytest.raises(SystemExit) as ended:
        told("stop", "--movie", "Heat", "--at", "yesterday")
    assert ended.value.code == 2


def test_with_a_show_the_ids_and_the_year_are_the_shows() -> None:
    event = told("stop", "--show", "The Wire", "--season", "0", "--episode", "2", "--tvdb", "79126", "--year", "2002")
    assert event == {
        "event": "stop",
        "mediaType": "episode",
        "tvShowTitle": "The Wire",
        "season": 0,
        "episode": 2,
        "tvShowYear": 2002,
        "tvShowUniqueIds": {"tvdb": "79126"},
    }
    generic.parse(event)


def test_a_start_must_name_an_item_and_a_stop_need_not() -> None:
    assert told("start", "--progress", "5") is None
    assert told("stop", "--player", "mpv") == {"event": "stop", "source": "mpv"}
    code, printed = run("scrobble", "start", "--url", "http://127.0.0.1:9", "--token", "t")
    assert (code, "nothing to find the item by" in printed) == (2, True)


async def test_a_sitting_told_by_a_script_becomes_a_play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        item = ("--movie", "Heat", "--year", "1995", "--duration", "10200", "--session", "1")
        code, printed = await daemon.command("scrobble", "start", *item)
        assert (code, printed.endswith("accepted: started (play 1)\n")) == (0, True)
        code, printed = await daemon.command("scrobble", "stop", *item, "--progress", "95")
        assert (code, printed.endswith("accepted: watched (play 1)\n")) == (0, True)
        code, printed = await daemon.command("scrobble", "start", "--file", "???")
        assert (code, printed.endswith("ignored: unidentifiable\n")) == (0, True)
        code, printed = await daemon.command("scrobble", "stop", *item, "--position", "nan")
        assert (code, "not taken (400)" in printed) == (2, True)
        code, printed = await daemon.command("scrobble", "stop", *item, "--token", "wrong")
        assert (code, "WATCHD_HOOK_TOKEN" in printed) == (1, True)


async def test_the_daemon_may_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        url, token = daemon.url, nearby.found({"WATCHD_STATE_DIR": str(tmp_path / "state")}, "generic")[1]
        monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "elsewhere"))
        code, printed = await daemon.command("scrobble", "start", "--movie", "Heat")
        assert (code, "no daemon runs" in printed) == (2, True)
        monkeypatch.setenv("WATCHD_URL", url)
        code, printed = await daemon.command("scrobble", "start", "--movie", "Heat")
        assert (code, "no hook token" in printed) == (2, True)
        assert token is not None
        monkeypatch.setenv("WATCHD_HOOK_TOKEN", token)
        assert (await daemon.command("scrobble", "start", "--movie", "Heat"))[0] == 0
        code, printed = await daemon.command("status")
        assert (code, "is not running" in printed) == (1, True)  # WATCHD_URL is no setting, and no mistake either


async def test_a_daemon_that_is_away_or_none_is_said_so() -> None:
    code, printed = run("scrobble", "start", "--movie", "Heat", "--url", "http://127.0.0.1:9", "--token", "t0ken")
    assert (code, "does not answer" in printed, "t0ken" in printed) == (2, True, False)
    code, printed = run("scrobble", "start", "--movie", "Heat", "--url", "ftp://x", "--token", "t")
    assert (code, "begins with http" in printed) == (2, True)

    for wrong, said in ((("http://[::1", "t"), "begins with http"), (("http://127.0.0.1:9", "a\nb"), "that is no token")):
        code, printed = run("scrobble", "start", "--movie", "Heat", "--url", wrong[0], "--token", wrong[1])
        assert (code, said in printed, printed.count("\n")) == (2, True, 1)

    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<hi>")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(page, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        words = ("scrobble", "start", "--movie", "Heat", "--url", f"http://127.0.0.1:{port}", "--token", "t")
        code, printed = await asyncio.to_thread(run, *words)
    assert (code, "is not watchd" in printed) == (2, True)


def test_token_and_state_are_found_as_the_daemon_finds_them(tmp_path: Path) -> None:
    (tmp_path / "watchd.toml").write_text('hook_token = "from-file"\nstate_dir = "/nowhere"\n')
    assert nearby.found({"CONFIGURATION_DIRECTORY": str(tmp_path)}, "generic") == (None, "from-file")
    assert nearby.found({"WATCHD_CONFIG": str(tmp_path / "watchd.toml")}, "generic") == (None, "from-file")
    assert nearby.found({"WATCHD_CONFIG": str(tmp_path / "missing.toml"), "HOME": str(tmp_path)}, "generic") == (None, None)
    assert nearby.found({}, "generic") == (None, None)


async def test_the_token_does_not_go_to_where_a_killed_daemon_listened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"WATCHD_STATE_DIR": str(tmp_path / "state")}
    async with served(tmp_path, monkeypatch) as daemon:
        url, token = nearby.found(env, "generic")
        assert (url, token is not None) == (daemon.url, True)
    (tmp_path / "state" / "daemon.json").write_text(json.dumps({"url": daemon.url, "pid": 1}))
    assert nearby.found(env, "generic") == (None, token)


def test_it_imports_nothing_heavy() -> None:
    script = (
        "import json, sys; from watchd.cli import main; "
        "code = main(['scrobble', 'start', '--movie', 'x', '--url', 'http://127.0.0.1:9', '--token', 't']); "
        "print(json.dumps([code, sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    code, modules = json.loads(done.stdout)
    assert code == 2
    assert [name for name in HEAVY if name in modules] == []
    ours = {name for name in modules if name.startswith("watchd")}
    assert ours == {"watchd", "watchd.cli", "watchd.cli.printed", "watchd.cli.scrobble", "watchd.errors"}
