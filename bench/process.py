"""Programs under measurement: started, waited for by systemd's protocol, looked at through /proc, and ended."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

_PATIENCE = 60.0
_STOP_PATIENCE = 15.0
_ROOT = Path(__file__).parents[1]
_OURS = ("WATCHD_", "TRAKT_", "TMDB_", "PYTHONDONTWRITEBYTECODE")  # an installed program has its bytecode beside it
_numbers = count(1)


class NotStarted(Exception):
    """A program under measurement did not come up."""


@dataclass(frozen=True, slots=True)
class Running:
    """A program that is ready; `ready_in` is what that took, in seconds, `told` what it said with it."""

    pid: int
    ready_in: float
    told: Mapping[str, str]
    port: int = 0

    def rss(self) -> float:
        """Resident memory in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise NotStarted("the program is gone")

    def worked(self) -> float:
        """Processor time so far, of all threads, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(module: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run `python -m module…` for the time of the block; NotStarted, with what it wrote, when it does not get ready."""
    name = f"@watchd-bench-{os.getpid()}-{next(_numbers)}"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear, log.open("wb") as output:
        ear.bind("\0" + name[1:])
        ear.settimeout(0.2)
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.installed", *module],
            cwd=_ROOT,
            env=inherited | {"NOTIFY_SOCKET": name} | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            told = _listen(ear, process, log)
            ready_in = time.perf_counter() - began
            yield Running(process.pid, ready_in, told)
        finally:
            process.terminate()
            try:
                process.wait(_STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listen(ear: socket.socket, process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            message = ear.recv(65536).decode()
        except TimeoutError:
            if process.poll() is not None and process.returncode != 0:
                break
            continue
        told = dict(line.split("=", 1) for line in message.splitlines())
        if told.get("READY") == "1":
            return told
    raise NotStarted(log.read_text(encoding="utf-8", errors="replace")[-2000:])


TOKEN = "bench-token-of-some-length-0123"  # noqa: S105 - it opens a daemon of ours for some seconds


@contextmanager
def daemon(state_dir: Path, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """The real daemon on a state directory, as `watchd run` starts it."""
    settings = {
        "WATCHD_STATE_DIR": str(state_dir),
        "WATCHD_LISTEN": "127.0.0.1:0",
        "WATCHD_HOOK_TOKEN": TOKEN,
        "WATCHD_LOG_FORMAT": "json",
    }
    with running(["watchd", "run"], state_dir / "log", settings | dict(env or {})) as found:
        url = json.loads((state_dir / "daemon.json").read_text(encoding="utf-8"))["url"]
        yield replace(found, port=urlsplit(url).port or 0)


@contextmanager
def bare(folder: Path, body: bytes = b"{}") -> Iterator[Running]:
    """The floor, answering `body` where ours answers the card."""
    file = folder / "bare-body"
    file.write_bytes(body)
    with running(["bench.bare", "--body", str(file)], folder / "bare-log") as found:
        yield replace(found, port=int(found.told["STATUS"]))
