"""Jellyfin by the official plugin (all properties, or our template) and by the unofficial one; Emby in its three framings."""

from tests.sittings.players import Payload, Player, Request, Scene, bare, bearer, form, multipart, sharp, tells, ticks
from tests.sittings.script import Cue
from watchd.standins.items import Episode

_SERVER = "16588a9f062a40c4966586b1d220bffd"
_USER = "02700c8344d542619b39319296c0d4c8"
_JELLYFIN = {Cue.START: "PlaybackStart", Cue.STOP: "PlaybackStop", Cue.END: "PlaybackStop"}
_UNOFFICIAL = {
    Cue.START: "Play",
    Cue.TICK: "Progress",
    Cue.PAUSE: "Pause",
    Cue.SEEK: "Progress",
    Cue.RESUME: "Resume",
    Cue.DONE: "Scrobble",
    Cue.STOP: "Stop",
    Cue.END: "Stop",
}
_EMBY = {
    Cue.START: "playback.start",
    Cue.PAUSE: "playback.pause",
    Cue.RESUME: "playback.unpause",
    Cue.STOP: "playback.stop",
    Cue.END: "playback.stop",
}
_TEMPLATE = (
    "NotificationType", "UtcTimestamp", "ServerId", "UserId", "NotificationUsername", "DeviceId", "ItemId", "ItemType", "Name",
    "SeriesName", "Year", "PremiereDate", "SeasonNumber", "EpisodeNumber", "EpisodeNumberEnd", "RunTimeTicks",
    "PlaybackPositionTicks", "IsPaused", "PlayedToCompletion", "Played", "SaveReason", "Provider_imdb", "Provider_tmdb",
    "Provider_tvdb",
)  # fmt: skip


def _item_id(scene: Scene) -> str:
    return f"{scene.item.key[1]:032x}"


def _completed(scene: Scene) -> bool:
    return scene.moment.position >= 90


def _reached(scene: Scene) -> int:
    """Where the item stands; players that ran through report the beginning."""
    return 0 if scene.moment.cue is Cue.END else ticks(scene.seconds)


def jellyfin_says(scene: Scene) -> Payload:
    """Pause and resume are heartbeats that say so; the year of an episode is its series'."""
    item, cue = scene.item, scene.moment.cue
    told: Payload = {
        "ServerId": _SERVER,
        "ServerName": "attic",
        "ServerVersion": "10.11.8",
        "ServerUrl": "https://jf.example.net",
        "NotificationType": _JELLYFIN.get(cue, "PlaybackProgress"),
        "Timestamp": sharp(scene.at).replace("Z", "+00:00"),
        "UtcTimestamp": sharp(scene.at),
        "Name": item.title.replace('"', '\\"'),
        "Overview": "…",
        "ItemId": _item_id(scene),
        "ItemType": "Episode" if isinstance(item, Episode) else "Movie",
        "RunTimeTicks": ticks(scene.runtime),
        "Year": item.show.year if isinstance(item, Episode) else item.year,
    }
    if isinstance(item, Episode):
        told |= {"SeriesName": item.show.title, "SeriesId": f"{item.show.key[1]:032x}"}
        told |= {"SeasonNumber": item.season, "SeasonNumber00": f"{item.season:02d}"}
        told |= {"EpisodeNumber": item.number, "EpisodeNumber00": f"{item.number:02d}"}
    told |= {f"Provider_{name}": value for name, value in scene.known(item.ids).items()}
    told |= {
        "PlaybackPositionTicks": _reached(scene),
        "IsPaused": scene.moment.paused,
        "IsAutomated": False,
        "DeviceId": "dev-7",
        "DeviceName": "Living Room",
        "ClientName": "Jellyfin Android TV",
        "NotificationUsername": "ada",
        "UserId": _USER,
        "Id": "9cb4553bed5350f41ab2c507d627a56c",
        "RemoteEndPoint": "192.0.2.34",
    }
    if cue in (Cue.STOP, Cue.END):
        told["PlayedToCompletion"] = _completed(scene)
    return told


def _template_says(scene: Scene) -> Payload:
    """Every value as text, what is missing as the empty one; ids with dashes."""
    whole = jellyfin_says(scene)
    told = {"schema": "watchd-jellyfin-1"} | {name: str(whole.get(name, "")) for name in _TEMPLATE}
    for name in ("ServerId", "UserId", "ItemId"):
        plain = told[name]
        told[name] = "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
    return told


def _jellyfin_sends(payload: Payload, token: str) -> Request:
    headers = {"User-Agent": "Jellyfin-Server/10.11.8", **bearer(token)}
    return bare("/hooks/jellyfin", payload, headers, kind="text/plain; charset=utf-8")


def _template_sends(payload: Payload, token: str) -> Request:
    return bare(f"/hooks/jellyfin?token={token}", payload, {"User-Agent": "Jellyfin-Server/10.11.8"})


def _dto(scene: Scene) -> Payload:
    """The item as both servers' own model writes it."""
    item = scene.item
    ids = {name.capitalize(): value for name, value in scene.known(item.ids).items()}
    told: Payload = {"Name": item.title, "Type": "Movie", "ProviderIds": ids, "Id": str(item.key[1])}
    if isinstance(item, Episode):
        told |= {"Type": "Episode", "SeriesName": item.show.title, "SeriesId": str(item.show.key[1])}
        told |= {"ParentIndexNumber": item.season, "IndexNumber": item.number}
    else:
        told["ProductionYear"] = item.year
    return told | {"RunTimeTicks": ticks(scene.runtime)}


def _unofficial_says(scene: Scene) -> Payload:
    item, cue = scene.item, scene.moment.cue
    watched = cue in (Cue.STOP, Cue.END) and _completed(scene)
    told: Payload = {
        "Event": _UNOFFICIAL[cue],
        "Item": {**_dto(scene), "UserData": {"Played": watched}},
        "User": {"Name": "ada", "Id": _USER},
        "Session": {"PlayState": {"PositionTicks": _reached(scene), "IsPaused": scene.moment.paused}},
        "Server": {"Id": _SERVER, "Name": "attic", "Version": "10.10.3"},
    }
    if isinstance(item, Episode):
        ids = {name.capitalize(): value for name, value in scene.known(item.show.ids).items()}
        told["Series"] = {"Name": item.show.title, "ProductionYear": item.show.year, "ProviderIds": ids}
    return told


def _unofficial_sends(payload: Payload, token: str) -> Request:
    return bare(f"/hooks/jellyfin?token={token}", payload, {"User-Agent": "Jellyfin"})


def emby_says(scene: Scene) -> Payload:
    """A stop of what ran through stands at the beginning and tells no runtime."""
    cue = scene.moment.cue
    item = _dto(scene)
    playback: Payload = {"PositionTicks": _reached(scene), "PlaylistIndex": 0, "PlaylistLength": 1}
    if cue is Cue.END:
        del item["RunTimeTicks"]
    if cue in (Cue.STOP, Cue.END):
        playback["PlayedToCompletion"] = _completed(scene)
    return {
        "Title": f"ada: {_EMBY[cue]} 日常",
        "Date": sharp(scene.at),
        "Event": _EMBY[cue],
        "Severity": "Info",
        "User": {"Name": "ada", "Id": _USER},
        "Item": {**item, "MediaType": "Video", "ServerId": _SERVER},
        "Server": {"Name": "attic", "Id": _SERVER, "Version": "4.9.3.0"},
        "Session": {
            "RemoteEndPoint": "192.0.2.9",
            "Client": "Emby Web",
            "DeviceName": "Firefox",
            "DeviceId": "dev-9",
            "Id": "s-1",
        },
        "PlaybackInfo": playback,
    }


_EMBY_HEADERS = {"User-Agent": "Emby Server/4.9.3.0"}


def _emby_multipart(payload: Payload, token: str) -> Request:
    return multipart(f"/hooks/emby?token={token}", "data", payload, _EMBY_HEADERS)


def _emby_form(payload: Payload, token: str) -> Request:
    return form(f"/hooks/emby?token={token}", "data", payload, _EMBY_HEADERS)


def _emby_json(payload: Payload, token: str) -> Request:
    return bare(f"/hooks/emby?token={token}", payload, _EMBY_HEADERS)


JELLYFIN = Player("jellyfin", "jellyfin", tells("tick seek"), jellyfin_says, _jellyfin_sends, resting=True)
JELLYFIN_TEMPLATE = Player(
    "jellyfin by template", "jellyfin", tells("tick seek"), _template_says, _template_sends, resting=True
)
JELLYFIN_UNOFFICIAL = Player(
    "jellyfin by the other plugin", "jellyfin", tells("tick seek done"), _unofficial_says, _unofficial_sends, resting=True
)
EMBY = Player("emby", "emby", tells(""), emby_says, _emby_multipart)
EMBY_FORM = Player("emby by form", "emby", tells(""), emby_says, _emby_form)
EMBY_JSON = Player("emby by json", "emby", tells(""), emby_says, _emby_json)
