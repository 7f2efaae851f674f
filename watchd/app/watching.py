"""The watchers, wired: one for each media server of the settings."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import aiohttp

from watchd.clients.emby_server import EmbyServer
from watchd.clients.kodi_server import KodiServer
from watchd.clients.plex_server import PlexServer
from watchd.clients.rest import RestClient
from watchd.clock import Clock
from watchd.errors import SettingsError
from watchd.rules.pace import HABITS, PACES, Pace
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.kodi_watch import Kodi
from watchd.services.media_servers import Emby, MediaServer, Plex
from watchd.services.now import Now
from watchd.services.recorder import Recorder
from watchd.services.screens import Screens
from watchd.services.watcher import Watcher
from watchd.settings import WatcherSettings
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics

TIME_LIMIT = 6.0


def watchers_of(
    settings: Iterable[WatcherSettings],
    session: aiohttp.ClientSession,
    database: Database,
    recorder: Recorder,
    doorkeeper: Doorkeeper,
    clock: Clock,
    now: Now,
    metrics: Metrics,
) -> tuple[Watcher, ...]:
    """One for each server, under its name or one made of its source; SettingsError when a key or a name will not do."""
    watchers = []
    for number, (name, chosen) in enumerate(_named(list(settings))):
        rest = RestClient(session, chosen.url, clock, metrics, service=chosen.source, time_limit=TIME_LIMIT)
        server = _server(chosen, rest, clock, name, f"watchers.{number}")
        screens = Screens(chosen.source, HABITS[chosen.source], recorder, doorkeeper, metrics)
        watchers.append(Watcher(name, server, screens, _pace(chosen), database, clock, now, metrics))
    return tuple(watchers)


def check(settings: Iterable[WatcherSettings]) -> None:
    """SettingsError when a key or a name will not do."""
    for number, (_, chosen) in enumerate(_named(list(settings))):
        _usable(chosen, f"watchers.{number}")


def _named(settings: list[WatcherSettings]) -> Iterator[tuple[str, WatcherSettings]]:
    """Each with its name; those without one are numbered, unless there is but one of the source."""
    taken = Counter(chosen.name for chosen in settings if chosen.name is not None)
    for name, times in taken.items():
        if times > 1:
            raise SettingsError(f"watchers: two are called {name}: give each a name of its own")
    kinds, seen = Counter(chosen.source for chosen in settings if chosen.name is None), Counter[str]()
    for chosen in settings:
        if chosen.name is not None:
            yield chosen.name, chosen
            continue
        seen[chosen.source] += 1
        name = chosen.source if kinds[chosen.source] == 1 else f"{chosen.source}-{seen[chosen.source]}"
        yield (f"{name}-unnamed" if name in taken else name), chosen


def _usable(chosen: WatcherSettings, setting: str) -> str:
    """The token to ask with, none for Kodi; SettingsError when a key is missing or one too many."""
    unused = ("token",) if chosen.source == "kodi" else ("username", "password")
    for key in unused:
        if getattr(chosen, key) is not None:
            raise SettingsError(f"{setting}.{key}: {chosen.source} is not asked with one: remove it")
    if chosen.source == "kodi":
        return ""
    if chosen.token is None:
        raise SettingsError(f"{setting}.token: {chosen.source} is asked with the server's token or API key")
    return chosen.token.get_secret_value()


def _server(chosen: WatcherSettings, rest: RestClient, clock: Clock, name: str, setting: str) -> MediaServer:
    token = _usable(chosen, setting)
    if chosen.source == "kodi":
        password = None if chosen.password is None else chosen.password.get_secret_value()
        return Kodi(KodiServer(rest, chosen.username, password), clock, name)
    if chosen.source == "plex":
        return Plex(PlexServer(rest, token), clock, chosen.name)
    return Emby(EmbyServer(rest, token, chosen.source), clock, chosen.source, chosen.name)


def _pace(chosen: WatcherSettings) -> Pace:
    """Its source's own pace, with `every` where that was set."""
    usual = PACES.get(chosen.source, Pace())
    return replace(usual, every=chosen.every) if "every" in chosen.model_fields_set else usual
