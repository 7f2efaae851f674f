"""The list of sessions that Jellyfin and Emby give, `/Sessions`."""

from dataclasses import dataclass

from watchd.clock import MINUTE
from watchd.errors import MalformedPayload
from watchd.model.media import MediaIds, identifiable, label
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
    busy = (entry for entry in payload if isinstance(entry, dict) and entry.get("NowPlayingItem"))
    return Sessions.of(_read(entry, asked) for entry in busy)


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


def _read(entry: dict[str, object], asked: Asked) -> Session | Ignored:
    try:
        return _session(entry, asked)
    except MalformedPayload:
        return Ignored(IgnoreReason.UNIDENTIFIABLE)


def _session(entry: dict[str, object], asked: Asked) -> Session | Ignored:
    item, state = section(entry.get("NowPlayingItem"), "NowPlayingItem"), section(entry.get("PlayState"), "PlayState")
    user = text(entry.get("UserName"), "UserName")
    kind = items.kind_of_item(item)
    tuned = bool(state.get("LiveStreamId")) and kind not in (IgnoreReason.MUSIC, IgnoreReason.TRAILER)
    live = tuned or kind is IgnoreReason.LIVE_TV
    media = items.shown_in(item, kind, {})
    key = label(media) if live and media is not None else items.guid(item.get("Id"), "Id")
    if media is None or key is None or not identifiable(media):
        reason = kind if isinstance(kind, IgnoreReason) else IgnoreReason.UNIDENTIFIABLE if kind else IgnoreReason.NO_METADATA
        return Ignored(IgnoreReason.LIVE_TV if live else reason, user, items.type_of(kind))
    server = asked.server or items.guid(entry.get("ServerId"), "ServerId")
    device = text(entry.get("DeviceId"), "DeviceId") or text(entry.get("DeviceName"), "DeviceName")
    told = PlaybackEvent(
        source=asked.source,
        action=Action.START,
        media=media,
        position=None if live else items.seconds(state.get("PositionTicks"), "PositionTicks"),  # else that in the channel
        duration=media.runtime,
        player=items.screen(server, device),
        player_name=text(entry.get("DeviceName"), "DeviceName") or text(entry.get("Client"), "Client"),
        user=user,
        sender=Sender(items.guid(entry.get("UserId"), "UserId"), server, asked.server_name),
    )
    checked_in, silence = _checked_in(entry, asked.server_now)
    playing = SessionState.PAUSED if state.get("IsPaused") is True else SessionState.PLAYING
    show = None if live else items.guid(item.get("SeriesId"), "SeriesId")
    return Session(key, playing, told, checked_in, silence, show, live, _guests(entry))


def _guests(entry: dict[str, object]) -> tuple[tuple[str | None, str | None], ...]:
    """Ids and names of the users who were added to the session as watching along."""
    added = entry.get("AdditionalUsers")
    people = [one for one in added if isinstance(one, dict)] if isinstance(added, list) else []
    named = ((items.guid(one.get("UserId"), "UserId"), text(one.get("UserName"), "UserName")) for one in people)
    return tuple((key, name) for key, name in named if key or name)


def _checked_in(entry: dict[str, object], server_now: int | None) -> tuple[int | None, int]:
    """When the player last reported, and how long ago that was (ms).

    The first year of the calendar stands for never. The server itself ends what reported nothing for ten minutes, so that
    a moment further back is none to go by.
    """
    at = moment(entry.get("LastPlaybackCheckIn"), "LastPlaybackCheckIn")
    if not at or (server_now is not None and server_now - at > _ENDED):
        return None, 0
    return at, 0 if server_now is None else max(0, server_now - at)
