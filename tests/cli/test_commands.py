"""The commands as a user runs them, with and without a daemon."""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.cli.served import StandingClock, run, served
from watchd import __version__
from watchd.demo.players import plex_payload
from watchd.standins.faults import Fault


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "TRAKT_API_KEY", "TRAKT_USERNAME", "TMDB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "state"))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--version")
    assert ended.value.code == 0


def test_a_wrong_setting_is_one_line_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHD_LISTEM", "127.0.0.1:1")
    code, printed = run("run")
    assert code == 2
    assert printed.count("\n") == 1
    assert "WATCHD_LISTEM" in printed


@pytest.mark.parametrize(
    "listen, why",
    [("192.0.2.7:7373", "Cannot assign requested address"), ("a..b:7373", "this is no host name")],
)
async def test_an_address_that_cannot_be_had_is_named_with_the_reason_and_the_mend(
    monkeypatch: pytest.MonkeyPatch, listen: str, why: str
) -> None:
    monkeypatch.setenv("WATCHD_LISTEN", listen)
    code, printed = await asyncio.to_thread(run, "run")
    assert (code, printed.count("\n")) == (2, 1)
    assert printed.startswith(f"watchd: WATCHD_LISTEN: cannot listen on {listen} (")
    assert why in printed
    assert printed.endswith("): give a free port on an address of this machine\n")


async def test_a_host_that_nobody_knows_is_said_so_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_knows(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    monkeypatch.setenv("WATCHD_LISTEN", "nowhere.invalid:7373")
    code, printed = await asyncio.to_thread(run, "run")
    assert (code, "nowhere.invalid:7373 (Name or service not known): give" in printed) == (2, True)


async def test_a_token_that_is_not_the_daemons_is_named_with_its_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        monkeypatch.setenv("WATCHD_ADMIN_TOKEN", "another")
        code, printed = await daemon.command("status")
        assert (code, printed) == (2, "watchd: the token is not known: set WATCHD_ADMIN_TOKEN here as the daemon has it\n")


def test_status_without_a_daemon_says_that_none_runs() -> None:
    assert run("status") == (1, "watchd is not running\n")


def test_hooks_before_the_first_start_says_what_to_do() -> None:
    code, printed = run("hooks")
    assert code == 2
    assert "start `watchd run` once" in printed


async def test_hooks_prints_urls_with_the_token_and_says_when_they_reach_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        code, printed = await daemon.command("hooks")
        token = daemon.home.daemon.tokens["hook"]
        assert code == 0
        assert f"{daemon.url}/hooks/plex?token={token}" in printed
        assert "work on this machine only" in printed
        assert "twice" in printed
        monkeypatch.setenv("WATCHD_PUBLIC_URL", "https://watchd.example")
        _, printed = await daemon.command("hooks")
        assert f"https://watchd.example/hooks/plex?token={token}" in printed
        assert "work on this machine only" not in printed


async def test_status_tells_card_backlog_login_and_last_contact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, clock=StandingClock()) as daemon:
        await daemon.home.plex(plex_payload("media.play", daemon.home.trakt.catalogue.episode("friends", 1, 1), 10))
        while '"last_heard_at": null' in (await daemon.command("status", "--json"))[1]:
            pass  # Trakt has not answered yet
        code, printed = await daemon.command("status")
        assert code == 0
        for part in (__version__, "0 dead", "watching: Friends S1E1 at 10.0 %", "logged in", "last heard: 20"):
            assert part in printed
        code, printed = await daemon.command("status", "--json")
        assert '"backlog"' in printed


async def test_login_shows_the_code_and_ends_when_it_was_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        daemon.home.trakt.auto_approve = True
        code, printed = await daemon.command("login")
        assert code == 0
        assert "/activate" in printed
        assert printed.endswith("Logged in as watcher.\n")
        code, printed = await daemon.command("logout")
        assert (code, "revoked" in printed) == (0, True)
        assert [seen.status for seen in daemon.home.trakt.calls("POST", "/oauth/revoke")] == [200]


async def test_a_login_that_trakt_refuses_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        daemon.home.trakt.faults.add(Fault("status", status=403, path="/oauth/device/code", times=None))
        code, printed = await daemon.command("login")
        assert code == 1
        assert "403" in printed


async def test_deliveries_are_listed_retried_dropped_and_backfilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        item = daemon.home.trakt.catalogue.episode("friends", 1, 1)
        daemon.home.trakt.faults.add(Fault("status", status=422, body={}, path="/scrobble/", times=None))
        await daemon.home.plex(plex_payload("media.scrobble", item, None))
        await daemon.home.trakt.until(lambda: bool(daemon.home.trakt.calls("POST", "/scrobble/stop")))
        dead = None
        while dead is None or dead.state != "dead":
            dead = (await daemon.home.deliveries())[0]
        code, printed = await daemon.command("deliveries", "list", "--state", "dead")
        assert (code, "refused for good (422)" in printed) == (0, True)
        daemon.home.trakt.faults.clear()
        code, printed = await daemon.command("deliveries", "retry", str(dead.id))
        assert (code, printed) == (0, f"delivery {dead.id}: retry done\n")
        await daemon.home.trakt.until(lambda: daemon.home.trakt.history_count() == 1)
        code, printed = await daemon.command("deliveries", "drop", "999")
        assert (code, "no such delivery" in printed) == (2, True)
        assert await daemon.command("deliveries", "backfill") == (0, "0 plays are owed now\n")
        assert await daemon.command("deliveries", "backfill", "--account", "Me") == (0, "0 plays are owed now\n")
        assert await daemon.command("deliveries", "backfill", "--account", "eve") == (2, "watchd: no such account\n")
        assert (await daemon.command("deliveries", "list"))[1] == "nothing\n"


async def test_deliveries_without_a_daemon_work_on_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False):
        pass
    assert await asyncio.to_thread(run, "deliveries", "list") == (0, "nothing\n")
    assert await asyncio.to_thread(run, "deliveries", "backfill") == (0, "0 plays are owed now\n")
    assert await asyncio.to_thread(run, "deliveries", "backfill", "--account", "eve") == (1, "no such account\n")
    code, printed = await asyncio.to_thread(run, "deliveries", "drop", "7")
    assert (code, "not possible" in printed) == (1, True)


async def test_a_second_daemon_on_the_same_state_is_refused_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch) as daemon:
        code, printed = await daemon.command("run")
        assert code == 2
        assert [one for one in printed.splitlines() if one.startswith("watchd:")] == [printed.splitlines()[0]], printed
        assert "another watchd owns the state directory" in printed
