"""Plays and events for the tables: one movie of 100 minutes, one episode of 40, one player."""

from dataclasses import replace
from typing import Any

from watchd.clock import MINUTE
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Action, Origin, Play, PlaybackEvent, PlayState
from watchd.rules.policy import Policy

NOW = 1_790_000_000_000
POLICY = Policy()
HEAT = Movie("Heat", 1995, MediaIds(trakt=353, imdb="tt0113277", tmdb=949), 6000.0)
PILOT = Episode(Show("Severance", 2022, MediaIds(trakt=154997)), 1, 1, title="Good News About Hell", runtime=2400.0)
SECOND = replace(PILOT, number=2, title="Half Loop")


def minutes(count: float) -> int:
    return round(count * MINUTE)


def event(
    action: Action, progress: float | None = None, *, media: Media = HEAT, source: str = "plex", **more: Any
) -> PlaybackEvent:
    return PlaybackEvent(source, action, media, progress=progress, **more)


def play(**more: Any) -> Play:
    """A play that began at 0 % at `NOW` and is playing, unless told otherwise."""
    values: dict[str, Any] = {
        "id": 7,
        "account_id": 1,
        "media_id": 3,
        "media": HEAT,
        "state": PlayState.PLAYING,
        "origin": Origin.HOOK,
        "source": "plex",
        "player": "",
        "started_at": NOW,
        "updated_at": NOW,
        "progress": 0.0,
        "progress_at": NOW,
        "reported": 0.0,
        "runtime": 6000.0,
    }
    return Play(**{**values, **more})


def paused(progress: float, at: int, **more: Any) -> Play:
    return play(state=PlayState.PAUSED, progress=progress, progress_at=at, updated_at=at, reported=progress, **more)


def stopped(progress: float, at: int, **more: Any) -> Play:
    values: dict[str, Any] = {"progress": progress, "progress_at": at, "updated_at": at, "reported": progress, "ended_at": at}
    return play(state=PlayState.STOPPED, **{**values, **more})


def watched(at: int, **more: Any) -> Play:
    """Stopped at 95 % and counted at `at`."""
    return stopped(95.0, at, watched_at=at, **more)


def watched_open(at: int, **more: Any) -> Play:
    """Counted at `at` by a watched event at 90 %, and still playing."""
    return play(progress=90.0, progress_at=at, updated_at=at, reported=90.0, watched_at=at, **more)
