"""Compares what a parser gave with a table of what was expected."""

from watchd.model.media import Episode
from watchd.model.playback import Ignored, Parsed


def facts(parsed: Parsed) -> dict[str, object]:
    """An event or an ignored one as plain values, under the names the fixtures use."""
    if isinstance(parsed, Ignored):
        return {"ignored": str(parsed.reason), "user": parsed.user, "type": str(parsed.type) if parsed.type else None}
    media = parsed.media
    episode = media if isinstance(media, Episode) else None
    named = media.show if isinstance(media, Episode) else media
    progress = parsed.progress
    if progress is None and parsed.position is not None and parsed.duration:
        progress = round(100 * parsed.position / parsed.duration, 2)
    return {
        "action": str(parsed.action),
        "type": str(media.type),
        "title": named.title,
        "year": named.year,
        "ids": dict(media.ids.items()),
        "show_ids": dict(episode.show.ids.items()) if episode else {},
        "season": episode.season if episode else None,
        "number": episode.number if episode else None,
        "number_abs": episode.number_abs if episode else None,
        "episode_title": episode.title if episode else None,
        "progress": progress,
        "position": parsed.position,
        "duration": parsed.duration,
        "rating": parsed.rating,
        "user": parsed.user,
        "player": parsed.player,
    }
