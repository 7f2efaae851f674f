"""Media servers that listen on real ports and are asked what they play: Plex, Jellyfin, Emby and Kodi."""

from watchd.standins.media.emby_server import EmbyStandIn, JellyfinStandIn
from watchd.standins.media.kodi_server import KodiStandIn
from watchd.standins.media.plex_server import PlexStandIn
from watchd.standins.media.viewing import MediaStandIn, Viewing

__all__ = ["EmbyStandIn", "JellyfinStandIn", "KodiStandIn", "MediaStandIn", "PlexStandIn", "Viewing"]
