"""A daemon served in this process, and commands run beside it in a thread as a user would run them."""

import asyncio
import contextlib
import io
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
import structlog

from tests.services.home import Home, PacedClock, a_home
from watchd.cli import main


class StandingClock(PacedClock):
    """Waits end as they do by the paced clock, and all in the same moment: what plays stays where it is."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.002, seconds / 1000))


@dataclass(frozen=True, slots=True)
class Served:
    """A home whose daemon listens at `url`."""

    home: Home
    url: str

    async def command(self, *words: str) -> tuple[int, str]:
        """Run `watchd` with these words; its exit code and what it printed on both streams."""
        return await asyncio.to_thread(run, *words)


def run(*words: str) -> tuple[int, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = main(words)
    return code, printed.getvalue()


@contextlib.contextmanager
def _logging_aside() -> Iterator[None]:
    """What a daemon logs goes where the test's own output does, and not into what a command beside it is seen to print."""
    before = structlog.get_config()
    # the usual one, which prints, asks for standard output anew with each line
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.stdout))
    try:
        yield
    finally:
        structlog.configure(**before)


@asynccontextmanager
async def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, clock: PacedClock | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """Serve a home while the block runs; the environment lets commands find it."""
    with _logging_aside():
        async with _served(tmp_path, monkeypatch, clock or PacedClock(), settings) as there:
            yield there


@asynccontextmanager
async def _served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: PacedClock, settings: dict[str, Any]
) -> AsyncIterator[Served]:
    async with a_home(tmp_path, clock=clock, **settings) as home:
        chosen = home.daemon.settings
        monkeypatch.setenv("WATCHD_STATE_DIR", str(chosen.state_dir))
        monkeypatch.setenv("WATCHD_TRAKT__CLIENT_ID", str(chosen.trakt.client_id))
        monkeypatch.setenv("WATCHD_TRAKT__CLIENT_SECRET", home.trakt.client_secret)
        monkeypatch.setenv("WATCHD_TRAKT__API_URL", home.trakt.url)
        monkeypatch.setenv("WATCHD_TRAKT__AUTH_URL", home.trakt.url)
        up = asyncio.Event()
        urls: list[str] = []

        def started(url: str) -> None:
            urls.append(url)
            up.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(home.daemon.serve, started)
            await up.wait()
            yield Served(home, urls[0])
            tasks.cancel_scope.cancel()
