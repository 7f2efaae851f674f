"""Home Assistant: the state of a media player with its attributes, or a delivery of Plex that was passed on."""

import re
from dataclasses import replace

from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Media, MediaType, Movie, Show, identifiable
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, UnnamedEvent
from watchd.sources import plex
from watchd.sources.fields import decimal, moment, section, split_year, text, whole, wrong, year
from watchd.sources.filenames import completed, guess, is_file_name
from watchd.sources.kinds import UNSAID, WANTED, reason_for
from watchd.sources.naming import nameable

SOURCE = "homeassistant"
_ACTIONS = {
    "playing": Action.START,
    "paused": Action.PAUSE,
    "idle": Action.STOP,
    "off": Action.STOP,
    "standby": Action.STOP,
    "stopped": Action.STOP,
}
_WAITING = frozenset({"unavailable", "unknown", "none", "on", "buffering"})
_NUMBER = re.compile(
    r"(?:season|episode|s|ep?)?[ .]*([0-9]{1,6})(?:\.0+)?(?:\s*[-\u2013]\s*(?:e)?([0-9]{1,6}))?", re.IGNORECASE
)


def parse(payload: object) -> Parsed:
    """What `{"entity_id", "state", "attributes": {...}, "user"?}` says; MalformedPayload when it names no state."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    state = payload.get("state")
    if state is None and (delivery := plex.passed_on(payload)) is not None:
        return _as_ours(plex.parse(delivery))
    if not isinstance(state, str):
        raise MalformedPayload("no_event", "the payload names no state")
    state = state.strip().lower()
    user = text(payload.get("user"), "user")
    action = _ACTIONS.get(state)
    if action is None:
        return Ignored(IgnoreReason.NOISE if state in _WAITING else IgnoreReason.UNKNOWN_EVENT, user)
    attributes = section(payload["attributes"], "attributes") if "attributes" in payload else payload
    kind = _kind(attributes)
    told = replace(_told(payload, action, attributes), user=user, type=WANTED.get(kind))
    reason = reason_for(kind)
    if reason is None and action is not Action.START and not _speaks(attributes):
        return told
    media = _media(attributes, kind, told.duration)
    if media is None or not nameable(media):
        music = bool(attributes.get("media_artist") or attributes.get("media_album_name"))
        reason = reason or (IgnoreReason.MUSIC if music and kind in UNSAID else IgnoreReason.UNIDENTIFIABLE)
        return Ignored(reason, user, told.type)
    if reason is not None:
        return Ignored(reason, user, instead=told.of(media) if reason is IgnoreReason.LIVE_TV else None)
    return told.of(media)


def _told(payload: dict[str, object], action: Action, attributes: dict[str, object]) -> UnnamedEvent:
    """All of the event but what it is about and whose it is."""
    position = decimal(attributes.get("media_position"), "media_position")
    length = decimal(attributes.get("media_duration"), "media_duration")
    player = text(payload.get("entity_id"), "entity_id") or ""
    updated = moment(attributes.get("media_position_updated_at"), "media_position_updated_at")
    return UnnamedEvent(
        source=SOURCE,
        action=action,
        position=None if position is None else max(0.0, position),
        duration=length if length is not None and length > 0 else None,
        at=moment(payload.get("timestamp") or payload.get("last_updated"), "timestamp"),
        player=player,
        player_name=text(attributes.get("friendly_name"), "friendly_name") or player or None,
        position_at=None if position is None else updated,
    )


def _kind(attributes: dict[str, object]) -> str:
    """The kind of content, also of a MIME type."""
    return (text(attributes.get("media_content_type"), "media_content_type") or "").lower().partition("/")[0]


def _speaks(attributes: dict[str, object]) -> bool:
    return any(attributes.get(name) for name in ("media_title", "media_series_title", "media_content_id"))


def _media(attributes: dict[str, object], kind: str, runtime: float | None) -> Media | None:
    """What the attributes name, else what a title or an address that is a file's name says."""
    type_ = WANTED.get(kind)
    title = text(attributes.get("media_title"), "media_title")
    series, since = split_year(text(attributes.get("media_series_title"), "media_series_title"))
    season, _ = _numbers(attributes.get("media_season"), "media_season")
    number, last = _numbers(attributes.get("media_episode"), "media_episode")
    episode = Episode(Show(series, since), season, number, last, title=title, runtime=runtime)
    if identifiable(episode) and type_ is not MediaType.MOVIE:
        return episode
    if type_ is None and kind not in UNSAID:
        return None
    if type_ is MediaType.MOVIE and title and not is_file_name(title):
        return Movie(title, year(attributes.get("media_year"), "media_year"), runtime=runtime)
    address = attributes.get("media_content_id")
    names = (title, f"{series} - {title}" if series and title else None, address if isinstance(address, str) else None)
    found = next((found for name in names if name and (found := guess(name)) is not None), None)
    if isinstance(found, Episode):
        return completed(episode, found) if series else replace(found, runtime=runtime)
    if type_ is MediaType.EPISODE:
        return episode
    return replace(found, runtime=runtime) if found else None


def _numbers(value: object, name: str) -> tuple[int | None, int | None]:
    """The first and last number of what integrations call a season or an episode: 1, "01", "S01", "Episode 6", "6-7"."""
    if not isinstance(value, str):
        return whole(value, name), None
    match = _NUMBER.fullmatch(value.strip())
    if match is None:
        return None, None
    first, last = int(match[1]), int(match[2] or 0)
    return first, last if last > first else None


def _as_ours(parsed: Parsed) -> Parsed:
    if not isinstance(parsed, Ignored):
        return replace(parsed, source=SOURCE)
    return replace(parsed, instead=replace(parsed.instead, source=SOURCE)) if parsed.instead else parsed
