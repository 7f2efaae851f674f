"""The wiring: from settings to a daemon whose parts are all plugged together."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import aiohttp
from prometheus_client import CollectorRegistry

from watchd.app.daemon import Daemon
from watchd.app.trakt_link import TraktLink, connect
from watchd.clients.limiter import TMDB_RATES, Limiter
from watchd.clients.rest import RestClient
from watchd.clients.tmdb import TmdbClient
from watchd.clock import Clock
from watchd.model.media import Media
from watchd.model.playback import Play
from watchd.rules.policy import Policy
from watchd.services.artwork import ArtworkFinder
from watchd.services.connecting import Connecting
from watchd.services.now import Now
from watchd.services.owing import Owing
from watchd.services.recorder import Recorder
from watchd.services.refresher import Refresher
from watchd.services.vitals import Vitals
from watchd.settings import Settings, TmdbSettings
from watchd.store import accounts, state_dir
from watchd.store.accounts import Account
from watchd.store.database import Database
from watchd.telemetry import systemd
from watchd.telemetry.metrics import Metrics
from watchd.web.guard import Access, Public
from watchd.web.ports import WebPorts
from watchd.web.tokens import Grant, Scope, TokenTable

_MIGRATION_USEC = 600_000_000


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Daemon]:
    """Take the state directory, open database and HTTP session, and wire all parts; closed again in reverse.

    StateError when the directory or the database cannot be used.
    """
    with state_dir.owned(settings.state_dir) as path:
        systemd.extend(_MIGRATION_USEC)
        async with Database.opened(path) as database, _session() as session:
            me = await database.write(lambda connection: accounts.ensure(connection, accounts.ME, clock.now()))
            tokens = await _tokens(database, settings, clock, me)
            yield _wired(settings, clock, database, session, me, tokens)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=16))


async def _tokens(database: Database, settings: Settings, clock: Clock, me: Account) -> dict[str, str]:
    """The token of each scope: the one set, else the one made at the first start."""
    given = {"hook": settings.hook_token, "read": settings.read_token, "admin": settings.admin_token}
    found: dict[str, str] = {}
    for scope, secret in given.items():
        if secret is not None:
            found[scope] = secret.get_secret_value()
            continue
        made = await database.write(
            lambda connection, wanted=scope: accounts.ensure_api_token(connection, me.id, wanted, None, clock.now())  # type: ignore[misc]
        )
        found[scope] = made.token
    return found


def _wired(
    settings: Settings,
    clock: Clock,
    database: Database,
    session: aiohttp.ClientSession,
    me: Account,
    tokens: dict[str, str],
) -> Daemon:
    metrics = Metrics(CollectorRegistry())
    policy = Policy(threshold=settings.watched_threshold, repeat_window=round(settings.repeat_window * 1000))
    links: list[TraktLink] = []
    tmdb = _tmdb(settings.tmdb, session, clock, metrics)
    artwork = ArtworkFinder(database, clock, tmdb, metrics, settings.tmdb.image_url, settings.tmdb.language)

    def on_media(account_id: int, media: Media) -> None:
        artwork.want(account_id, media)
        for link in links:
            if link.account_id == account_id and link.lookup is not None:
                link.lookup.want(media)

    def wake() -> None:
        for link in links:
            link.wake()

    now = Now(clock, policy, metrics, artwork, unknown_after=round(settings.unknown_after * 1000), on_media=on_media)
    now.add_account(me.id, me.name)
    refresher = Refresher(database, now)

    def changed(account_id: int, plays: tuple[Play, ...]) -> None:
        ended = not plays and now.local_live(account_id)
        now.show_plays(account_id, plays)
        if ended:
            for link in links:
                link.poller.nudge()

    recorder = Recorder(database, clock, policy, metrics, changed=changed, moved=now.move_play, wake=wake)
    link = connect(me.id, settings.trakt, session, database, clock, now, metrics, stale=lambda: refresher.mark(me.id))
    links.extend([link] if link is not None else [])

    def facts() -> list[dict[str, object]]:
        trakt = next((link.facts() for link in links if link.account_id == me.id), None)
        return [{"name": me.name, "trakt": trakt, **now.summary(me.id)}]

    vitals = Vitals(database, clock, now, metrics, facts=facts, jumped=partial(_jumped, recorder, links))
    ports = WebPorts(
        clock=clock,
        recording=recorder,
        showing=now,
        owing=Owing(database, clock, wake=wake),
        health=vitals,
        connecting=Connecting(link.login if link is not None else None),
        tokens=TokenTable((token, Grant(Scope(scope), me.id)) for scope, token in tokens.items()),
        access=_access(settings),
        metrics=metrics,
    )
    return Daemon(settings, clock, database, metrics, now, recorder, refresher, artwork, vitals, tuple(links), ports, tokens)


async def _jumped(recorder: Recorder, links: list[TraktLink], by: int) -> None:
    """The wall clock jumped: open plays go with it; what Trakt said was reckoned by the clock as it was, so ask again."""
    await recorder.reanchor(by)
    for link in links:
        link.poller.nudge()


def _tmdb(settings: TmdbSettings, session: aiohttp.ClientSession, clock: Clock, metrics: Metrics) -> TmdbClient | None:
    if settings.api_key is None:
        return None
    rest = RestClient(session, settings.api_url, clock, metrics, service="tmdb")
    limiter = Limiter(clock, TMDB_RATES, service="tmdb", metrics=metrics)
    return TmdbClient(rest, settings.api_key.get_secret_value(), limiter, language=settings.language)


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
