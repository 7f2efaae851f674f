"""Plex's own list of what plays, `/status/sessions`: its items are those of the webhooks, and are read as such."""

from dataclasses import replace

from watchd.errors import MalformedPayload
from watchd.model.media import NO_IDS, MediaIds, label
from watchd.model.playback import Ignored, IgnoreReason, PlaybackEvent
from watchd.model.sessions import Session, Sessions, SessionState
from watchd.sources import plex
from watchd.sources.fields import section, text, wrong
from watchd.sources.ids import from_agent, from_uris

_STATES = {state.value: state for state in SessionState}


def server_of(payload: object) -> str:
    """The server's id, by its answer to `/identity`."""
    told = text(_container(payload).get("machineIdentifier"), "machineIdentifier")
    if told is None:
        raise MalformedPayload("no_server", "the answer names no server")
    return told


def parse(payload: object, server: str, server_name: str | None = None) -> Sessions:
    """All sessions; MalformedPayload when the answer is no such list. A session that cannot be read is an ignored one."""
    return Sessions.of(_session(item, {"uuid": server, "title": server_name}) for item in _entries(payload))


def ids_by_key(payload: object) -> dict[str, MediaIds]:
    """The ids of the items of an answer to `/library/metadata/…`, by their keys."""
    found: dict[str, MediaIds] = {}
    for item in _entries(payload):
        key = text(item.get("ratingKey"), "ratingKey")
        native, entries = item.get("guid"), item.get("Guid")
        own = item.get("type") != "episode"  # an episode's older guid has the id of its show
        agent = from_agent(native) if own and isinstance(native, str) else None
        ids = from_uris(entries) if isinstance(entries, list) else NO_IDS
        if key is not None:
            found[key] = ids.merged(agent.ids) if agent is not None else ids
    return found


def _container(payload: object) -> dict[str, object]:
    inside = payload.get("MediaContainer") if isinstance(payload, dict) else None
    if not isinstance(inside, dict):
        raise wrong("MediaContainer")
    return inside


def _entries(payload: object) -> list[dict[str, object]]:
    """The items of an answer; a list of one may come as that one alone, and an empty one not at all."""
    told = _container(payload).get("Metadata")
    if told is None:
        return []
    entries = [told] if isinstance(told, dict) else told
    if not isinstance(entries, list):
        raise wrong("Metadata")
    return [entry for entry in entries if isinstance(entry, dict)]


def _session(item: dict[str, object], server: dict[str, object]) -> Session | Ignored:
    try:
        reason = _unwanted(item)
        if reason not in (None, IgnoreReason.LIVE_TV):
            return Ignored(reason)
        player, user = section(item.get("Player"), "Player"), section(item.get("User"), "User")
        screen = {"uuid": player.get("machineIdentifier"), "title": player.get("title") or player.get("product")}
        told = plex.parse({"event": "media.play", "Account": user, "Server": server, "Player": screen, "Metadata": item})
        state, key = player.get("state"), text(item.get("ratingKey"), "ratingKey")
        show = text(item.get("grandparentRatingKey"), "grandparentRatingKey")
    except MalformedPayload:
        return Ignored(IgnoreReason.UNIDENTIFIABLE)
    live = reason is not None
    if isinstance(told, Ignored):
        if told.instead is None:
            return replace(told, reason=reason or told.reason)
        told, live = told.instead, True
    if not isinstance(told, PlaybackEvent) or not isinstance(state, str) or state not in _STATES:
        return Ignored(IgnoreReason.NOISE)
    if live:
        return Session(label(told.media), _STATES[state], told, live=True)
    return Session(key or "", _STATES[state], told, show=show)


def _unwanted(item: dict[str, object]) -> IgnoreReason | None:
    """What the webhooks do not know: live items may look like any episode, online ones and pre-rolls are in no library."""
    path, media, library = item.get("key"), item.get("Media"), item.get("librarySectionID")
    tuned = isinstance(media, list) and any(isinstance(one, dict) and one.get("protocol") and one.get("uuid") for one in media)
    if tuned or (isinstance(path, str) and path.startswith("/livetv/")):
        return IgnoreReason.LIVE_TV
    if str(library).startswith("-"):
        return IgnoreReason.TRAILER
    key = item.get("ratingKey")
    if item.get("type") in ("movie", "episode") and not str(key).isdecimal():
        return IgnoreReason.NOT_VIDEO_LIBRARY
    return None
