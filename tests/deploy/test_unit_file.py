"""What the unit promises to the daemon and the daemon to the unit; needs no systemd."""

import re
from pathlib import Path

import pytest

from watchd.settings import load
from watchd.settings.files import FILE

UNIT = (Path(__file__).parents[2] / "systemd" / "watchd.service").read_text(encoding="utf-8")
LINES = [line for line in UNIT.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "NotifyAccess=main",
        "WatchdogSec=30",
        "Restart=on-failure",
        "DynamicUser=yes",
        "User=watchd",
        "StateDirectory=watchd",
        "StateDirectoryMode=0700",
        "UMask=0077",
        "ExecStart=/opt/watchd/venv/bin/watchd run",
    ],
)
def test_the_unit_says(line: str) -> None:
    assert line in LINES


@pytest.mark.parametrize("name", ["ProcSubset", "ExecReload", "PrivateNetwork"])
def test_the_unit_leaves_out_what_would_break_metrics_reload_or_relay(name: str) -> None:
    assert not any(line.startswith(f"{name}=") for line in LINES)


def test_the_settings_file_can_be_a_credential(tmp_path: Path) -> None:
    assert f"#LoadCredential={FILE}:/etc/watchd/{FILE}" in UNIT
    [(name, path)] = re.findall(r"^#Environment=(\w+)=%d/(.+)$", UNIT, re.MULTILINE)
    (tmp_path / path).write_text('[[accounts]]\nname = "ada"\n', encoding="utf-8")
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path), "STATE_DIRECTORY": "/var/lib/watchd", name: str(tmp_path / path)}
    assert [account.name for account in load(env).accounts] == ["ada"]


def test_the_credentials_it_shows_are_settings(tmp_path: Path) -> None:
    names = re.findall(r"^#LoadCredential(?:Encrypted)?=([^:]+):", UNIT, re.MULTILINE)
    assert len(names) >= 5
    for name in names:
        (tmp_path / name).write_text(f"its-{name}\n" if name != FILE else "unknown = 1\n", encoding="utf-8")
    settings = load({"CREDENTIALS_DIRECTORY": str(tmp_path), "STATE_DIRECTORY": "/var/lib/watchd"})
    assert settings.trakt.client_id == "its-watchd_trakt__client_id"
    assert settings.admin_token is not None
