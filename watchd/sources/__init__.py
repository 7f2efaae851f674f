"""The payloads we receive, by source; parsing is pure and total: an event, an ignored one, or `MalformedPayload`."""

from collections.abc import Callable

from watchd.model.playback import Parsed
from watchd.sources import plex

Parser = Callable[[object], Parsed]

HOOKS: dict[str, Parser] = {
    plex.SOURCE: plex.parse,
}
