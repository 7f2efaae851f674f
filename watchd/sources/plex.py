"""Plex Media Server's webhooks."""

from watchd.errors import MalformedPayload
from watchd.model.media import NO_IDS, Episode, Media, MediaType, Movie, Show, identifiable
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, PlaybackEvent
from watchd.sources.fields import decimal, section, split_year, text, whole, wrong, year
from watchd.sources.ids import from_agent, from_uris

SOURCE = "plex"

_ACTIONS = {
    "media.play": Action.START,
    "media.resume": Action.START,
    "media.pause": Action.PAUSE,
    "media.stop": Action.STOP,
    "media.scrobble": Action.WATCHED,
    "media.rate": Action.RATE,
}
_TYPES = {"track": IgnoreReason.MUSIC, "photo": IgnoreReason.PHOTO, "clip": IgnoreReason.TRAILER}
_WANTED = frozenset(map(str, MediaType))
_LIBRARIES = {"artist": IgnoreReason.MUSIC, "photo": IgnoreReason.PHOTO, "livetv": IgnoreReason.LIVE_TV}
_PREFIXES = {"iva://": IgnoreReason.TRAILER, "tv.plex.xmltv://": IgnoreReason.LIVE_TV}


def parse(payload: object) -> Parsed:
    """What a delivery of Plex says; MalformedPayload when it is none."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    event = payload.get("event")
    if not isinstance(event, str):
        raise MalformedPayload("no_event", "the payload names no event")
    account = section(payload.get("Account"), "Account")
    user = text(account.get("title"), "Account.title")
    action = _ACTIONS.get(event)
    if action is None:
        return Ignored(_uninteresting(event), user)
    item = section(payload.get("Metadata"), "Metadata")
    if not item:
        return Ignored(IgnoreReason.NO_METADATA, user)
    native, entries = _guids(item)
    reason = _unwanted(item, native)
    if reason is not None:
        return Ignored(reason, user)
    duration, position = (None, None) if _lookalike(account) else (_seconds(item, "duration"), _seconds(item, "viewOffset"))
    duration = duration or None
    media = _media(item, native, entries, duration)
    if media is None or not identifiable(media):
        return Ignored(IgnoreReason.UNIDENTIFIABLE, user, media.type if media else None)
    rating = _rating(payload, item) if action is Action.RATE else None
    if action is Action.RATE and rating is None:
        return Ignored(IgnoreReason.NO_RATING, user, media.type)
    telling = action not in (Action.WATCHED, Action.RATE)
    return PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        position=position if telling else None,
        duration=duration,
        player=_player(payload),
        player_name=text(section(payload.get("Player"), "Player").get("title"), "Player.title"),
        user=user,
        rating=rating,
    )


def _uninteresting(event: str) -> IgnoreReason:
    if event.startswith("library."):
        return IgnoreReason.LIBRARY_EVENT
    if event.startswith(("admin.", "device.")) or event == "playback.started":
        return IgnoreReason.ADMIN_EVENT
    return IgnoreReason.UNKNOWN_EVENT


def _guids(item: dict[str, object]) -> tuple[str, list[object]]:
    """The item's own guid and its list of other ids; some forwarders put the list where the guid belongs."""
    native, entries = "", list[object]()
    for name in ("guid", "Guid"):
        value = item.get(name)
        if isinstance(value, str):
            native = native or value
            entries.append(value)
        elif isinstance(value, list):
            entries.extend(value)
        elif value is not None:
            raise wrong(name)
    return native, entries


def _unwanted(item: dict[str, object], native: str) -> IgnoreReason | None:
    kind, library = item.get("type"), item.get("librarySectionType")
    if isinstance(kind, str) and kind in _TYPES:
        return _TYPES[kind]
    if item.get("subtype") == "trailer" or item.get("extraType") or item.get("cinemaTrailer"):
        return IgnoreReason.TRAILER
    for prefix, reason in _PREFIXES.items():
        if native.startswith(prefix):
            return reason
    if item.get("live") in (True, 1, "1", "true"):
        return IgnoreReason.LIVE_TV
    if isinstance(library, str) and library in _LIBRARIES:
        return _LIBRARIES[library]
    return IgnoreReason.UNSUPPORTED_TYPE if isinstance(kind, str) and kind not in _WANTED else None


def _lookalike(account: dict[str, object]) -> bool:
    """Whether another server speaks Plex's format: its account ids are no numbers, and neither its times are milliseconds."""
    number = account.get("id")
    return isinstance(number, str) and bool(number) and not number.isdecimal()


def _seconds(item: dict[str, object], name: str) -> float | None:
    milliseconds = decimal(item.get(name), name)
    return milliseconds / 1000 if milliseconds is not None and milliseconds >= 0 else None


def _media(item: dict[str, object], native: str, entries: list[object], runtime: float | None) -> Media | None:
    kind = item.get("type")
    if kind == MediaType.MOVIE:
        agent = from_agent(native)
        ids = from_uris(entries)
        if agent:
            ids = ids.merged(agent.ids)
        return Movie(text(item.get("title"), "title"), year(item.get("year"), "year"), ids, runtime)
    if kind == MediaType.EPISODE:
        return _episode(item, native, entries, runtime)
    if kind is None:
        return None
    raise wrong("type")


def _episode(item: dict[str, object], native: str, entries: list[object], runtime: float | None) -> Episode:
    season, number = whole(item.get("parentIndex"), "parentIndex"), whole(item.get("index"), "index")
    agent = from_agent(native)
    if agent and agent.season is not None and agent.number is not None:
        known = season is not None and number is not None
        if agent.trusted or not known:
            season, number = agent.season, agent.number
    above = item.get("grandparentGuid")
    parent = from_agent(above) if isinstance(above, str) else None
    found = agent or parent
    title, since = split_year(text(item.get("grandparentTitle"), "grandparentTitle"))
    return Episode(
        show=Show(title, since, found.ids if found else NO_IDS),
        season=season,
        number=number,
        title=text(item.get("title"), "title"),
        ids=from_uris(entries),
        runtime=runtime,
    )


def _rating(payload: dict[str, object], item: dict[str, object]) -> float | None:
    """0.5 to 10; a rating of zero or less is one taken away, which has no counterpart here."""
    rating = decimal(payload.get("rating"), "rating")
    if rating is None:
        rating = decimal(item.get("userRating"), "userRating")
    return min(rating, 10.0) if rating is not None and rating > 0 else None


def _player(payload: dict[str, object]) -> str:
    names = []
    for name in ("Server", "Player"):
        part = section(payload.get(name), name)
        names.append(text(part.get("uuid"), f"{name}.uuid") or text(part.get("title"), f"{name}.title") or "")
    return "/".join(names) if any(names) else ""
