"""What players call the kinds of things they play."""

from watchd.model.media import MediaType
from watchd.model.playback import IgnoreReason

UNSAID = frozenset({"", "unknown", "none", "video", "videos", "file", "url", "playlist", "genre", "app", "apps", "application"})
WANTED = {
    "movie": MediaType.MOVIE,
    "movies": MediaType.MOVIE,
    "film": MediaType.MOVIE,
    "episode": MediaType.EPISODE,
    "episodes": MediaType.EPISODE,
    "tvshow": MediaType.EPISODE,
    "tvshows": MediaType.EPISODE,
    "tv_show": MediaType.EPISODE,
    "show": MediaType.EPISODE,
    "series": MediaType.EPISODE,
    "season": MediaType.EPISODE,
    "tv": MediaType.EPISODE,
}
UNWANTED = (
    dict.fromkeys(("song", "track", "music", "musicvideo", "audio", "album", "artist", "podcast", "radio"), IgnoreReason.MUSIC)
    | dict.fromkeys(("composer", "contributing_artist", "audiobook"), IgnoreReason.MUSIC)
    | dict.fromkeys(("picture", "photo", "image", "slideshow"), IgnoreReason.PHOTO)
    | dict.fromkeys(("channel", "channels", "tvchannel", "livetv", "live_tv", "live", "pvr"), IgnoreReason.LIVE_TV)
    | dict.fromkeys(("trailer", "clip", "extra"), IgnoreReason.TRAILER)
)


def reason_for(kind: str) -> IgnoreReason | None:
    """Why things of this kind are nothing of ours; None where they are, or where the kind says nothing. Lower case."""
    if kind in UNWANTED:
        return UNWANTED[kind]
    return None if kind in WANTED or kind in UNSAID else IgnoreReason.UNSUPPORTED_TYPE
