"""The whole program as a process of its own, on one state directory and one port: started, killed and started again."""

import asyncio
import json
import os
import random
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from watchd.clock import SteeredClock
from watchd.standins.trakt import TraktStandIn

HOOK, READ, ADMIN = "hook-token-of-the-test", "read-token-of-the-test", "admin-token-of-the-test"
ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.02
_PATIENCE = 30.0


class Failed(Exception):
    """The program ended, or did not come up; the text is what it said."""


def free_port() -> int:
    """A port below those the system hands out to callers, so that nobody takes it while the program is down."""
    for port in random.sample(range(20_000, 32_000), 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port")


class Program:
    """`settings` are environment variables beside those that every test sets; a value of None takes one away."""

    def __init__(self, home: Path, clock: SteeredClock, epoch: float, trakt: TraktStandIn | None = None) -> None:
        self.state = home / "state"
        self.log = home / "log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings: dict[str, str] = {
            "WATCHD_STATE_DIR": str(self.state),
            "WATCHD_LISTEN": f"127.0.0.1:{self.port}",
            "WATCHD_HOOK_TOKEN": HOOK,
            "WATCHD_READ_TOKEN": READ,
            "WATCHD_ADMIN_TOKEN": ADMIN,
            "WATCHD_LOG_FORMAT": "json",
        }
        if trakt is not None:
            self.settings |= {
                "WATCHD_CLOCK": f"{clock.rate}@{epoch!r}",
                "WATCHD_TRAKT__CLIENT_ID": trakt.client_id,
                "WATCHD_TRAKT__CLIENT_SECRET": trakt.client_secret,
                "WATCHD_TRAKT__API_URL": trakt.url,
                "WATCHD_TRAKT__AUTH_URL": trakt.url,
            }
        self.process: asyncio.subprocess.Process | None = None
        self.up = asyncio.Event()
        """Set from when it is ready until it is killed or told to stop."""

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    async def start(self, **changed: str) -> None:
        """Start it and wait until it says where it listens and that it is ready."""
        with self.log.open("ab") as log:
            self.process = await self._spawn(["run"], stdout=log, stderr=log, changed=changed)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._up(self.process)
        except TimeoutError:
            raise Failed(self.said()) from None
        self.up.set()

    async def kill(self) -> None:
        """Kill -9."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        self.up.clear()
        await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        self.up.clear()
        return await self.process.wait()

    async def command(self, *words: str, **changed: str) -> tuple[int, str]:
        """Run another command of the program on the same state directory; its exit code and what it printed."""
        pipe = asyncio.subprocess.PIPE
        process = await self._spawn(list(words), stdout=pipe, stderr=asyncio.subprocess.STDOUT, changed=changed)
        out, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode()

    async def get(self, session: aiohttp.ClientSession, path: str) -> Any:
        """What the admin is told."""
        async with session.get(self.url + path, headers=bearer(ADMIN)) as answer:
            told = await answer.json()
            assert answer.status == 200, told
            return told

    async def owed(self, session: aiohttp.ClientSession) -> list[dict[str, Any]]:
        return list((await self.get(session, "/api/deliveries?state=open&limit=1000"))["deliveries"])

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    async def _spawn(
        self, words: list[str], *, stdout: Any, stderr: Any, changed: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        own = {name: value for name, value in os.environ.items() if not name.upper().startswith(("WATCHD_", "TRAKT_", "TMDB_"))}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "watchd", *words),
            cwd=ROOT,
            env={**own, **self.settings, **changed},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )

    async def _up(self, process: asyncio.subprocess.Process) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                if process.returncode is not None:
                    raise Failed(self.said())
                if self._published() == process.pid and await self._ready(session):
                    return
                await asyncio.sleep(_LOOK)

    def _published(self) -> int | None:
        """Who wrote down last where it listens; a killed program's note is still there."""
        try:
            told = json.loads((self.state / "daemon.json").read_text())
        except (OSError, ValueError):
            return None
        return int(told["pid"])

    async def _ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/readyz", headers=bearer(READ)) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def a_program(
    home: Path, clock: SteeredClock, epoch: float, trakt: TraktStandIn | None = None, **settings: str
) -> AsyncIterator[Program]:
    """A program that is not started yet, and is killed at the end if it still runs."""
    program = Program(home, clock, epoch, trakt)
    program.settings |= settings
    try:
        yield program
    finally:
        if program.process is not None:
            await program.kill()


async def until(true: Callable[[], Awaitable[bool]], *, what: str, patience: float = 60.0, look: float = 0.05) -> None:
    """Look again and again until the coroutine function `true` says so."""
    try:
        async with asyncio.timeout(patience):
            while True:
                if await true():
                    return
                await asyncio.sleep(look)
    except TimeoutError:
        raise AssertionError(f"not within {patience} s: {what}") from None
