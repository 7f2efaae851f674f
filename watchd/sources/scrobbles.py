"""The JSON of Kodi's HttpScrobbler add-on, which is the generic format for scripts as well."""

from dataclasses import replace

from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Media, MediaType, Movie, Show, identifiable
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, UnnamedEvent
from watchd.sources.fields import decimal, flag, moment, section, span, split_year, text, wrong, year
from watchd.sources.filenames import completed, guess, is_file_name
from watchd.sources.ids import named_ids, show_ids_among
from watchd.sources.kinds import WANTED, reason_for
from watchd.sources.naming import nameable

_ACTIONS = {
    "start": Action.START,
    "play": Action.START,
    "resume": Action.START,
    "pause": Action.PAUSE,
    "stop": Action.STOP,
    "end": Action.STOP,
    "interval": Action.PROGRESS,
    "progress": Action.PROGRESS,
    "seek": Action.PROGRESS,
    "watched": Action.WATCHED,
}
_OF_EPISODES = ("tvShowTitle", "season", "episode", "tvShowUniqueIds")
_SAYING = ("mediaType", "title", "filename", "file", "uniqueIds", "dbId", *_OF_EPISODES)


def read(payload: dict[str, object], source: str, player: str, player_name: str | None) -> Parsed:
    """The event; MalformedPayload when it names none. A pause or stop that says nothing of an item is an `UnnamedEvent`."""
    verb = payload.get("event")
    if not isinstance(verb, str):
        raise MalformedPayload("no_event", "the payload names no event")
    verb = verb.strip().lower()
    user = text(payload.get("user"), "user")
    action = _ACTIONS.get(verb)
    if action is None:
        return Ignored(IgnoreReason.TEST_EVENT if verb == "test" else IgnoreReason.UNKNOWN_EVENT, user)
    kind = (text(payload.get("mediaType"), "mediaType") or "").lower()
    reason = reason_for(kind) or (IgnoreReason.LIVE_TV if flag(payload.get("live")) else None)
    told = replace(_told(payload, source, action, at_end=verb == "end"), player=player, player_name=player_name, user=user)
    if reason is None and action in (Action.PAUSE, Action.STOP) and not any(name in payload for name in _SAYING):
        return told
    media = _media(payload, kind, told.duration)
    if media is None or not nameable(media):
        return Ignored(reason or IgnoreReason.UNIDENTIFIABLE, user, media.type if media else None)
    if reason is not None:
        instead = told.of(media) if reason is IgnoreReason.LIVE_TV else None
        return Ignored(reason, user, media.type if instead else None, instead)
    return told.of(media)


def _told(payload: dict[str, object], source: str, action: Action, *, at_end: bool) -> UnnamedEvent:
    """All of the event but what it is about and whose it is."""
    progress = payload.get("progress")
    how_far = progress if isinstance(progress, dict) else {"percent": progress}
    percent = decimal(how_far.get("percent"), "progress.percent")
    time = decimal(how_far.get("time"), "progress.time")
    length = decimal(payload.get("duration"), "duration")
    if percent is not None:
        percent = round(min(100.0, max(0.0, percent)), 2)
    return UnnamedEvent(
        source=source,
        action=action,
        progress=100.0 if at_end else percent,
        position=None if time is None else max(0.0, time),
        duration=length if length is not None and length > 0 else None,
        at=moment(payload.get("timestamp"), "timestamp"),
        session=text(payload.get("sessionId"), "sessionId"),
        completed=at_end,
    )


def _media(payload: dict[str, object], kind: str, runtime: float | None) -> Media | None:
    """What the fields name, else what the name of the file says; both together where they speak of one episode."""
    stated = _stated(payload, kind, runtime)
    if isinstance(stated, Episode):
        return completed(stated, _guessed(payload, with_title=not identifiable(stated)))
    if stated is not None and (stated.ids or (stated.title and (stated.year or not is_file_name(stated.title)))):
        return stated
    found = _guessed(payload, with_title=True)
    return replace(found, runtime=runtime) if found else None


def _stated(payload: dict[str, object], kind: str, runtime: float | None) -> Media | None:
    """What the fields name; without a `mediaType` a title alone names nothing, for players put file names there."""
    unique = section(payload.get("uniqueIds"), "uniqueIds")
    ids = named_ids(unique)
    title, since = text(payload.get("title"), "title"), year(payload.get("year"), "year")
    type_ = WANTED.get(kind)
    if type_ is None and any(payload.get(name) is not None for name in _OF_EPISODES):
        type_ = MediaType.EPISODE
    if type_ is None and not ids and (title is None or since is None):
        return None
    if type_ is not MediaType.EPISODE:
        return Movie(title, since, ids, runtime)
    show, show_year = split_year(text(payload.get("tvShowTitle"), "tvShowTitle"))
    season, _ = span(payload.get("season"), "season")
    number, last = span(payload.get("episode"), "episode")
    show_ids = named_ids(section(payload.get("tvShowUniqueIds"), "tvShowUniqueIds")).merged(show_ids_among(unique))
    show_year = year(payload.get("tvShowYear"), "tvShowYear") or show_year
    return Episode(Show(show, show_year, show_ids), season, number, last, title=title, ids=ids, runtime=runtime)


def _guessed(payload: dict[str, object], *, with_title: bool) -> Media | None:
    file = payload.get("filename") or payload.get("file")
    if file is not None and not isinstance(file, str):
        raise wrong("filename")
    title = text(payload.get("title"), "title") if with_title else None
    return next((found for name in (file, title) if name and (found := guess(name)) is not None), None)
