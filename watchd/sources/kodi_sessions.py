"""What one Kodi plays, put together from its answers about players, item, properties and show."""

from watchd.errors import MalformedPayload
from watchd.model.media import identifiable, label
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, Sender
from watchd.model.sessions import Session, SessionState
from watchd.sources.fields import decimal, section, text, whole
from watchd.sources.kodi_rpc import kind_of, media_of, position_of, unwanted

SOURCE = "kodi"


def active_player(result: object) -> int | None:
    """The player that shows a video, of an answer to GetActivePlayers; None when there is none."""
    for player in result if isinstance(result, list) else []:
        if isinstance(player, dict) and player.get("type") == "video":
            return whole(player.get("playerid"), "playerid")
    return None


def item_of(result: object) -> dict[str, object]:
    """The item of an answer to GetItem."""
    return section(section(result, "result").get("item"), "item")


def show_of(item: dict[str, object]) -> int | None:
    """Kodi's number of the item's show; None for what belongs to none in its library."""
    number = item.get("tvshowid")
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None


def parse(item: dict[str, object], properties: object, tvshow: dict[str, object] | None, server: str) -> Session | Ignored:
    """The session of a player; `server` is what this Kodi is called here. What cannot be read is ignored."""
    try:
        return _session(item, section(properties, "properties"), tvshow, server)
    except MalformedPayload:
        return Ignored(IgnoreReason.UNIDENTIFIABLE)


def _session(
    item: dict[str, object], properties: dict[str, object], tvshow: dict[str, object] | None, server: str
) -> Session | Ignored:
    reason = unwanted(item, properties)
    live = reason is IgnoreReason.LIVE_TV
    media = media_of(item, tvshow) if reason is None or live else None
    if media is None or not identifiable(media):
        return Ignored(reason or IgnoreReason.UNIDENTIFIABLE)
    position, duration, _ = position_of(properties)
    told = PlaybackEvent(
        source=SOURCE,
        action=Action.START,
        media=media,
        position=position,
        duration=duration or media.runtime,
        player=f"{server}/video",
        player_name=server,
        sender=Sender(server=server, server_name=server),
    )
    if not duration and not live:  # it has not begun
        state = SessionState.BUFFERING
    else:
        state = SessionState.PAUSED if decimal(properties.get("speed"), "speed") == 0 else SessionState.PLAYING
    return Session(label(media) if live else _key(item), state, told, live=live)


def _key(item: dict[str, object]) -> str:
    number = whole(item.get("id"), "id")
    named = text(item.get("file"), "file") or text(item.get("label"), "label") or text(item.get("title"), "title")
    return f"{kind_of(item)} {number}" if number else named or ""
