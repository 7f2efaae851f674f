"""A start of a well-known film as each source sends it, for `watchd test-hook`: its body, its framing, its way with tokens."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from watchd.cli.setups.relays import TAUTULLI_TEMPLATE

TITLE, YEAR, SECONDS = "Heat", 1995, 10_200
_IMDB, _TMDB = "tt0113277", "949"
_TEST = "watchd-test"
_BOUNDARY = "watchd-test-boundary"


@dataclass(frozen=True, slots=True)
class Who:
    """In whose name the sample speaks."""

    user: str = _TEST
    player: str = _TEST
    server: str = _TEST
    library: str = "Movies"
    account: str | None = None
    """Where the sender itself can name one."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A request as the source makes it; `query` begins with a question mark where there is one."""

    query: str
    headers: Mapping[str, str]
    body: bytes


def sample(source: str, who: Who, token: str) -> Sample:
    """The request of a source (a key of `PAYLOADS`); the token goes where that source can put it."""
    document = json.dumps(PAYLOADS[source](who))
    if source in _FORMS:
        framed, kind = _multipart(_FORMS[source], document), f"multipart/form-data; boundary={_BOUNDARY}"
    else:
        framed, kind = document.encode(), "text/plain; charset=utf-8" if source == "jellyfin" else "application/json"
    query = f"?token={quote(token, safe='')}" if source in _BY_ADDRESS else ""
    if source in _NAMING and who.account is not None:
        query = f"?user={quote(who.account, safe='')}"
    credentials = base64.b64encode(f"kodi:{token}".encode()).decode()
    authorization = f"Basic {credentials}" if source == "kodi" else f"Bearer {token}"
    return Sample(query, {"Content-Type": kind} | ({} if source in _BY_ADDRESS else {"Authorization": authorization}), framed)


def spoken(source: str, who: Who) -> str:
    """In whose name the sample of a source speaks, as far as that source says it at all."""
    names = [f"{name} {getattr(who, name)}" for name in ("user", "player") if name not in _SILENT.get(source, ())]
    return ", ".join(names) or "naming nobody, as this source does"


def _multipart(name: str, document: str) -> bytes:
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{document}\r\n--{_BOUNDARY}--\r\n".encode()


def _plex(who: Who) -> dict[str, object]:
    return {
        "event": "media.play",
        "user": True,
        "owner": True,
        "Account": {"id": 1, "title": who.user},
        "Server": {"title": who.server, "uuid": who.server},
        "Player": {"local": True, "title": who.player, "uuid": who.player},
        "Metadata": {
            "type": "movie",
            "title": TITLE,
            "year": YEAR,
            "duration": SECONDS * 1000,
            "viewOffset": 0,
            "librarySectionType": "movie",
            "librarySectionTitle": who.library,
            "Guid": [{"id": f"imdb://{_IMDB}"}, {"id": f"tmdb://{_TMDB}"}],
        },
    }


def _jellyfin(who: Who) -> dict[str, object]:
    return {
        "NotificationType": "PlaybackStart",
        "ServerId": who.server,
        "ServerName": who.server,
        "NotificationUsername": who.user,
        "UserId": who.user,
        "DeviceId": who.player,
        "DeviceName": who.player,
        "ClientName": _TEST,
        "ItemId": _TEST,
        "ItemType": "Movie",
        "Name": TITLE,
        "Year": YEAR,
        "RunTimeTicks": SECONDS * 10_000_000,
        "PlaybackPositionTicks": 0,
        "IsPaused": False,
        "Provider_imdb": _IMDB,
        "Provider_tmdb": _TMDB,
    }


def _emby(who: Who) -> dict[str, object]:
    return {
        "Event": "playback.start",
        "User": {"Name": who.user, "Id": who.user},
        "Item": {
            "Id": _TEST,
            "Type": "Movie",
            "Name": TITLE,
            "ProductionYear": YEAR,
            "RunTimeTicks": SECONDS * 10_000_000,
            "ProviderIds": {"Imdb": _IMDB, "Tmdb": _TMDB},
        },
        "Server": {"Name": who.server, "Id": who.server},
        "Session": {"Client": _TEST, "DeviceName": who.player, "DeviceId": who.player, "Id": _TEST},
        "PlaybackInfo": {"PositionTicks": 0},
    }


def _kodi(_who: Who) -> dict[str, object]:
    """The add-on says neither who watches nor where."""
    return {
        "sessionId": _TEST,
        "event": "start",
        "title": TITLE,
        "mediaType": "movie",
        "year": YEAR,
        "uniqueIds": {"imdb": _IMDB, "tmdb": _TMDB},
        "duration": SECONDS,
        "progress": {"time": 0, "percent": 0.0},
    }


def _generic(who: Who) -> dict[str, object]:
    return {**_kodi(who), "source": _TEST, "player": who.player, "user": who.user}


def _tautulli(who: Who) -> dict[str, object]:
    """Our own template, as Tautulli fills it: what has no value becomes an empty text."""
    values = {
        "action": "play",
        "username": who.user,
        "server_name": who.server,
        "server_machine_id": who.server,
        "player": who.player,
        "machine_id": who.player,
        "session_key": _TEST,
        "library_name": who.library,
        "live": "0",
        "media_type": "movie",
        "title": TITLE,
        "year": str(YEAR),
        "imdb_id": _IMDB,
        "themoviedb_id": _TMDB,
        "view_offset": "0",
        "duration_ms": str(SECONDS * 1000),
        "progress_percent": "0",
    }
    template: dict[str, str] = json.loads(TAUTULLI_TEMPLATE)
    return {name: values.get(text[1:-1], "") if text.startswith("{") else text for name, text in template.items()}


def _homeassistant(who: Who) -> dict[str, object]:
    return {
        "source": "homeassistant",
        "entity_id": f"media_player.{_TEST.replace('-', '_')}" if who.player == _TEST else who.player,
        "state": "playing",
        "attributes": {
            "media_content_type": "movie",
            "media_title": TITLE,
            "media_duration": SECONDS,
            "media_position": 0,
            "app_name": _TEST,
        },
    }


def _trakt(_who: Who) -> dict[str, object]:
    """A call of Trakt's names nobody: whose it is, the token says, or the address."""
    return {"movie": {"title": TITLE, "year": YEAR, "ids": {"imdb": _IMDB, "tmdb": int(_TMDB)}}, "progress": 0}


_FORMS = {"plex": "payload", "emby": "data"}
_BY_ADDRESS = frozenset({"plex", "emby"})
_NAMING = frozenset({"trakt"})
_SILENT = {"kodi": ("user", "player"), "homeassistant": ("user",), "trakt": ("user", "player")}
PAYLOADS: dict[str, Callable[[Who], dict[str, object]]] = {
    "plex": _plex,
    "jellyfin": _jellyfin,
    "emby": _emby,
    "kodi": _kodi,
    "tautulli": _tautulli,
    "homeassistant": _homeassistant,
    "generic": _generic,
    "trakt": _trakt,
}
