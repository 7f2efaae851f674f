"""The list of sessions that Jellyfin and Emby give, `/Sessions`."""

from dataclasses import dataclass

from watchd.clock import MINUTE
from watchd.errors import MalformedPayload
from watchd.model.media import MediaIds, MediaType, identifiable
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, Sender
from watchd.model.sessions import Session, Sessions, SessionState
from watchd.sources import items
from watchd.sources.fields import moment, section, text, wrong
from watchd.sources.ids import from_providers

_ENDED = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Asked:
    """Which server was asked, and when that was by its own clock (ms), where it tells the time."""

    source: str
    server: str | None = None
    server_name: str | None = None
    server_now: int | None = None


def server_of(payload: object) -> tuple[str | None, str | None]:
    """The server's id and name, by its answer to `/System/Info/Public`."""
    if not isinstance(payload, dict):
        raise wrong("the server's description")
    return items.guid(payload.get("Id"), "Id"), text(payload.get("ServerName"), "ServerName")


def parse(payload: object, asked: Asked) -> Sessions:
    """All sessions in which something plays; MalformedPayload when the answer is no such list.

    A session that cannot be read is an ignored one.
    """
    if not isinstance(payload, list):
        raise wrong("the list of sessions")
    playing, ignored = list[Session](), list[Ignored]()
    for entry in payload:
        if not isinstance(entry, dict) or not entry.get("NowPlayingItem"):
            continue
        try:
            read = _session(entry, asked)
        except MalformedPayload:
            read = Ignored(IgnoreReason.UNIDENTIFIABLE)
        (playing.append(read) if isinstance(read, Session) else ignored.append(read))
    return Sessions(tuple(playing), tuple(ignored))


def ids_by_key(payload: object) -> dict[str, MediaIds]:
    """The ids of the items of an answer to `/Items`, by their keys."""
    entries = payload.get("Items") if isinstance(payload, dict) else None
    if not isinstance(entries, list):
        raise wrong("Items")
    found: dict[str, MediaIds] = {}
    for item in entries:
        if isinstance(item, dict) and (key := items.guid(item.get("Id"), "Id")) is not None:
            found[key] = from_providers(section(item.get("ProviderIds"), "ProviderIds"))
    return found


def _session(entry: dict[str, object], asked: Asked) -> Session | Ignored:
    item, state = section(entry.get("NowPlayingItem"), "NowPlayingItem"), section(entry.get("PlayState"), "PlayState")
    user = text(entry.get("UserName"), "UserName")
    kind = items.kind_of_item(item)
    if state.get("LiveStreamId") and kind not in (IgnoreReason.MUSIC, IgnoreReason.TRAILER):
        return Ignored(IgnoreReason.LIVE_TV, user)
    if not isinstance(kind, MediaType):
        return Ignored(kind or IgnoreReason.NO_METADATA, user)
    media = items.media_of(item, kind, {})
    key = items.guid(item.get("Id"), "Id")
    if key is None or not identifiable(media):
        return Ignored(IgnoreReason.UNIDENTIFIABLE, user, media.type)
    server = asked.server or items.guid(entry.get("ServerId"), "ServerId")
    device = text(entry.get("DeviceId"), "DeviceId") or text(entry.get("DeviceName"), "DeviceName")
    told = PlaybackEvent(
        source=asked.source,
        action=Action.START,
        media=media,
        position=items.seconds(state.get("PositionTicks"), "PositionTicks"),
        duration=media.runtime,
        player=items.screen(server, device),
        player_name=text(entry.get("DeviceName"), "DeviceName") or text(entry.get("Client"), "Client"),
        user=user,
        sender=Sender(items.guid(entry.get("UserId"), "UserId"), server, asked.server_name),
    )
    checked_in, silence = _checked_in(entry, asked.server_now)
    paused = state.get("IsPaused") is True
    show = items.guid(item.get("SeriesId"), "SeriesId")
    return Session(key, SessionState.PAUSED if paused else SessionState.PLAYING, told, checked_in, silence, show)


def _checked_in(entry: dict[str, object], server_now: int | None) -> tuple[int | None, int]:
    """When the player last reported, and how long ago that was (ms).

    The first year of the calendar stands for never. The server itself ends what reported nothing for ten minutes, so that
    a moment further back is none to go by.
    """
    at = moment(entry.get("LastPlaybackCheckIn"), "LastPlaybackCheckIn")
    if not at or (server_now is not None and server_now - at > _ENDED):
        return None, 0
    return at, 0 if server_now is None else max(0, server_now - at)
