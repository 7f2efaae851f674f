"""Emby's webhooks, as its server sends them by itself."""

from watchd.errors import MalformedPayload
from watchd.model.media import Media
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent, Sender
from watchd.sources.fields import flag, section, text, wrong
from watchd.sources.items import guid, kind_of_item, screen, seconds, shown_in, type_of
from watchd.sources.reports import judged, when

SOURCE = "emby"

_ACTIONS = {
    "playback.start": Action.START,
    "playback.unpause": Action.START,
    "playback.pause": Action.PAUSE,
    "playback.stop": Action.STOP,
    "playback.progress": Action.PROGRESS,
    "playback.scrobble": Action.WATCHED,
    "item.markplayed": Action.MARK_WATCHED,
    "item.markunplayed": Action.MARK_UNWATCHED,
}
_ENDS = frozenset({Action.STOP, Action.WATCHED})
_HOUSEKEEPING = frozenset({"system", "user", "device", "plugins", "session", "livetv", "scheduledtasks", "subtitles", "sync"})


def parse(payload: object) -> Parsed:
    """What a delivery of Emby says; MalformedPayload when it is none."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    told = payload.get("Event")
    if not isinstance(told, str) or not told.strip():
        raise MalformedPayload("no_event", "the payload names no event")
    event = told.strip().casefold()
    person, session = section(payload.get("User"), "User"), section(payload.get("Session"), "Session")
    user = text(person.get("Name"), "User.Name") or text(session.get("UserName"), "Session.UserName")
    item = section(payload.get("Item"), "Item")
    action = _ACTIONS.get(event)
    if event == "item.rate":
        return Ignored(IgnoreReason.FAVOURITE, user, type_of(kind_of_item(item)))
    if action is None:
        return Ignored(_uninteresting(event), user)
    if not item:
        return Ignored(IgnoreReason.NO_METADATA, user)
    kind = kind_of_item(item)
    media = shown_in(item, kind, {})
    return judged(kind, _event(payload, action, media, user) if media is not None else None, user)


def _event(payload: dict[str, object], action: Action, media: Media, user: str | None) -> PlaybackEvent:
    info, session = section(payload.get("PlaybackInfo"), "PlaybackInfo"), section(payload.get("Session"), "Session")
    state = section(session.get("PlayState"), "Session.PlayState")
    server, item = section(payload.get("Server"), "Server"), section(payload.get("Item"), "Item")
    ticks = info.get("PositionTicks")
    gone_on = action in _ENDS and (bool(info) or not state.get("PositionTicks"))  # perhaps to the next item
    if ticks is None and not gone_on:
        ticks = state.get("PositionTicks")
    if action is Action.PROGRESS and flag(info.get("IsPaused", state.get("IsPaused"))):
        action = Action.PAUSE
    server_id = guid(server.get("Id"), "Server.Id") or guid(item.get("ServerId"), "Item.ServerId")
    name = text(session.get("DeviceName"), "Session.DeviceName") or text(session.get("Client"), "Session.Client")
    device = text(session.get("DeviceId"), "Session.DeviceId") or name or text(session.get("Id"), "Session.Id")
    person = section(payload.get("User"), "User")
    return PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        position=seconds(ticks, "PositionTicks"),
        duration=media.runtime,
        at=when(payload.get("Date"), "Date"),
        session=text(info.get("PlaySessionId"), "PlaySessionId"),
        player=screen(server_id, device),
        player_name=name,
        user=user,
        completed=flag(info.get("PlayedToCompletion")),
        sender=Sender(
            user_id=guid(person.get("Id"), "User.Id") or guid(session.get("UserId"), "Session.UserId"),
            server=server_id,
            server_name=text(server.get("Name"), "Server.Name"),
        ),
    )


def _uninteresting(event: str) -> IgnoreReason:
    family, _, what = event.partition(".")
    if family == "library":
        return IgnoreReason.LIBRARY_EVENT
    if family == "system" and what.endswith("test"):
        return IgnoreReason.TEST_EVENT
    return IgnoreReason.SYSTEM_EVENT if family in _HOUSEKEEPING else IgnoreReason.UNKNOWN_EVENT
