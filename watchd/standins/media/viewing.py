"""What goes on in front of the screens of a media server, as the test says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from watchd.standins.items import Watchable
from watchd.standins.server import StandIn

REPORT_EVERY = 10


@dataclass(slots=True)
class Viewing:
    """Somebody in front of a screen. `position` (seconds) was true at `at` (ms); `dead_at` is when the player's app died.

    `extra` are fields that its session has besides, or instead.
    """

    item: Watchable
    device: str
    at: int
    position: float = 0.0
    playing: bool = True
    buffering: bool = False
    user: tuple[str, str] | None = ("1", "watcher")
    dead_at: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def length(self) -> float:
        return self.item.runtime * 60.0

    def place(self, now: int) -> float:
        """Where it is, in seconds."""
        played = (now - self.at) / 1000 if self.playing else 0.0
        return min(self.length, self.position + played)

    def report(self, now: int) -> tuple[float, int]:
        """What the player itself reported last, and when: at each change, and every ten seconds while it plays."""
        last = now if self.dead_at is None else min(now, self.dead_at)
        if self.playing:
            last -= (last - self.at) % (REPORT_EVERY * 1000)
        return self.place(last), last


class MediaStandIn(StandIn):
    """A media server. Its screens are told apart by the name of the device; an item has the same key each time."""

    secret = "standin-media-secret"  # noqa: S105 - it opens nothing but this stand-in

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.viewings: list[Viewing] = []
        self.items: dict[str, Any] = {}

    def start_playing(
        self,
        item: Watchable,
        percent: float = 0.0,
        *,
        device: str = "tv",
        user: tuple[str, str] | None = ("1", "watcher"),
        **extra: Any,
    ) -> Viewing:
        """Begin an item on a screen, instead of what was on; `user` is an id and a name."""
        self.stop_playing(device)
        viewing = Viewing(item, device, self.now(), item.runtime * 0.6 * percent, user=user, extra=extra)
        self.viewings.append(viewing)
        return viewing

    def on(self, device: str = "tv") -> Viewing:
        """What is on that screen; StopIteration when nothing is."""
        return next(viewing for viewing in self.viewings if viewing.device == device)

    def pause(self, device: str = "tv") -> None:
        self._move(device, playing=False)

    def resume(self, device: str = "tv") -> None:
        self._move(device, playing=True)

    def seek(self, percent: float, device: str = "tv") -> None:
        self._move(device, playing=self.on(device).playing)
        self.on(device).position = self.on(device).length * percent / 100

    def kill(self, device: str = "tv") -> None:
        """The player's app dies without a word."""
        self.on(device).dead_at = self.now()

    def stop_playing(self, device: str = "tv") -> None:
        self.viewings = [viewing for viewing in self.viewings if viewing.device != device]

    def key(self, item: Any) -> str:
        """The server's own key of an item."""
        key = str(item.key[1] + {"movie": 0, "episode": 10_000_000, "show": 20_000_000}[item.kind])
        self.items[key] = item
        return key

    def remember(self) -> Callable[[], None]:
        before = list(self.viewings)

        def back() -> None:
            self.viewings = before

        return back

    def _move(self, device: str, *, playing: bool) -> None:
        viewing, now = self.on(device), self.now()
        viewing.position, viewing.at, viewing.playing = viewing.place(now), now, playing
