"""What a media server says of its own sessions when it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    was. `show` is the server's own key of the episode's show. `live`: it runs on a channel, and `item` is what it is called,
    for the channel's key stays the same from one programme to the next. `also` are the ids and names of those who watch along,
    and `along` says that this one is such a guest's.
    """

    item: str
    state: SessionState
    told: PlaybackEvent
    checked_in_at: int | None = None
    silence: int = 0
    show: str | None = None
    live: bool = False
    also: tuple[tuple[str | None, str | None], ...] = ()
    along: bool = False

    @property
    def screen(self) -> str:
        """Which player of which server it is; who watches along is followed as if on one of their own."""
        return f"{self.told.player}#{self.identity[0]}" if self.along else self.told.player

    @property
    def guests(self) -> tuple["Session", ...]:
        """What those who watch along see, each told as theirs."""
        told = self.told
        return tuple(
            replace(self, told=replace(told, user=name, sender=replace(told.sender, user_id=key)), also=(), along=True)
            for key, name in self.also
        )

    @property
    def identity(self) -> tuple[str, str]:
        """Whose viewing of which item it is: another one on the same screen is another sitting."""
        return self.told.sender.user_id or self.told.user or "", self.item


@dataclass(frozen=True, slots=True)
class Sessions:
    """One answer: what plays, what plays too but is nothing of ours, and live TV, which is ours where a setting says so."""

    playing: tuple[Session, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    live: tuple[Session, ...] = ()

    @classmethod
    def of(cls, found: Iterable[Session | Ignored]) -> "Sessions":
        """An answer by what each of its entries is, in their order."""
        entries = tuple(found)
        sessions = tuple(entry for entry in entries if isinstance(entry, Session))
        return cls(
            tuple(session for session in sessions if not session.live),
            tuple(entry for entry in entries if isinstance(entry, Ignored)),
            tuple(session for session in sessions if session.live),
        )
