"""Plex Media Server's webhooks."""

import json

from watchd.errors import MalformedPayload
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent
from watchd.sources import tautulli
from watchd.sources.fields import section, text, wrong
from watchd.sources.naming import nameable
from watchd.sources.plex_item import guids, media_of, player_of, rating_of, seconds, sender_of, unwanted

SOURCE = "plex"

_ACTIONS = {
    "media.play": Action.START,
    "media.resume": Action.START,
    "media.pause": Action.PAUSE,
    "media.stop": Action.STOP,
    "media.scrobble": Action.WATCHED,
    "media.rate": Action.RATE,
}


def parse(payload: object) -> Parsed:
    """What a delivery of Plex says; MalformedPayload when it is none."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    if "event" not in payload and (delivery := passed_on(payload)) is not None:
        payload = delivery
    event = payload.get("event")
    if not isinstance(event, str):
        raise MalformedPayload("no_event", "the payload names no event")
    if tautulli.marked(payload):  # its templates imitate Plex, and its address is easily mixed up with Plex's
        return tautulli.parse(payload)
    account = section(payload.get("Account"), "Account")
    user = text(account.get("title"), "Account.title")
    action = _ACTIONS.get(event)
    if action is None:
        return Ignored(_uninteresting(event), user)
    item = section(payload.get("Metadata"), "Metadata")
    if not item:
        return Ignored(IgnoreReason.NO_METADATA, user)
    native, entries = guids(item)
    reason = unwanted(item, native)
    if reason not in (None, IgnoreReason.LIVE_TV):
        return Ignored(reason, user)
    duration, position = (None, None) if _lookalike(account) else (seconds(item, "duration"), seconds(item, "viewOffset"))
    duration = duration or None
    media = media_of(item, native, entries, duration)
    if media is None or not nameable(media):
        return Ignored(reason or IgnoreReason.UNIDENTIFIABLE, user, media.type if media else None)
    rating = rating_of(payload, item) if action is Action.RATE else None
    if action is Action.RATE and rating is None:
        return Ignored(IgnoreReason.NO_RATING, user, media.type)
    player, player_name = player_of(payload)
    told = PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        position=None if action in (Action.WATCHED, Action.RATE) else position,
        duration=duration,
        player=player,
        player_name=player_name,
        user=user,
        rating=rating,
        sender=sender_of(payload, item),
    )
    return Ignored(reason, user, media.type, told) if reason else told


def passed_on(payload: dict[str, object]) -> dict[str, object] | None:
    """A delivery inside what a relay made of it, perhaps still as the text of a form's field; None without one."""
    for holder in (payload.get("data"), payload):
        if not isinstance(holder, dict):
            continue
        if isinstance(holder.get("event"), str):
            return holder
        inner = holder.get("payload")
        if isinstance(inner, str):
            try:
                inner = json.loads(inner)
            except (ValueError, RecursionError) as error:
                raise MalformedPayload("not_json", "the payload passed on is not JSON") from error
            if not isinstance(inner, dict):
                raise wrong("the payload passed on")
        if isinstance(inner, dict):
            return inner
    return None


def _uninteresting(event: str) -> IgnoreReason:
    if event.startswith("library."):
        return IgnoreReason.LIBRARY_EVENT
    if event.startswith(("admin.", "device.")) or event == "playback.started":
        return IgnoreReason.ADMIN_EVENT
    return IgnoreReason.UNKNOWN_EVENT


def _lookalike(account: dict[str, object]) -> bool:
    """Whether another server speaks Plex's format: its account ids are no numbers, and neither its times are milliseconds."""
    number = account.get("id")
    return isinstance(number, str) and bool(number) and not number.isdecimal()
