"""What players report, and what we make of it."""

from dataclasses import dataclass
from enum import StrEnum

from watchd.model.media import Media, MediaType


class Action(StrEnum):
    """What a player said. Resume is a start; `watched` is complete at an unknown position."""

    START = "start"
    PAUSE = "pause"
    STOP = "stop"
    WATCHED = "watched"
    PROGRESS = "progress"
    RATE = "rate"
    MARK_WATCHED = "mark_watched"
    MARK_UNWATCHED = "mark_unwatched"
    CHECKIN = "checkin"
    UNCHECKIN = "uncheckin"


class IgnoreReason(StrEnum):
    """Why an understood event becomes nothing."""

    MUSIC = "music"
    PHOTO = "photo"
    TRAILER = "trailer"
    LIVE_TV = "live_tv"
    LIBRARY_EVENT = "library_event"
    SYSTEM_EVENT = "system_event"
    ADMIN_EVENT = "admin_event"
    TEST_EVENT = "test_event"
    UNKNOWN_EVENT = "unknown_event"
    NOISE = "noise"
    USER_DATA_NOISE = "user_data_noise"
    FAVOURITE = "favourite"
    NO_METADATA = "no_metadata"
    NO_RATING = "no_rating"
    UNIDENTIFIABLE = "unidentifiable"
    UNSUPPORTED_TYPE = "unsupported_type"
    NOT_VIDEO_LIBRARY = "not_video_library"
    EMPTY_BODY = "empty_body"


@dataclass(frozen=True, slots=True)
class Sender:
    """Where an event comes from, beyond its user's name and its player: what households and filters go by."""

    user_id: str | None = None
    server: str | None = None
    server_name: str | None = None
    library: str | None = None
    library_id: str | None = None


NOBODY = Sender()


@dataclass(frozen=True, slots=True)
class PlaybackEvent:
    """One thing a player reported.

    `progress` is percent 0-100; `position` and `duration` are seconds; `at` is the event's own time in milliseconds since
    the epoch, when the payload carries one. `session` is set only when the source has real session ids, new for each
    sitting. `player` tells two screens of one source apart; `player_name` is what people call it. `position_at` is when the
    position was true, where that is another moment than the event's (Home Assistant).
    """

    source: str
    action: Action
    media: Media
    progress: float | None = None
    position: float | None = None
    duration: float | None = None
    at: int | None = None
    session: str | None = None
    player: str = ""
    player_name: str | None = None
    user: str | None = None
    completed: bool = False
    rating: float | None = None
    position_at: int | None = None
    sender: Sender = NOBODY


@dataclass(frozen=True, slots=True)
class UnnamedEvent:
    """A player paused or stopped and does not say what it played; whatever is open on that player is meant.

    The fields are those of `PlaybackEvent`; `type` where the payload tells at least that much.
    """

    source: str
    action: Action
    progress: float | None = None
    position: float | None = None
    duration: float | None = None
    at: int | None = None
    session: str | None = None
    player: str = ""
    player_name: str | None = None
    user: str | None = None
    completed: bool = False
    type: MediaType | None = None
    position_at: int | None = None
    sender: Sender = NOBODY

    def of(self, media: Media) -> PlaybackEvent:
        """The event once it is known what was playing."""
        return PlaybackEvent(
            source=self.source,
            action=self.action,
            media=media,
            progress=self.progress,
            position=self.position,
            duration=self.duration,
            at=self.at,
            session=self.session,
            player=self.player,
            player_name=self.player_name,
            user=self.user,
            completed=self.completed,
            position_at=self.position_at,
            sender=self.sender,
        )


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing of ours: answered with 2xx and the reason.

    `instead` is the event it would have been, where a setting may want it after all (live TV).
    """

    reason: IgnoreReason
    user: str | None = None
    type: MediaType | None = None
    instead: PlaybackEvent | None = None


Parsed = PlaybackEvent | UnnamedEvent | Ignored


class PlayState(StrEnum):
    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"


class Origin(StrEnum):
    """How a play came to us; only what happened here owes Trakt anything."""

    HOOK = "hook"
    CHECKIN = "checkin"
    MARK = "mark"
    TRAKT = "trakt"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Teller:
    """A source that tells of a sitting: the player it speaks for, its session id if it has such, when it last spoke.

    `place_at` is when the newest position it told was true, where it says so (`PlaybackEvent.position_at`).
    """

    source: str
    player: str
    session: str | None
    last_at: int
    beats: int = 0
    place_at: int | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """A sitting as we keep it: open until it ends; with `watched_at` set it is history.

    All times are milliseconds since the epoch; `progress` (percent, None while unknown) was true at `progress_at`;
    `reported` is the highest progress any source stated, as against reckoned; `runtime` is in seconds.
    `again_at` and `again_progress` remember a start that came after the watched moment and may become a rewatch.
    `parts_after` is how many episodes follow this one in the same file.
    """

    id: int
    account_id: int
    media_id: int
    media: Media
    state: PlayState
    origin: Origin
    source: str
    player: str
    started_at: int
    updated_at: int
    player_name: str | None = None
    progress: float | None = None
    progress_at: int = 0
    reported: float | None = None
    runtime: float | None = None
    watched_at: int | None = None
    ended_at: int | None = None
    again_at: int | None = None
    again_progress: float | None = None
    trakt_history_id: int | None = None
    tellers: tuple[Teller, ...] = ()
    parts_after: int = 0

    @property
    def open(self) -> bool:
        return self.state is not PlayState.STOPPED
