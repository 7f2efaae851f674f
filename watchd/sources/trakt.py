"""The bodies of Trakt's own scrobble and checkin calls, as scripts and home automation send them."""

from typing import Final

from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Media, Movie, Show, identifiable
from watchd.model.playback import Action, PlaybackEvent
from watchd.sources.fields import decimal, section, split_year, text, whole, wrong, year
from watchd.sources.ids import read_ids

SOURCE = "trakt"
VERBS: Final = {
    "start": Action.START,
    "pause": Action.PAUSE,
    "stop": Action.STOP,
    "checkin": Action.CHECKIN,
}
UNCHECKIN = PlaybackEvent(SOURCE, Action.UNCHECKIN, Movie())


def parse(verb: str, payload: object) -> PlaybackEvent:
    """What a call of `verb` (a key of `VERBS`) says; MalformedPayload with reason `no_item` when it names none."""
    if not isinstance(payload, dict):
        raise wrong("the body")
    action = VERBS[verb]
    media = _media(payload)
    if media is None or not identifiable(media):
        raise MalformedPayload("no_item", "the body names neither a movie nor an episode that could be found")
    progress = None if action is Action.CHECKIN else decimal(payload.get("progress"), "progress")
    return PlaybackEvent(
        source=SOURCE,
        action=action,
        media=media,
        progress=None if progress is None else min(100.0, max(0.0, progress)),
    )


def _media(payload: dict[str, object]) -> Media | None:
    if payload.get("movie") is not None:
        movie = section(payload["movie"], "movie")
        ids = read_ids(section(movie.get("ids"), "movie.ids"))
        return Movie(text(movie.get("title"), "movie.title"), year(movie.get("year"), "movie.year"), ids)
    if payload.get("episode") is not None:
        return _episode(section(payload["episode"], "episode"), section(payload.get("show"), "show"))
    return None


def _episode(episode: dict[str, object], show: dict[str, object]) -> Episode:
    title, since = split_year(text(show.get("title"), "show.title"))
    return Episode(
        show=Show(title, year(show.get("year"), "show.year") or since, read_ids(section(show.get("ids"), "show.ids"))),
        season=whole(episode.get("season"), "episode.season"),
        number=whole(episode.get("number"), "episode.number"),
        number_abs=whole(episode.get("number_abs"), "episode.number_abs"),
        title=text(episode.get("title"), "episode.title"),
        ids=read_ids(section(episode.get("ids"), "episode.ids")),
    )
