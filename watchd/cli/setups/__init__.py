"""What to set in each media center so that it reports here; one setup a source, in the order in which they are printed."""

from watchd.cli.setups.centers import EMBY, JELLYFIN, PLEX
from watchd.cli.setups.players import GENERIC, KODI, TRAKT
from watchd.cli.setups.relays import HOMEASSISTANT, TAUTULLI
from watchd.cli.setups.setup import Setup

__all__ = ["SETUPS", "Setup"]

SETUPS: dict[str, Setup] = {
    "plex": PLEX,
    "jellyfin": JELLYFIN,
    "emby": EMBY,
    "kodi": KODI,
    "tautulli": TAUTULLI,
    "homeassistant": HOMEASSISTANT,
    "generic": GENERIC,
    "trakt": TRAKT,
}
