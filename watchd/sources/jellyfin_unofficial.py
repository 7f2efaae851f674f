"""Jellyfin's unofficial webhook plugin (shemanaev's): items as the server's API writes them, or an imitation of Plex."""

from dataclasses import replace

from watchd.errors import MalformedPayload
from watchd.model.media import Media
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent, Sender
from watchd.sources import plex
from watchd.sources.fields import decimal, flag, section, text
from watchd.sources.items import guid, kind_of_item, screen, seconds, shown_in, type_of
from watchd.sources.reports import judged

SOURCE = "jellyfin"

_ACTIONS = {
    "play": Action.START,
    "resume": Action.START,
    "pause": Action.PAUSE,
    "stop": Action.STOP,
    "scrobble": Action.WATCHED,
    "progress": Action.PROGRESS,
    "markplayed": Action.MARK_WATCHED,
    "markunplayed": Action.MARK_UNWATCHED,
    "rate": Action.RATE,
}
_OTHERS = {
    "item": IgnoreReason.LIBRARY_EVENT,
    "authentication": IgnoreReason.SYSTEM_EVENT,
    "session": IgnoreReason.SYSTEM_EVENT,
    "subtitle": IgnoreReason.SYSTEM_EVENT,
    "haspendingrestart": IgnoreReason.SYSTEM_EVENT,
}


def parse(payload: dict[str, object]) -> Parsed:
    """What a delivery in the plugin's own format says; its `Event` is text."""
    event = (text(payload.get("Event"), "Event") or "").casefold()
    if not event:
        raise MalformedPayload("no_event", "the payload names no event")
    user = text(section(payload.get("User"), "User").get("Name"), "User.Name")
    action = _ACTIONS.get(event)
    if action is None:
        known = (reason for prefix, reason in _OTHERS.items() if event.startswith(prefix))
        return Ignored(next(known, IgnoreReason.UNKNOWN_EVENT), user)
    item = section(payload.get("Item"), "Item")
    if not item:
        return Ignored(IgnoreReason.NO_METADATA, user)
    kind = kind_of_item(item)
    media = shown_in(item, kind, section(payload.get("Series"), "Series"))
    saved = section(item.get("UserData"), "Item.UserData")
    rating = decimal(saved.get("Rating"), "Item.UserData.Rating") if action is Action.RATE else None
    if action is Action.RATE and (rating is None or rating <= 0):
        reason = IgnoreReason.FAVOURITE if "IsFavorite" in saved else IgnoreReason.NO_RATING
        return Ignored(reason, user, type_of(kind))
    report = _event(payload, action, media, user) if media is not None else None
    if report is not None and rating is not None:
        report = replace(report, rating=min(rating, 10.0))
    return judged(kind, report, user)


def _event(payload: dict[str, object], action: Action, media: Media, user: str | None) -> PlaybackEvent:
    session, server = section(payload.get("Session"), "Session"), section(payload.get("Server"), "Server")
    state = section(session.get("PlayState"), "Session.PlayState")
    saved = section(section(payload.get("Item"), "Item").get("UserData"), "Item.UserData")
    position = seconds(state.get("PositionTicks"), "PositionTicks")
    if action is Action.STOP and position is None:  # the session is over; what was saved for resuming is known still
        position = seconds(saved.get("PlaybackPositionTicks"), "PlaybackPositionTicks") or None
    if action is Action.PROGRESS and flag(state.get("IsPaused")):
        action = Action.PAUSE
    server_id = guid(server.get("Id"), "Server.Id")
    name = text(session.get("DeviceName"), "Session.DeviceName") or text(session.get("Client"), "Session.Client")
    device = text(session.get("DeviceId"), "Session.DeviceId") or name or text(session.get("Id"), "Session.Id")
    return PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        position=position,
        duration=media.runtime,
        player=screen(server_id, device),
        player_name=name,
        user=user,
        completed=flag(saved.get("Played")),  # the server takes the mark away at the start, so it is this playback's
        sender=Sender(
            user_id=guid(section(payload.get("User"), "User").get("Id"), "User.Id"),
            server=server_id,
            server_name=text(server.get("Name"), "Server.Name"),
        ),
    )


def parse_lookalike(payload: dict[str, object]) -> Parsed:
    """What a delivery in the plugin's imitation of Plex's format says.

    Everything it has no Plex word for it calls `media.play`, and a mark `media.scrobble`. What no player tells of cannot be
    playing: such a scrobble is a mark, and such a play may be anything, even a mark taken away.
    """
    parsed = plex.parse(payload)
    if isinstance(parsed, Ignored):
        return replace(parsed, instead=_ours(parsed.instead)) if parsed.instead is not None else parsed
    if not isinstance(parsed, PlaybackEvent):
        return replace(parsed, source=SOURCE)
    event = _ours(parsed)
    player = payload.get("Player")
    absent = isinstance(player, dict) and not player.get("uuid") and not player.get("title")
    if absent and event.action is Action.WATCHED:
        return replace(event, action=Action.MARK_WATCHED)
    if absent and event.action is Action.START:
        return Ignored(IgnoreReason.NOISE, event.user, event.media.type)
    return event


def _ours(event: PlaybackEvent) -> PlaybackEvent:
    """An event that Plex's parser read, under the name of the server it came from."""
    if event.source != plex.SOURCE:
        return event
    return replace(event, source=SOURCE, sender=replace(event.sender, user_id=guid(event.sender.user_id, "Account.id")))
