"""`watchd doctor` in one process: beside a daemon, without one, and on ground that is not as it should be."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.cli.served import Served, run, served
from tests.services.home import ME, Home
from watchd.app.wiring import opened
from watchd.cli.doctor import line
from watchd.clock import SystemClock
from watchd.errors import MalformedPayload
from watchd.model.diagnosis import Finding, Level
from watchd.model.receipts import RawEvent
from watchd.settings import load
from watchd.store import state_dir
from watchd.store.state_dir import DATABASE


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("WATCHD_", "TRAKT_", "TMDB_"))]:
        monkeypatch.delenv(name)
    for name in ("CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("WATCHD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WATCHD_LISTEN", "127.0.0.1:0")


def examined() -> tuple[int, dict[tuple[str, str], str]]:
    """The exit code, and the text of the findings by level and part; the last of each."""
    code, said = run("doctor", "--json")
    told: Any = json.loads(said)
    assert sum(told["counts"].values()) == len(told["findings"])
    assert list(told) == ["findings", "counts"]
    assert list(told["counts"]) == ["ok", "note", "warning", "problem"]
    assert all(list(one) == ["level", "about", "text", "mend"] for one in told["findings"])
    return code, {(one["level"], one["about"]): f"{one['text']}; {one['mend']}" for one in told["findings"]}


def begin(**changed: str) -> None:
    """Have a daemon been there and gone."""

    async def work() -> None:
        async with opened(load({**os.environ, **changed}), SystemClock()):
            pass

    anyio.run(work)


async def recorded(home: Home, parsed: Any, body: str = "{}") -> None:
    await home.daemon.recorder.record(RawEvent(ME, "plex", home.clock.now(), body), parsed)


def secrets_of(at: Served) -> list[str]:
    home = at.home
    return [*home.daemon.tokens.values(), home.trakt.client_secret, home.trakt.client_id, home.tmdb.api_key]


async def test_beside_a_daemon_all_parts_are_told_of_and_no_secret_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as at:
        await recorded(at.home, MalformedPayload("plex", "no Metadata"))
        code, said = await at.command("doctor")
        told = said.splitlines()
        assert code == 0, said
        assert f"ok       daemon: process {os.getpid()} answers at {at.url}" in told
        assert any(one.startswith("ok       trakt: logged in") for one in told)
        assert any(one.startswith("warning  events: 1 event of plex, of the last week, could not") for one in told)
        assert [secret for secret in secrets_of(at) if secret in said] == []
        assert any(one.startswith("warning  sources: plex has sent something") for one in told)
        code, said = await at.command("doctor", "--json")
        assert [secret for secret in secrets_of(at) if secret in said] == []


async def test_an_account_that_is_held_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as at:
        await at.home.daemon.database.write(
            lambda connection: connection.execute("UPDATE accounts SET held_reason = 'Trakt wants VIP for this (426)'")
        )
        await at.home.daemon.vitals.look()
        code, said = await at.command("doctor")
        assert code == 1
        assert said.splitlines()[-2] == "problem  trakt: the account is held: Trakt wants VIP for this (426)"


async def test_the_daemon_answers_doctor_for_the_admin_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch) as at:
        monkeypatch.setenv("WATCHD_ADMIN_TOKEN", "not the admin's token".replace(" ", "-"))
        code, said = await at.command("doctor")
        assert code == 1
        assert "set WATCHD_ADMIN_TOKEN here as the daemon has it" in said
        assert "not-the-admin" not in said


def test_before_the_first_start_that_is_all_there_is_to_say() -> None:
    code, told = examined()
    assert code == 0
    assert set(told) == {("ok", "settings"), ("warning", "state directory")}


def test_without_a_daemon_the_records_tell_and_nothing_is_changed(tmp_path: Path) -> None:
    begin()
    before = {file: file.read_bytes() for file in sorted((tmp_path / "state").iterdir())}
    code, told = examined()
    assert code == 1, told
    assert "it is not running" in told["problem", "daemon"]
    assert len([one for one in told if one[0] == "problem"]) == 1
    assert "nothing has ever come in" in told["warning", "sources"]
    assert {("ok", "database"), ("ok", "tokens"), ("ok", "state directory"), ("ok", "deliveries")} <= set(told)
    assert {file: file.read_bytes() for file in sorted((tmp_path / "state").iterdir())} == before


def test_without_a_daemon_the_login_is_told_from_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    monkeypatch.setenv("WATCHD_TRAKT__CLIENT_ID", "an-id")
    assert "Trakt deletes apps" in examined()[1]["warning", "trakt"]
    monkeypatch.setenv("WATCHD_TRAKT__CLIENT_SECRET", "a-secret-of-mine")
    said = run("doctor")[1]
    assert "not logged in" in said
    assert "a-secret-of-mine" not in said


@pytest.mark.parametrize(
    "row, level, text",
    [
        ((9_000_000_000_000, 604_800, 0, None), "ok", "logged in"),
        ((9_000_000_000_000, 604_800, 1, None), "note", "did not answer"),
        ((1, 1, 0, None), "ok", "logged in"),
        ((1, 1, 2, "revoked"), "problem", "(revoked)"),
    ],
)
def test_how_a_login_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: tuple[Any, ...], level: str, text: str
) -> None:
    monkeypatch.setenv("WATCHD_TRAKT__CLIENT_ID", "an-id")
    monkeypatch.setenv("WATCHD_TRAKT__CLIENT_SECRET", "a-secret-of-mine")

    async def work() -> None:
        async with opened(load(), SystemClock()) as daemon:
            await daemon.database.write(
                lambda connection: connection.execute(
                    "INSERT INTO trakt_tokens (account_id, access_token, refresh_token, scope, created_at, expires_in, "
                    "refresh_tries, login_required) VALUES (1, 'the-access', 'the-refresh', 'public', ?, ?, ?, ?)",
                    row,
                )
            )

    anyio.run(work)
    assert text in examined()[1][level, "trakt"]
    said = run("doctor")[1]
    assert "the-access" not in said
    assert "the-refresh" not in said


def test_a_directory_others_may_enter_is_a_problem_and_a_file_a_warning(tmp_path: Path) -> None:
    begin()
    (tmp_path / "state" / DATABASE).chmod(0o644)
    code, told = examined()
    assert "chmod 600" in told["warning", "state directory"]
    assert ("problem", "state directory") not in told
    (tmp_path / "state").chmod(0o755)
    code, told = examined()
    assert code == 1
    assert "state directory" in {about for level, about in told if level == "problem"}
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o755  # looked at, not mended


def test_a_damaged_database_is_a_problem_and_not_read_further(tmp_path: Path) -> None:
    begin()
    (tmp_path / "state" / DATABASE).write_bytes(b"no database" * 1000)
    code, told = examined()
    assert code == 1
    assert ("problem", "database") in told
    assert ("warning", "sources") not in told


def test_a_database_that_went_missing_is_no_first_start(tmp_path: Path) -> None:
    begin()
    (tmp_path / "state" / DATABASE).rename(tmp_path / "elsewhere.db")
    (tmp_path / "state" / f"{DATABASE}-wal").write_bytes(b"what was not folded in yet")
    code, told = examined()
    assert code == 1
    assert "it is missing, and its log is there" in told["problem", "database"]
    (tmp_path / "state" / DATABASE).touch()
    assert "it is empty" in examined()[1]["problem", "database"]


def test_a_directory_that_is_owned_by_something_that_does_not_listen_is_no_problem_yet(tmp_path: Path) -> None:
    begin()
    with state_dir.owned(tmp_path / "state"):
        code, told = examined()
    assert code == 0, told
    assert f"process {os.getpid()} works on" in told["warning", "daemon"]


def test_settings_that_will_not_do_are_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHD_LISTN", "127.0.0.1:1")
    code, said = run("doctor")
    assert code == 1
    assert said.splitlines()[0].startswith("problem  settings: WATCHD_LISTN: there is no such setting")
    monkeypatch.delenv("WATCHD_LISTN")
    (tmp_path / "watchd.toml").write_text('[[watchers]]\nsource = "plex"\nurl = "http://nas:32400"\n')
    monkeypatch.setenv("WATCHD_CONFIG", str(tmp_path / "watchd.toml"))
    code, said = run("doctor")
    assert code == 1
    assert "watchers.0.token: plex is asked with the server's token" in said


def test_a_port_somebody_else_has_is_said_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("WATCHD_LISTEN", f"127.0.0.1:{taken.getsockname()[1]}")
        code, told = examined()
    assert code == 1
    assert "in use" in told["problem", "listener"]
    assert "WATCHD_STATE_DIR" in told["problem", "listener"]


def test_a_household_without_events_is_told_of_each_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "watchd.toml").write_text('[[accounts]]\nname = "alice"\n[[accounts]]\nname = "ben"\nusers = ["ben"]\n')
    monkeypatch.setenv("WATCHD_CONFIG", str(tmp_path / "watchd.toml"))
    begin()
    _, told = examined()
    assert "watchd hooks --account ben" in told["warning", "users"]


def test_a_finding_is_one_line_that_steers_no_terminal() -> None:
    assert line(Finding(Level.NOTE, "sync", "a\nb", "c")) == "note     sync: a b; mend: c"
