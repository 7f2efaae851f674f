"""The `Metadata` of a Plex payload, as Plex sends it and as others imitate it: what is played, and whether it is for us."""

from watchd.model.media import NO_IDS, Episode, Media, MediaType, Movie, Show
from watchd.model.playback import IgnoreReason, Sender
from watchd.sources.fields import decimal, section, span, split_year, text, wrong, year
from watchd.sources.ids import from_agent, from_uris

_TYPES = {
    "track": IgnoreReason.MUSIC,
    "album": IgnoreReason.MUSIC,
    "artist": IgnoreReason.MUSIC,
    "photo": IgnoreReason.PHOTO,
    "clip": IgnoreReason.TRAILER,
    "trailer": IgnoreReason.TRAILER,
    "live": IgnoreReason.LIVE_TV,
    "livetv": IgnoreReason.LIVE_TV,
}
_WANTED = frozenset(map(str, MediaType))
_LIBRARIES = {"artist": IgnoreReason.MUSIC, "photo": IgnoreReason.PHOTO, "livetv": IgnoreReason.LIVE_TV}
_GUIDE = "tv.plex.xmltv://"
_EXTRA = "iva://"
_NOT = (None, False, 0, "", "0", "false")


def guids(item: dict[str, object]) -> tuple[str, list[object]]:
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


def unwanted(item: dict[str, object], native: str) -> IgnoreReason | None:
    """Why an item is nothing of ours; None when it is a movie or an episode, or says too little to tell."""
    kind, library = item.get("type"), item.get("librarySectionType")
    reason = _TYPES.get(kind) if isinstance(kind, str) else None
    if reason in (IgnoreReason.MUSIC, IgnoreReason.PHOTO):
        return reason
    if _set(item, "live") or native.startswith(_GUIDE):  # before the types: what is on a channel may come as a clip
        return IgnoreReason.LIVE_TV
    if item.get("subtype") == "trailer" or _set(item, "extraType") or _set(item, "cinemaTrailer") or native.startswith(_EXTRA):
        return IgnoreReason.TRAILER
    if reason is None and isinstance(library, str):
        reason = _LIBRARIES.get(library)
    return reason or (IgnoreReason.UNSUPPORTED_TYPE if isinstance(kind, str) and kind and kind not in _WANTED else None)


def _set(item: dict[str, object], name: str) -> bool:
    """Whether a mark is set, be it written as 1, "1", true or "true"."""
    value = item.get(name)
    return (value.strip().lower() if isinstance(value, str) else value) not in _NOT


def seconds(item: dict[str, object], name: str) -> float | None:
    """A time that is given in milliseconds."""
    milliseconds = decimal(item.get(name), name)
    return milliseconds / 1000 if milliseconds is not None and milliseconds >= 0 else None


def media_of(item: dict[str, object], native: str, entries: list[object], runtime: float | None) -> Media | None:
    """The movie or the episode; None when the item does not say which of them it is."""
    kind = item.get("type")
    if kind == MediaType.MOVIE:
        agent = from_agent(native)
        ids = from_uris(entries)
        if agent:
            ids = ids.merged(agent.ids)
        return Movie(text(item.get("title"), "title"), year(item.get("year"), "year"), ids, runtime)
    if kind == MediaType.EPISODE:
        return _episode(item, native, entries, runtime)
    if kind is None or isinstance(kind, str):
        return None
    raise wrong("type")


def _episode(item: dict[str, object], native: str, entries: list[object], runtime: float | None) -> Episode:
    season, _ = span(item.get("parentIndex"), "parentIndex")
    number, last = span(item.get("index"), "index")
    agent = from_agent(native)
    if agent and agent.season is not None and agent.number is not None:
        known = season is not None and number is not None
        if (agent.trusted and (season, number) != (agent.season, agent.number)) or not known:
            season, number, last = agent.season, agent.number, None
    above = item.get("grandparentGuid")
    parent = from_agent(above) if isinstance(above, str) else None
    found = agent or parent
    title, since = split_year(text(item.get("grandparentTitle"), "grandparentTitle"))
    return Episode(
        show=Show(title, since, found.ids if found else NO_IDS),
        season=season,
        number=number,
        number_end=last,
        number_abs=number if found and found.absolute and season in (None, 1) else None,
        title=text(item.get("title"), "title"),
        ids=from_uris(entries),
        runtime=runtime,
    )


def rating_of(payload: dict[str, object], item: dict[str, object]) -> float | None:
    """0.5 to 10; a rating of zero or less is one taken away, which has no counterpart here."""
    rating = decimal(payload.get("rating"), "rating")
    if rating is None:
        rating = decimal(item.get("userRating"), "userRating")
    return min(rating, 10.0) if rating is not None and rating > 0 else None


def player_of(payload: dict[str, object]) -> tuple[str, str | None]:
    """What tells a screen from others, and what people call it."""
    names = []
    for name in ("Server", "Player"):
        part = section(payload.get(name), name)
        names.append(text(part.get("uuid"), f"{name}.uuid") or text(part.get("title"), f"{name}.title") or "")
    title = text(section(payload.get("Player"), "Player").get("title"), "Player.title")
    return "/".join(names) if any(names) else "", title


def sender_of(payload: dict[str, object], item: dict[str, object]) -> Sender:
    """Account, server and library by their ids and names."""
    account, server = section(payload.get("Account"), "Account"), section(payload.get("Server"), "Server")
    return Sender(
        user_id=text(account.get("id"), "Account.id"),
        server=text(server.get("uuid"), "Server.uuid"),
        server_name=text(server.get("title"), "Server.title"),
        library=text(item.get("librarySectionTitle"), "librarySectionTitle"),
        library_id=text(item.get("librarySectionID"), "librarySectionID"),
    )
