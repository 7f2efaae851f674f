"""All players there are, and those of sources that have a parser already."""

from tests.sittings.players import Player
from tests.sittings.plexes import PLEX, TAUTULLI, TAUTULLI_PUT
from tests.sittings.scripts import GENERIC, HOMEASSISTANT, HOMEASSISTANT_TIMELESS, KODI, TRAKT
from tests.sittings.servers import EMBY, EMBY_FORM, EMBY_JSON, JELLYFIN, JELLYFIN_TEMPLATE, JELLYFIN_UNOFFICIAL
from watchd.sources import HOOKS

SOURCES = ("plex", "jellyfin", "emby", "kodi", "tautulli", "homeassistant", "generic")

_FIRST = (PLEX, JELLYFIN, EMBY, KODI, TAUTULLI, HOMEASSISTANT, GENERIC, TRAKT)
_OTHERS = (TAUTULLI_PUT, JELLYFIN_TEMPLATE, JELLYFIN_UNOFFICIAL, EMBY_FORM, EMBY_JSON, HOMEASSISTANT_TIMELESS)


def heard(*players: Player) -> list[Player]:
    """Those whose source is understood."""
    return [player for player in players if player.source in HOOKS or player is TRAKT]


FIRST = heard(*_FIRST)
"""One for each source."""
ALL = heard(*_FIRST, *_OTHERS)
"""With the other ways in which a source may be set up to send."""
