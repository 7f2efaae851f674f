"""Tautulli's webhook agent: our own template, and templates of others that imitate Plex.

Every value is a string, and what is not set is an empty one. The ids of an episode are those of its show.
"""

from dataclasses import replace

from watchd.errors import MalformedPayload
from watchd.model.media import NO_IDS, Episode, Media
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent
from watchd.sources.fields import decimal, section, text, wrong, year
from watchd.sources.ids import read_ids
from watchd.sources.naming import nameable
from watchd.sources.plex_item import guids, media_of, player_of, rating_of, seconds, sender_of, unwanted

SOURCE = "tautulli"

_PREFIX = "tautulli."
_ACTIONS = {
    "play": Action.START,
    "resume": Action.START,
    "pause": Action.PAUSE,
    "stop": Action.STOP,
    "watched": Action.WATCHED,
    "scrobble": Action.WATCHED,
    "rate": Action.RATE,
}
_OTHERS = {
    "test": IgnoreReason.TEST_EVENT,
    "created": IgnoreReason.LIBRARY_EVENT,
    **dict.fromkeys(
        ("buffer", "change", "commercial", "concurrent", "credits", "error", "intro", "transcode", "marker"),
        IgnoreReason.NOISE,
    ),
    **dict.fromkeys(
        (
            "extdown",
            "extup",
            "intdown",
            "intup",
            "newdevice",
            "plexpydbcorrupt",
            "plexpyupdate",
            "pmsupdate",
            "tokenexpired",
        ),
        IgnoreReason.SYSTEM_EVENT,
    ),
}
_ITEM = {  # the keys of our template as Plex calls them
    "type": "media_type",
    "guid": "guid",
    "live": "live",
    "grandparentTitle": "show",
    "parentIndex": "season",
    "index": "number",
    "viewOffset": "position_ms",
    "duration": "duration_ms",
    "librarySectionTitle": "library",
    "librarySectionID": "library_id",
    "userRating": "rating",
}
_IDS = ("imdb", "tmdb", "tvdb")


def marked(payload: dict[str, object]) -> bool:
    """Whether what looks like a delivery of Plex says that Tautulli made it."""
    event = payload.get("event")
    if isinstance(event, str) and event.lower().startswith(_PREFIX):
        return True
    return any(isinstance(mark := payload.get(name), str) and mark.lower() == SOURCE for name in ("source", "server"))


def parse(payload: object) -> Parsed:
    """What a delivery of Tautulli says; MalformedPayload when it is none."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    event = payload.get("event")
    if not isinstance(event, str) or not event.strip():
        raise MalformedPayload("no_event", "the payload names no event")
    plexlike = "Metadata" in payload or "Account" in payload
    body = payload if plexlike else _as_plex(payload)
    user = text(section(body.get("Account"), "Account").get("title"), "Account.title")
    verb = event.strip().lower()
    of_show = not plexlike or verb.startswith(_PREFIX)
    verb = verb.removeprefix(_PREFIX).removeprefix("media.")
    action = _ACTIONS.get(verb)
    if action is None:
        library = IgnoreReason.LIBRARY_EVENT if verb.startswith("library.") else IgnoreReason.UNKNOWN_EVENT
        return Ignored(_OTHERS.get(verb, library), user)
    item = section(body.get("Metadata"), "Metadata")
    if not item:
        return Ignored(IgnoreReason.NO_METADATA, user)
    return _told(body, item, action, user, of_show=of_show)


def _as_plex(payload: dict[str, object]) -> dict[str, object]:
    """Our template, in which everything stands side by side, as Plex would arrange it."""
    item = {theirs: payload.get(ours) for theirs, ours in _ITEM.items()}
    episode = payload.get("media_type") == "episode"
    item["title"] = payload.get("episode_title" if episode else "title")
    item["year"] = payload.get("show_year" if episode else "year")
    item["Guids"] = {name: payload.get(name) for name in _IDS}
    return {
        "Account": {"id": payload.get("user_id"), "title": payload.get("user") or payload.get("username")},
        "Server": {"uuid": payload.get("server_id"), "title": payload.get("server")},
        "Player": {"uuid": payload.get("player_id"), "title": payload.get("player")},
        "Metadata": item,
        **{name: payload.get(name) for name in ("session", "percent", "time")},
    }


def _told(body: dict[str, object], item: dict[str, object], action: Action, user: str | None, *, of_show: bool) -> Parsed:
    native, entries = guids(item)
    reason = unwanted(item, native)
    if reason not in (None, IgnoreReason.LIVE_TV):
        return Ignored(reason, user)
    duration, position = seconds(item, "duration") or None, seconds(item, "viewOffset")
    media = media_of(item, native, entries, duration)
    if media is not None:
        listed = section(item.get("Guids"), "Guids")
        media = replace(media, ids=media.ids.merged(read_ids({name: listed.get(name) for name in _IDS})))
    if isinstance(media, Episode):
        media = _with_ids_of_show(media, year(item.get("year"), "year") if of_show else None)
    if media is None or not nameable(media):
        return Ignored(reason or IgnoreReason.UNIDENTIFIABLE, user, media.type if media else None)
    rating = rating_of(body, item) if action is Action.RATE else None
    if action is Action.RATE and rating is None:
        return Ignored(IgnoreReason.NO_RATING, user, media.type)
    told = _event(body, item, action, media)
    if action is not Action.RATE:
        told = replace(told, progress=_percent(body), position=position)
    told = replace(told, duration=duration, user=user, rating=rating)
    return Ignored(reason, user, media.type, told) if reason else told


def _event(body: dict[str, object], item: dict[str, object], action: Action, media: Media) -> PlaybackEvent:
    player, player_name = player_of(body)
    sender = sender_of(body, item)
    session, at = text(body.get("session"), "session"), decimal(body.get("time"), "time")
    return PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        at=round(at * 1000) if at is not None and 0 < at < 10**11 else None,
        session=f"{sender.server or ''}/{session}" if session else None,
        player=player,
        player_name=player_name,
        sender=sender,
    )


def _with_ids_of_show(episode: Episode, since: int | None) -> Episode:
    """An episode whose ids are put where they belong, for Tautulli takes them from the show."""
    show = episode.show
    known = replace(show, year=since or show.year, ids=show.ids.merged(episode.ids))
    return replace(episode, show=known, ids=NO_IDS)


def _percent(body: dict[str, object]) -> float | None:
    percent = decimal(body.get("percent"), "percent")
    return None if percent is None else min(100.0, max(0.0, percent))
