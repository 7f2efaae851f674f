"""The word to systemd, heard on real datagram sockets."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from watchd.telemetry import systemd

Hear = Callable[[], str]


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[dict[str, str], Hear]]:
    """An environment with a manager's socket, and what was said to it."""
    name = f"watchd-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name if request.param == "abstract" else name)
        listener.settimeout(5)
        yield (
            {"NOTIFY_SOCKET": f"@{name}" if request.param == "abstract" else name},
            lambda: listener.recv(4096).decode(),
        )


def test_each_word_is_said_as_systemd_wants_it(manager: tuple[dict[str, str], Hear]) -> None:
    env, hear = manager
    assert systemd.ready(env=env)
    assert hear() == "READY=1"
    assert systemd.stopping(env=env)
    assert hear() == "STOPPING=1"
    assert systemd.watchdog(env=env)
    assert hear() == "WATCHDOG=1"
    assert systemd.extend(30_000_000, env=env)
    assert hear() == "EXTEND_TIMEOUT_USEC=30000000"
    assert systemd.status("watching Amélie", env=env)
    assert hear() == "STATUS=watching Amélie"
    assert systemd.notify(env=env, READY=1, STATUS="up")
    assert hear() == "READY=1\nSTATUS=up"


def test_a_status_cannot_carry_a_second_word(manager: tuple[dict[str, str], Hear]) -> None:
    env, hear = manager
    systemd.status("a film\nSTOPPING=1", env=env)
    assert hear() == "STATUS=a film STOPPING=1"


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "relative", "/nowhere/at/all", "@nobody-listens-here"])
def test_without_a_listening_manager_nothing_happens(address: str) -> None:
    assert not systemd.ready(env={"NOTIFY_SOCKET": address})
    assert not systemd.ready(env={})


def test_a_manager_that_does_not_read_does_not_stop_us(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        said = [systemd.watchdog(env={"NOTIFY_SOCKET": str(tmp_path / "notify")}) for _ in range(5000)]
    assert said[0]
    assert not said[-1]


@pytest.mark.parametrize(
    "env, interval",
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid() + 1)}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_fed_at_half_its_time_and_only_if_it_is_ours(env: dict[str, str], interval: float | None) -> None:
    assert systemd.watchdog_interval(env=env) == interval
