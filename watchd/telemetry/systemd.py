"""The word to systemd: ready, stopping, what we are doing, and that we still live. Without systemd all of it is nothing."""

import os
import socket
from collections.abc import Mapping


def notify(*, env: Mapping[str, str] = os.environ, **fields: str | int) -> bool:
    """Send `NAME=value` lines to the socket that systemd named; False when there is none or it does not listen."""
    address = env.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract socket
    message = "\n".join(f"{name}={' '.join(str(value).splitlines())}" for name, value in fields.items())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.setblocking(False)  # the loop must not wait for a manager that is slow to read
        try:
            sender.sendto(message.encode(), address)
        except OSError:
            return False
    return True


def ready(*, env: Mapping[str, str] = os.environ) -> bool:
    return notify(env=env, READY=1)


def stopping(*, env: Mapping[str, str] = os.environ) -> bool:
    return notify(env=env, STOPPING=1)


def status(text: str, *, env: Mapping[str, str] = os.environ) -> bool:
    """One line for `systemctl status`; it must hold no secret."""
    return notify(env=env, STATUS=text)


def watchdog(*, env: Mapping[str, str] = os.environ) -> bool:
    return notify(env=env, WATCHDOG=1)


def extend(usec: int, *, env: Mapping[str, str] = os.environ) -> bool:
    """Ask for more time to start or stop, as a long migration needs it: `usec` microseconds from now."""
    return notify(env=env, EXTEND_TIMEOUT_USEC=usec)


def watchdog_interval(*, env: Mapping[str, str] = os.environ) -> float | None:
    """Seconds between two words to the watchdog, half of what systemd waits; None when it waits for none of ours."""
    try:
        limit = int(env.get("WATCHDOG_USEC", "0"))
        pid = int(env.get("WATCHDOG_PID", str(os.getpid())))
    except ValueError:
        return None
    return limit / 2_000_000 if limit > 0 and pid == os.getpid() else None
