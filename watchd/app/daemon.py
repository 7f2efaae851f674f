"""The daemon, once it is wired: served until it is told to stop."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio
import structlog
from aiohttp import web
from anyio.abc import TaskGroup

from watchd.app.desk import Desk
from watchd.app.finding import Finding
from watchd.app.trakt_link import TraktLink
from watchd.app.whereabouts import published
from watchd.clock import Clock
from watchd.errors import SettingsError
from watchd.services.artwork import ArtworkFinder
from watchd.services.connecting import Connecting
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.now import Now
from watchd.services.recorder import Recorder
from watchd.services.refresher import Refresher
from watchd.services.vitals import Vitals
from watchd.services.watcher import Watcher
from watchd.settings import Listen, Settings
from watchd.store.database import Database
from watchd.telemetry import systemd
from watchd.telemetry.metrics import Metrics
from watchd.web.ports import WebPorts
from watchd.web.server import make_app, serve

log = structlog.get_logger()

_WANT_AGAIN = 30.0


@dataclass(frozen=True, slots=True)
class Daemon:
    """All parts, plugged together and not yet running."""

    settings: Settings
    clock: Clock
    database: Database
    metrics: Metrics
    now: Now
    recorder: Recorder
    refresher: Refresher
    artwork: ArtworkFinder
    finding: Finding
    vitals: Vitals
    doorkeeper: Doorkeeper
    connecting: Connecting
    desk: Desk
    links: tuple[TraktLink, ...]
    watchers: tuple[Watcher, ...]
    ports: WebPorts
    tokens: dict[str, str]
    """The household's, by scope."""
    hook_tokens: dict[str, str]
    """Of each account that the settings name, by its name."""

    async def serve(self, started: Callable[[str], None]) -> None:
        """Listen and work until SIGTERM, SIGINT or cancellation; `started` is given our URL once requests are taken."""
        listen = self.settings.listen
        for link in self.links:
            await link.load()
        for watcher in self.watchers:
            watcher.start()
        for account in self.now.accounts:
            await self.refresher.refresh(account)
        await self.finding.pictures.reload()
        async with _listening(make_app(self.ports), listen) as port:
            url = f"http://{_reachable(listen.host)}:{port}"
            with published(self.settings.state_dir, url):
                async with anyio.create_task_group() as tasks:
                    self._start(tasks)
                    tasks.start_soon(_stop_on_signal, tasks.cancel_scope)
                    systemd.ready()
                    log.info("watchd.ready", url=url)
                    started(url)
            systemd.stopping()
            log.info("watchd.stopping")

    def _start(self, tasks: TaskGroup) -> None:
        tasks.start_soon(self.recorder.run)
        tasks.start_soon(self.refresher.run)
        tasks.start_soon(self._find_artwork)
        tasks.start_soon(self._want_again)
        tasks.start_soon(self.artwork.prune_daily)
        tasks.start_soon(self.finding.run)
        tasks.start_soon(self.desk.jobs.run)
        tasks.start_soon(self.vitals.run, self._beat)
        for link in self.links:
            tasks.start_soon(link.run)
        for watcher in self.watchers:
            tasks.start_soon(watcher.run)

    def _beat(self) -> None:
        if systemd.watchdog_interval() is not None:
            systemd.watchdog()
        systemd.status(self.vitals.summary())

    async def _find_artwork(self) -> None:
        while True:
            self.now.refresh(await self.artwork.find_next())

    async def _want_again(self) -> None:
        """What could not be fetched for what is shown is wanted again; how often it is tried is for those to say who fetch."""
        while True:
            await self.clock.sleep(_WANT_AGAIN)
            self.now.want_again()


@asynccontextmanager
async def _listening(app: web.Application, listen: Listen) -> AsyncIterator[int]:
    """Serve while the block runs; SettingsError when the address cannot be had."""
    async with AsyncExitStack() as stack:
        try:
            port = await stack.enter_async_context(serve(app, listen.host, listen.port))
        except (OSError, UnicodeError) as error:  # a name that is no name cannot even be asked for
            why = _reason(error)
            mend = "give a free port on an address of this machine"
            raise SettingsError(f"WATCHD_LISTEN: cannot listen on {listen.host}:{listen.port} ({why}): {mend}") from error
        yield port


def _reason(error: OSError | UnicodeError) -> str:
    """In words; what the resolver did not find has a number of another kind."""
    if isinstance(error, UnicodeError):
        return "this is no host name"
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)


def _reachable(host: str) -> str:
    """The listener's address as one can call it from this machine."""
    if host in ("", "0.0.0.0"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


async def _stop_on_signal(scope: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for received in signals:
            log.info("watchd.signal", name=signal.Signals(received).name)
            scope.cancel()
            return
