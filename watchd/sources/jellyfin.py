"""Jellyfin's webhook plugin: all of its properties, or a template that names them; and what the unofficial plugin sends."""

import html
import re

from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Media, MediaIds, MediaType, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent, Sender
from watchd.sources import jellyfin_unofficial
from watchd.sources.fields import flag, split_year, text, whole, wrong, year
from watchd.sources.items import Kind, guid, kind_of, own_ids, parts, screen, seconds, type_of
from watchd.sources.reports import judged, when, when_zoned

SOURCE = jellyfin_unofficial.SOURCE

_ACTIONS = {
    "playbackstart": Action.START,
    "playbackprogress": Action.PROGRESS,
    "playbackstop": Action.STOP,
}
_OTHERS = {
    "generic": IgnoreReason.TEST_EVENT,
    "itemadded": IgnoreReason.LIBRARY_EVENT,
    "itemdeleted": IgnoreReason.LIBRARY_EVENT,
    "pendingrestart": IgnoreReason.SYSTEM_EVENT,
    "subtitledownloadfailure": IgnoreReason.SYSTEM_EVENT,
}
_HOUSEKEEPING = ("authentication", "plugin", "session", "task", "user")
_PROVIDER = "provider_"
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])")


def parse(payload: object) -> Parsed:
    """What a delivery of either of Jellyfin's plugins says; MalformedPayload when it is none."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    told = payload.get("NotificationType")
    if isinstance(told, str) and told.strip():
        return _official(payload, told.strip().casefold())
    if isinstance(payload.get("Event"), str):
        return jellyfin_unofficial.parse(payload)
    if isinstance(payload.get("event"), str):
        return jellyfin_unofficial.parse_lookalike(payload)
    if not payload:  # a template whose conditions all failed
        return Ignored(IgnoreReason.EMPTY_BODY)
    raise MalformedPayload("no_event", "the payload names no event")


def _official(payload: dict[str, object], event: str) -> Parsed:
    user = _told(payload, "NotificationUsername", "Username")
    if event == "userdatasaved":
        action = _marked(payload)
        if action is None:
            return Ignored(IgnoreReason.USER_DATA_NOISE, user, type_of(_kind(payload)))
    else:
        found = _ACTIONS.get(event)
        if found is None:
            return Ignored(_uninteresting(event), user)
        action = Action.PAUSE if found is not Action.STOP and flag(payload.get("IsPaused")) else found
    kind = _kind(payload)
    media = _media(payload, kind) if isinstance(kind, MediaType) else None
    return judged(kind, _event(payload, action, media, user) if media is not None else None, user)


def _uninteresting(event: str) -> IgnoreReason:
    known = IgnoreReason.SYSTEM_EVENT if event.startswith(_HOUSEKEEPING) else IgnoreReason.UNKNOWN_EVENT
    return _OTHERS.get(event, known)


def _marked(payload: dict[str, object]) -> Action | None:
    """What somebody marked by hand; everything else that saves user data is told by other events, or is no number."""
    reason, played = _told(payload, "SaveReason"), payload.get("Played")
    if (reason or "").casefold() != "toggleplayed" or played is None or (isinstance(played, str) and not played.strip()):
        return None
    return Action.MARK_WATCHED if flag(played) else Action.MARK_UNWATCHED


def _kind(payload: dict[str, object]) -> Kind | None:
    """By the item's type; a template that leaves it out still shows by its fields whether it is about an episode."""
    kind = kind_of(payload.get("ItemType"), "ItemType")
    if kind is None and (_told(payload, "SeriesName") or payload.get("EpisodeNumber") not in (None, "")):
        return MediaType.EPISODE
    return kind


def _media(payload: dict[str, object], kind: MediaType) -> Media:
    ids = _ids(payload, kind)
    runtime = _time(payload, "RunTimeTicks", "RunTime") or None
    title = _told(payload, "Name", "ItemName")
    told = year(payload.get("Year"), "Year")
    if kind is MediaType.MOVIE:
        return Movie(title, told, ids, runtime)
    show, since = split_year(_told(payload, "SeriesName"))  # and the year is the show's, not the episode's
    number, end = parts(_number(payload, "EpisodeNumber"), _number(payload, "EpisodeNumberEnd"), "EpisodeNumber")
    season = whole(_number(payload, "SeasonNumber"), "SeasonNumber")
    return Episode(Show(show, told or since), season, number, end, title=title, ids=ids, runtime=runtime)


def _ids(payload: dict[str, object], kind: MediaType) -> MediaIds:
    given = {name[len(_PROVIDER) :]: value for name, value in payload.items() if name[: len(_PROVIDER)].casefold() == _PROVIDER}
    return own_ids(given, kind)


def _event(payload: dict[str, object], action: Action, media: Media, user: str | None) -> PlaybackEvent:
    server = guid(payload.get("ServerId"), "ServerId")
    name = _told(payload, "DeviceName", "ClientName", "Client")
    return PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        position=_time(payload, "PlaybackPositionTicks", "PlaybackPosition"),
        duration=media.runtime,
        at=when(payload.get("UtcTimestamp"), "UtcTimestamp") or when_zoned(payload.get("Timestamp"), "Timestamp"),
        player=screen(server, _told(payload, "DeviceId") or name or _told(payload, "Id")),
        player_name=name,
        user=user,
        completed=flag(payload.get("PlayedToCompletion")),
        sender=Sender(user_id=guid(payload.get("UserId"), "UserId"), server=server, server_name=_told(payload, "ServerName")),
    )


def _number(payload: dict[str, object], name: str) -> object:
    """A number by its name or by one of its padded forms, which templates like to use."""
    return next((value for pad in ("", "00", "000") if (value := payload.get(name + pad)) not in (None, "")), None)


def _time(payload: dict[str, object], ticks: str, clock: str) -> float | None:
    """Seconds from ticks, or from hours:minutes:seconds where a template has only those."""
    known = seconds(payload.get(ticks), ticks)
    if known is not None:
        return known
    written = payload.get(clock)
    match = _CLOCK.fullmatch(written.strip()) if isinstance(written, str) else None
    return int(match[1]) * 3600.0 + int(match[2]) * 60 + int(match[3]) if match else None


def _told(payload: dict[str, object], *names: str) -> str | None:
    """The first text among some fields.

    Templates with double braces escape as for HTML; and the plugin writes a backslash before each quote, and before nothing
    else, whether or not it then writes JSON.
    """
    for name in names:
        value = payload.get(name)
        if isinstance(value, str):
            value = _ENTITY.sub(lambda match: html.unescape(match[0]), value).replace('\\"', '"')
        if told := text(value, name):
            return told
    return None
