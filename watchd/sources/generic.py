"""The generic format, for players that are told of by a script: mpv, VLC and whatever else there is.

One JSON object per event, with the fields of Kodi's HttpScrobbler add-on and a few more. Only `event` must be there, and
something to know the item by: `filename`, or a title with year, numbers or ids.

    event            start, resume, pause, stop, end (stopped at the very end), interval (still playing), seek, watched
    progress         {"percent": 0-100, "time": seconds}, either or both, or a bare percentage
    duration         seconds
    timestamp        when it happened, ISO 8601 with its zone (or seconds since 1970); arrival, unless given
    sessionId        the same text for all events of one sitting, another one for the next
    mediaType        movie or episode; without it, what the other fields suggest
    title, year      of the movie (title: of the episode)
    uniqueIds        {"imdb": "tt0113277", "tmdb": 949, "tvdb": ..., "trakt": ...} of the movie or episode
    tvShowTitle, tvShowYear, tvShowUniqueIds, season, episode    of the show, and which one; "6-7" is a double episode
    filename         a name, path or URL; what the fields do not say is read from it
    source           the player's name, such as mpv; `player`, if two of that name are told apart
    user             whose play it is, where several people share the daemon
"""

from watchd.model.playback import Parsed
from watchd.sources.fields import text, wrong
from watchd.sources.scrobbles import read

SOURCE = "generic"


def parse(payload: object) -> Parsed:
    """What a script says; MalformedPayload when it names no event or its fields are of wrong types."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    name = text(payload.get("source"), "source")
    player = text(payload.get("player"), "player")
    return read(payload, SOURCE, "/".join(part for part in (name, player) if part), player or name)
