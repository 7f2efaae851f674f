"""The wiring: from settings to a daemon whose parts are all plugged together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
from prometheus_client import CollectorRegistry

from watchd.app.daemon import Daemon
from watchd.app.desk import desk
from watchd.app.doors import Parts, doors
from watchd.app.finding import Finding, finding, redirects_of
from watchd.app.household import Everybody, Tokens, household, residents, tokens
from watchd.app.links import Links
from watchd.app.trakt_link import Ground
from watchd.app.watching import watchers_of
from watchd.clients.limiter import TMDB_RATES, Lane, Limiter
from watchd.clients.rest import RestClient
from watchd.clients.tmdb import TmdbClient
from watchd.clock import Clock
from watchd.model.media import Media
from watchd.model.playback import Play
from watchd.rules.policy import Policy
from watchd.services.artwork import ArtworkFinder
from watchd.services.connecting import Connecting
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.library import Library
from watchd.services.now import Now
from watchd.services.recorder import Changed, Recorder
from watchd.services.refresher import Refresher
from watchd.services.vitals import Vitals
from watchd.services.watcher import Watcher
from watchd.settings import Settings, TmdbSettings
from watchd.store import state_dir
from watchd.store.database import Database
from watchd.telemetry import systemd
from watchd.telemetry.metrics import Metrics

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
    links = Links()
    tmdb, tmdb_later = _tmdb(settings.tmdb, session, clock, metrics)
    artwork = ArtworkFinder(database, clock, tmdb, metrics, settings.tmdb.image_url, settings.tmdb.language)
    now = _now(settings, clock, metrics, artwork, links, everybody)
    doorkeeper = Doorkeeper(household(settings, everybody))
    library = Library(database, clock, doorkeeper.called, redirects_of(settings))
    found = finding(settings, database, clock, metrics, tmdb=tmdb_later, called=doorkeeper.called, changed=library.clear)
    announce = partial(_announce, library, found)
    refresher = Refresher(database, now, clock, changed=announce)
    changed = _told(links.shown_by(now), announce)
    recorder = Recorder(database, clock, _policy(settings), metrics, changed=changed, moved=now.move_play, wake=links.wake)
    links.connect(everybody, Ground(settings.trakt, session, database, clock, now, metrics), refresher)
    watchers = watchers_of(settings.watchers, session, database, recorder, doorkeeper, clock, now, metrics)
    vitals = _vitals(database, clock, now, metrics, doorkeeper, recorder, links, watchers, everybody, found)
    connecting = Connecting({one.name: links.login(one.id) for one in everybody})
    by_hand = desk(everybody, keys, links, database, clock, changed=announce)
    parts = Parts(metrics, recorder, doorkeeper, now, library, vitals, connecting, found, by_hand)
    return Daemon(
        settings,
        clock,
        database,
        metrics,
        now,
        recorder,
        refresher,
        artwork,
        found,
        vitals,
        doorkeeper,
        connecting,
        by_hand,
        tuple(links),
        watchers,
        doors(settings, clock, database, parts, links, everybody, keys),
        keys.household,
        {one.name: keys.hooks[one.id] for one in everybody if one.id in keys.hooks},
    )


def _vitals(
    database: Database,
    clock: Clock,
    now: Now,
    metrics: Metrics,
    doorkeeper: Doorkeeper,
    recorder: Recorder,
    links: Links,
    watchers: tuple[Watcher, ...],
    everybody: Everybody,
    found: Finding,
) -> Vitals:
    return Vitals(
        database,
        clock,
        now,
        metrics,
        doorkeeper=doorkeeper,
        facts=partial(links.facts, everybody, now),
        jumped=partial(_jumped, recorder, links, watchers),
        watched=lambda: [watcher.facts() for watcher in watchers],
        pictured=found.pictures.progress,
        aired=found.airing.progress,
    )


def _announce(library: Library, found: Finding, account_id: int) -> None:
    """What is kept of an account has changed, in whatever way: its documents are made anew, and what finds looks for it."""
    library.changed(account_id)
    found.wake()


def _told(shown: Changed, announce: Callable[[int], None]) -> Changed:
    """A change of an account's plays: they are shown, and it is announced."""

    def changed(account_id: int, plays: tuple[Play, ...]) -> None:
        shown(account_id, plays)
        announce(account_id)

    return changed


def _now(
    settings: Settings,
    clock: Clock,
    metrics: Metrics,
    artwork: ArtworkFinder,
    links: Links,
    everybody: Everybody,
) -> Now:
    def on_media(account_id: int, media: Media) -> None:
        artwork.want(account_id, media)
        links.want(account_id, media)

    now = Now(clock, _policy(settings), metrics, artwork, unknown_after=round(settings.unknown_after * 1000), on_media=on_media)
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


def _tmdb(
    settings: TmdbSettings, session: aiohttp.ClientSession, clock: Clock, metrics: Metrics
) -> tuple[TmdbClient | None, TmdbClient | None]:
    """TMDB for what is being watched, and behind it for the library; both at the one pace."""
    if settings.api_key is None:
        return None, None
    rest = RestClient(session, settings.api_url, clock, metrics, service="tmdb")
    limiter = Limiter(clock, TMDB_RATES, service="tmdb", metrics=metrics)
    key = settings.api_key.get_secret_value()
    first, later = [TmdbClient(rest, key, limiter, language=settings.language, lane=lane) for lane in (Lane.POLL, Lane.SYNC)]
    return first, later
