"""Kodi's HttpScrobbler, Home Assistant, scripts with our own format, and scripts that speak Trakt's."""

from tests.sittings.players import Payload, Player, Request, Scene, bare, basic, bearer, tells, zoned
from tests.sittings.script import Cue
from watchd.standins.items import Episode

_KODI = {Cue.TICK: "interval"}
_STATES = {Cue.PAUSE: "paused", Cue.STOP: "idle", Cue.END: "off"}
_VERBS = {Cue.START: "start", Cue.PAUSE: "pause", Cue.RESUME: "start", Cue.STOP: "stop", Cue.END: "stop"}


def kodi_says(scene: Scene) -> Payload:
    item = scene.item
    told: Payload = {
        "timestamp": zoned(scene.at),
        "sessionId": scene.session,
        "event": _KODI.get(scene.moment.cue, str(scene.moment.cue)),
        "dbId": item.key[1] % 10_000,
        "title": item.title,
        "mediaType": item.kind,
        "year": item.show.year if isinstance(item, Episode) else item.year,
        "uniqueIds": scene.known(item.ids),
        "duration": int(scene.runtime),
        "progress": {"time": int(scene.seconds), "percent": scene.moment.position},
    }
    if isinstance(item, Episode):
        told |= {"tvShowTitle": item.show.title, "season": item.season, "episode": item.number, "firstAired": "2015-12-14"}
        told["tvShowUniqueIds"] = scene.known(item.show.ids)
    else:
        told["premiered"] = ""
    return told


def _kodi_sends(payload: Payload, token: str) -> Request:
    return bare("/hooks/kodi", payload, {"User-Agent": "python-requests/2.31.0", **basic(token)})


def generic_says(scene: Scene) -> Payload:
    """As a script for mpv would: of an episode what its file name told, of a movie title and year."""
    item = scene.item
    told: Payload = {
        "source": "mpv",
        "event": _KODI.get(scene.moment.cue, str(scene.moment.cue)),
        "sessionId": scene.session,
        "timestamp": zoned(scene.at, 0),
        "user": "ada",
        "mediaType": item.kind,
        "duration": scene.runtime,
        "progress": {"time": scene.seconds, "percent": scene.moment.position},
    }
    if isinstance(item, Episode):
        told |= {"tvShowTitle": item.show.title, "season": item.season, "episode": item.number}
        return told | {"tvShowUniqueIds": scene.known(item.show.ids)}
    return told | {"title": item.title, "year": item.year}


def _generic_sends(payload: Payload, token: str) -> Request:
    return bare("/hooks/generic", payload, {"User-Agent": "curl/8.5.0", "X-API-Key": token})


def homeassistant_says(scene: Scene) -> Payload:
    """With the time of the change of state."""
    return {**_state_says(scene), "timestamp": zoned(scene.at, 0)}


def _state_says(scene: Scene) -> Payload:
    """A state with the position as of its last change; a player that is off tells nothing of what it played."""
    item, anchor, cue = scene.item, scene.anchor, scene.moment.cue
    state = _STATES.get(cue, "paused" if scene.moment.paused else "playing")
    told: Payload = {"source": "homeassistant", "entity_id": "media_player.living_room", "state": state}
    if cue is Cue.END:
        return {**told, "attributes": {"friendly_name": "Living Room"}}
    about: Payload = {
        "media_content_type": "movie",
        "media_title": item.title,
        "media_duration": int(scene.runtime),
        "media_position": int(scene.runtime * anchor.position / 100),
        "media_position_updated_at": zoned(scene.began + round(anchor.at * 1000), 0),
        "app_name": "Netflix",
        "friendly_name": "Living Room",
    }
    if isinstance(item, Episode):
        about |= {"media_content_type": "tvshow", "media_series_title": item.show.title}
        about |= {"media_season": str(item.season), "media_episode": str(item.number)}
    return {**told, "attributes": about}


def _homeassistant_sends(payload: Payload, token: str) -> Request:
    return bare("/hooks/homeassistant", payload, {"User-Agent": "HomeAssistant/2026.3", **bearer(token)})


def trakt_says(scene: Scene) -> Payload:
    """`verb` is not part of the body: it is where the call goes."""
    item = scene.item
    told: Payload = {"verb": _VERBS[scene.moment.cue], "progress": round(scene.moment.position, 2), "app_version": "1.3.3"}
    if isinstance(item, Episode):
        show = {"title": item.show.title, "year": item.show.year, "ids": scene.known(item.show.ids)}
        return {**told, "show": show, "episode": {"season": item.season, "number": item.number}}
    return {**told, "movie": {"title": item.title, "year": item.year, "ids": scene.known(item.ids)}}


def _trakt_sends(payload: Payload, token: str) -> Request:
    verb = payload.get("verb")
    body = {name: value for name, value in payload.items() if name != "verb"}
    headers = {"User-Agent": "script/1.0", "trakt-api-version": "2", "trakt-api-key": "anything", **bearer(token)}
    return bare(f"/trakt/scrobble/{verb if verb in _VERBS.values() else 'stop'}", body, headers)


KODI = Player("kodi", "kodi", tells("tick seek"), kodi_says, _kodi_sends)
GENERIC = Player("generic", "generic", tells("tick seek"), generic_says, _generic_sends)
HOMEASSISTANT = Player("homeassistant", "homeassistant", tells("seek"), homeassistant_says, _homeassistant_sends)
HOMEASSISTANT_TIMELESS = Player(
    "homeassistant without times", "homeassistant", tells("seek"), _state_says, _homeassistant_sends
)
TRAKT = Player("trakt", "trakt", tells(""), trakt_says, _trakt_sends)
