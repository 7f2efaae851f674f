"""Whether those who are asked what is being watched can be heard, and what follows from their silence."""

from dataclasses import dataclass

from watchd.model.playback import Play


@dataclass(frozen=True, slots=True)
class Hearing:
    """How somebody who is asked is heard: not asked at all, or with the last good answer (None: none since the start)."""

    asked: bool = False
    since: int = 0
    last_heard: int | None = None
    failing: bool = False

    @property
    def heard_until(self) -> int:
        """Up to when it is known what was true (ms)."""
        return self.since if self.last_heard is None else self.last_heard

    @property
    def well(self) -> bool:
        """Whether there is an answer, and it was the last."""
        return self.last_heard is not None and not self.failing

    def deaf(self, now: int, limit: int) -> bool:
        """Whether nothing can be concluded from nothing having been said: not heard yet, or failing for longer than `limit`."""
        return self.asked and (self.last_heard is None or self.lost(now, limit))

    def lost(self, now: int, limit: int) -> bool:
        """Whether what was said before can no longer be taken for true."""
        return self.asked and self.failing and now - self.heard_until > limit


@dataclass(frozen=True, slots=True)
class Ear:
    """A media server that is asked what it plays: how it is heard, and of which players it tells (all of its source's: "").

    `answered_at` is when it answered last, whether or not that settled what is true; None where that is the same.
    """

    source: str
    players: str
    hearing: Hearing
    answered_at: int | None = None

    def tells_of(self, play: Play) -> bool:
        """Whether all that is known of a play is this server's word; what its players told of later came by hooks."""
        until = self.hearing.heard_until if self.answered_at is None else self.answered_at
        return bool(play.tellers) and all(
            teller.source == self.source and teller.player.startswith(self.players) and teller.last_at <= until
            for teller in play.tellers
        )
