"""Kodi: its HttpScrobbler add-on, its own notifications, and the Movary add-on.

The add-on names neither its machine nor its user. All its events come as of one nameless player, so that what starts next
ends what was left open there; what is said of two rooms at once is kept apart by `sessionId`. A `player` is taken, if sent.
"""

from watchd.model.playback import Parsed
from watchd.sources import kodi_notifications
from watchd.sources.fields import text, wrong
from watchd.sources.scrobbles import read

SOURCE = "kodi"


def parse(payload: object) -> Parsed:
    """What an add-on or Kodi itself says; MalformedPayload when it is neither."""
    if not isinstance(payload, dict):
        raise wrong("the payload")
    if kodi_notifications.speaks_so(payload):
        return kodi_notifications.parse(payload)
    if "event" not in payload and "uniqueIds" in payload:  # Movary's add-on only tells of what was seen
        payload = {"event": "watched", "mediaType": "movie", **payload}
    name = text(payload.get("player"), "player")
    return read(payload, SOURCE, name or "", name)
