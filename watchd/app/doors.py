"""The doors: what the web may ask of which part."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from watchd.app.desk import Desk
from watchd.app.finding import Finding
from watchd.app.household import Everybody, Tokens
from watchd.app.links import Links
from watchd.app.setup import setup_of
from watchd.clock import Clock
from watchd.services.connecting import Connecting
from watchd.services.diagnosing import Diagnosing
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.library import Library
from watchd.services.now import Now
from watchd.services.owing import Owing
from watchd.services.recalling import Recalling
from watchd.services.recorder import Recorder
from watchd.services.syncing import Syncing
from watchd.services.vitals import Vitals
from watchd.settings import Settings
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics
from watchd.web.guard import Access, Public
from watchd.web.ports import WebPorts


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands behind the doors and has a life of its own."""

    metrics: Metrics
    recorder: Recorder
    doorkeeper: Doorkeeper
    now: Now
    library: Library
    vitals: Vitals
    connecting: Connecting
    found: Finding
    desk: Desk


def doors(
    settings: Settings, clock: Clock, database: Database, parts: Parts, links: Links, everybody: Everybody, keys: Tokens
) -> WebPorts:
    """All that our HTTP is given; what only answers questions is made here."""
    names = tuple(one.name for one in everybody)
    return WebPorts(
        clock=clock,
        recording=parts.recorder,
        doorkeeper=parts.doorkeeper,
        showing=parts.now,
        owing=Owing(database, clock, wake=links.wake),
        recalling=Recalling(database, clock),
        library=parts.library,
        health=parts.vitals,
        connecting=parts.connecting,
        diagnosing=Diagnosing(database, clock, setup_of(settings), names, parts.vitals.status),
        syncing=Syncing({one.name: links.sync(one.id) for one in everybody}),
        desk=parts.desk.ports,
        tokens=keys.table,
        access=_access(settings),
        metrics=parts.metrics,
        searching=parts.found.searching,
        gallery=parts.found.pictures,
        redirects=parts.found.redirects,
    )


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
