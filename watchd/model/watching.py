"""What is being watched now, and the card made of it."""

from dataclasses import dataclass
from enum import StrEnum

from watchd.model.media import Media


class WatchState(StrEnum):
    WATCHING = "watching"
    PAUSED = "paused"
    IDLE = "idle"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Watching:
    """What is being watched now, with its state and where we know it from.

    `progress` (percent) was true at `progress_at`; `runtime` is in seconds; `started_at` and `expires_at` are the start and
    the expected end; `stale_since` is when the source was last heard, while the state is unknown. All moments are
    milliseconds since the epoch. `play_id` is None for what Trakt alone knows of.
    """

    state: WatchState
    media: Media | None = None
    source: str | None = None
    player: str | None = None
    progress: float | None = None
    progress_at: int = 0
    runtime: float | None = None
    started_at: int | None = None
    expires_at: int | None = None
    stale_since: int | None = None
    play_id: int | None = None


IDLE = Watching(WatchState.IDLE)


@dataclass(frozen=True, slots=True)
class Artwork:
    """Absolute URLs of pictures, each None when there is none: one backdrop in three widths, and the poster."""

    backdrop: str | None = None
    backdrop_medium: str | None = None
    backdrop_small: str | None = None
    poster: str | None = None


NO_ARTWORK = Artwork()
