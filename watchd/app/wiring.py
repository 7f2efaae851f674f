"""The wiring: from settings to a daemon whose parts are all plugged together."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import aiohttp
from prometheus_client import CollectorRegistry

from watchd.app.daemon import Daemon
from watchd.app.household import Everybody, Tokens, household, residents, tokens
from watchd.app.links import Links
from watchd.app.trakt_link import Ground
from watchd.app.watching import watchers_of
from watchd.clients.limiter import TMDB_RATES, Limiter
from watchd.clients.rest import RestClient
from watchd.clients.tmdb import TmdbClient
from watchd.clock import Clock
from watchd.model.media import Media
from watchd.rules.policy import Policy
from watchd.services.artwork import ArtworkFinder
from watchd.services.connecting import Connecting
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.now import Now
from watchd.services.owing import Owing
from watchd.services.recalling import Recalling
from watchd.services.recorder import Recorder
from watchd.services.refresher import Refresher
from watchd.services.vitals import Vitals
from watchd.services.watcher import Watcher
from watchd.settings import Settings, TmdbSettings
from watchd.store import state_dir
from watchd.store.database import Database
from watchd.telemetry import systemd
from watchd.telemetry.metrics import Metrics
from watchd.web.guard import Access, Public
from watchd.web.ports import WebPorts

_MIGRATION_USEC = 600_000_000


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Daemon]:
    """Take the state directory, open database and HTTP session, and wire all parts; closed again in reverse.

    StateError when the directory or the database cannot be used.
    """
    with state_dir.owned(settings.state_dir) as path:
        systemd.extend(_MIGRATION_USEC)
        async with Database.opened(path) as database, _session() as session:
            everybody = await residents(database, settings, clock)
            keys = await tokens(database, settings, clock, everybody)
            yield _wired(settings, clock, database, session, everybody, keys)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=16))


def _wired(
    settings: Settings, clock: Clock, database: Database, session: aiohttp.ClientSession, everybody: Everybody, keys: Tokens
) -> Daemon:
    metrics = Metrics(CollectorRegistry())
    policy = _policy(settings)
    links = Links()
    artwork = _artwork(settings.tmdb, session, database, clock, metrics)
    now = _now(settings, clock, policy, metrics, artwork, links, everybody)
    refresher = Refresher(database, now)
    recorder = Recorder(database, clock, policy, metrics, changed=links.shown_by(now), moved=now.move_play, wake=links.wake)
    links.connect(everybody, Ground(settings.trakt, session, database, clock, now, metrics), refresher)
    doorkeeper = Doorkeeper(household(settings, everybody))
    watchers = watchers_of(settings.watchers, session, database, recorder, doorkeeper, clock, now, metrics)
    vitals = Vitals(
        database,
        clock,
        now,
        metrics,
        doorkeeper=doorkeeper,
        facts=partial(links.facts, everybody, now),
        jumped=partial(_jumped, recorder, links, watchers),
        watched=lambda: [watcher.facts() for watcher in watchers],
    )
    connecting = Connecting({one.name: links.login(one.id) for one in everybody})
    ports = WebPorts(
        clock=clock,
        recording=recorder,
        doorkeeper=doorkeeper,
        showing=now,
        owing=Owing(database, clock, wake=links.wake),
        recalling=Recalling(database, clock),
        health=vitals,
        connecting=connecting,
        tokens=keys.table(),
        access=_access(settings),
        metrics=metrics,
    )
    return Daemon(
        settings,
        clock,
        database,
        metrics,
        now,
        recorder,
        refresher,
        artwork,
        vitals,
        doorkeeper,
        connecting,
        tuple(links),
        watchers,
        ports,
        keys.household,
        {one.name: keys.hooks[one.id] for one in everybody if one.id in keys.hooks},
    )


def _now(
    settings: Settings,
    clock: Clock,
    policy: Policy,
    metrics: Metrics,
    artwork: ArtworkFinder,
    links: Links,
    everybody: Everybody,
) -> Now:
    def on_media(account_id: int, media: Media) -> None:
        artwork.want(account_id, media)
        links.want(account_id, media)

    now = Now(clock, policy, metrics, artwork, unknown_after=round(settings.unknown_after * 1000), on_media=on_media)
    for one in everybody:
        now.add_account(one.id, one.name)
    return now


def _policy(settings: Settings) -> Policy:
    return Policy(
        threshold=settings.watched_threshold,
        repeat_window=round(settings.repeat_window * 1000),
        marks=settings.hooks.marks,
        ratings=settings.hooks.ratings,
    )


async def _jumped(recorder: Recorder, links: Links, watchers: tuple[Watcher, ...], by: int) -> None:
    """The wall clock jumped: open plays go with it; what Trakt said was reckoned by the clock as it was, so ask again."""
    await recorder.reanchor(by)
    for link in links:
        link.poller.nudge()
    for watcher in watchers:
        watcher.reanchor(by)


def _artwork(
    settings: TmdbSettings, session: aiohttp.ClientSession, database: Database, clock: Clock, metrics: Metrics
) -> ArtworkFinder:
    tmdb = None
    if settings.api_key is not None:
        rest = RestClient(session, settings.api_url, clock, metrics, service="tmdb")
        limiter = Limiter(clock, TMDB_RATES, service="tmdb", metrics=metrics)
        tmdb = TmdbClient(rest, settings.api_key.get_secret_value(), limiter, language=settings.language)
    return ArtworkFinder(database, clock, tmdb, metrics, settings.image_url, settings.language)


def _access(settings: Settings) -> Access:
    """By which names we are called: our own address, the public one, and this machine's name."""
    public_host = urlsplit(settings.public_url).hostname if settings.public_url is not None else None
    name = socket.gethostname()
    hosts = {name, f"{name}.local", *settings.hosts}
    return Access(
        loopback=settings.listen.loopback,
        public=Public(settings.public),
        public_host=public_host,
        hosts=frozenset(hosts),
    )
