"""What a media server says of its own sessions when it is asked."""

from dataclasses import dataclass
from enum import StrEnum

from watchd.model.playback import Ignored, PlaybackEvent


class SessionState(StrEnum):
    PLAYING = "playing"
    PAUSED = "paused"
    BUFFERING = "buffering"


@dataclass(frozen=True, slots=True)
class Session:
    """One item on one screen, as the server tells of it.

    `item` is the server's own key of the item; `told` is the start that would say the same, with its position (None where
    the server does not know it yet), user, player and sender. `checked_in_at` is when the player itself last reported, by
    the server's clock (ms), where the server reckons positions on without it, and `silence` how many milliseconds ago that
    was. `show` is the server's own key of the episode's show.
    """

    item: str
    state: SessionState
    told: PlaybackEvent
    checked_in_at: int | None = None
    silence: int = 0
    show: str | None = None

    @property
    def screen(self) -> str:
        """Which player of which server it is."""
        return self.told.player

    @property
    def identity(self) -> tuple[str, str]:
        """Whose viewing of which item it is: another one on the same screen is another sitting."""
        return self.told.sender.user_id or self.told.user or "", self.item


@dataclass(frozen=True, slots=True)
class Sessions:
    """One answer: what plays, and what plays too but is nothing of ours."""

    playing: tuple[Session, ...] = ()
    ignored: tuple[Ignored, ...] = ()
