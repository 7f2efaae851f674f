"""The payloads we receive, by source; parsing is pure and total: an event, an ignored one, or `MalformedPayload`."""

from collections.abc import Callable

from watchd.model.playback import Parsed
from watchd.sources import emby, generic, homeassistant, jellyfin, kodi, plex, tautulli

Parser = Callable[[object], Parsed]

HOOKS: dict[str, Parser] = {
    plex.SOURCE: plex.parse,
    jellyfin.SOURCE: jellyfin.parse,
    emby.SOURCE: emby.parse,
    kodi.SOURCE: kodi.parse,
    tautulli.SOURCE: tautulli.parse,
    homeassistant.SOURCE: homeassistant.parse,
    generic.SOURCE: generic.parse,
}
