"""What a parser gave as plain values, under the names the fixtures use."""

from watchd.model.media import Episode
from watchd.model.playback import Ignored, Parsed, UnnamedEvent


def facts(parsed: Parsed) -> dict[str, object]:
    """An event, or an ignored one, for comparing with a table of what was expected."""
    if isinstance(parsed, Ignored):
        told = parsed.instead
        return {
            "ignored": str(parsed.reason),
            "user": parsed.user,
            "type": str(parsed.type) if parsed.type else None,
            "instead": facts(told)["title"] if told else None,
        }
    return {
        "action": str(parsed.action),
        "progress": _progress(parsed.progress, parsed.position, parsed.duration),
        "position": parsed.position,
        "duration": parsed.duration,
        "at": parsed.at,
        "session": parsed.session,
        "player": parsed.player,
        "player_name": parsed.player_name,
        "user": parsed.user,
        "completed": parsed.completed,
        "user_id": parsed.sender.user_id,
        "server": parsed.sender.server,
        "server_name": parsed.sender.server_name,
        "library": parsed.sender.library,
        "library_id": parsed.sender.library_id,
        **_of_media(parsed),
    }


def _of_media(parsed: Parsed) -> dict[str, object]:
    if isinstance(parsed, Ignored):
        return {}
    if isinstance(parsed, UnnamedEvent):
        return {"type": str(parsed.type) if parsed.type else None}
    media = parsed.media
    episode = media if isinstance(media, Episode) else None
    named = media.show if isinstance(media, Episode) else media
    return {
        "type": str(media.type),
        "title": named.title,
        "year": named.year,
        "ids": dict(media.ids.items()),
        "show_ids": dict(episode.show.ids.items()) if episode else {},
        "season": episode.season if episode else None,
        "number": episode.number if episode else None,
        "number_end": episode.number_end if episode else None,
        "number_abs": episode.number_abs if episode else None,
        "episode_title": episode.title if episode else None,
        "rating": parsed.rating,
    }


def _progress(progress: float | None, position: float | None, duration: float | None) -> float | None:
    if progress is None and position is not None and duration:
        return round(100 * position / duration, 2)
    return progress
