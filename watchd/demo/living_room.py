"""The script of the living room: who watches what, in the daemon's hurried time. What must end up in the history is noted."""

from collections.abc import Awaitable, Callable

from watchd.clock import Clock
from watchd.demo.players import Players
from watchd.standins.faults import Fault
from watchd.standins.items import Episode, Watchable
from watchd.standins.trakt import TraktStandIn

MINUTE = 60.0

Tell = Callable[[str], None]


class LivingRoom:
    """Plays the scenes; `watched` collects each play that Trakt's history must show exactly once."""

    def __init__(self, clock: Clock, players: Players, trakt: TraktStandIn, tell: Tell) -> None:
        self._clock = clock
        self._players = players
        self._trakt = trakt
        self._tell = tell
        self.watched: list[tuple[str, Watchable]] = []

    async def evening(self) -> None:
        """All scenes, one after the other."""
        scenes: tuple[Callable[[], Awaitable[None]], ...] = (
            self.movie_on_plex,
            self.episode_by_script,
            self.checkin,
            self.elsewhere,
            self.outage,
        )
        for scene in scenes:
            await scene()
            await self._minutes(6)

    async def movie_on_plex(self) -> None:
        """A movie on Plex: played, paused, resumed, finished; Plex says `scrobble` at 90 % and `stop` at the end."""
        movie = self._trakt.catalogue.movie("guardians-of-the-galaxy-2014")
        self._tell(f"Plex plays {movie.title}; it is paused for ten minutes, resumed, and watched to the end")
        await self._players.plex("media.play", movie, 0)
        await self._minutes(movie.runtime * 0.3)
        await self._players.plex("media.pause", movie, 30)
        await self._minutes(10)
        await self._players.plex("media.resume", movie, 30)
        await self._minutes(movie.runtime * 0.6)
        await self._players.plex("media.scrobble", movie, None)
        await self._minutes(movie.runtime * 0.07)
        await self._players.plex("media.stop", movie, 97)
        self.watched.append((f"{movie.title} (Plex)", movie))

    async def episode_by_script(self) -> None:
        """An episode told by a script that speaks Trakt's scrobble format."""
        episode = self._trakt.catalogue.episode("friends", 1, 1)
        self._tell(f"a script scrobbles {_name(episode)} in Trakt's format")
        await self._players.scrobble("start", episode, 0)
        await self._minutes(episode.runtime * 0.95)
        await self._players.scrobble("stop", episode, 95)
        self.watched.append((f"{_name(episode)} (Trakt format)", episode))

    async def checkin(self) -> None:
        """A checkin: relayed as one, and a play when its time is up."""
        episode = self._trakt.catalogue.episode("friends", 1, 2)
        self._tell(f"somebody checks in to {_name(episode)}; it becomes a play when its time is up")
        await self._players.checkin(episode)
        await self._minutes(episode.runtime + 2)
        self.watched.append((f"{_name(episode)} (checkin)", episode))

    async def elsewhere(self) -> None:
        """Something only Trakt knows of, from another app: shown, and never a play of ours."""
        episode = self._trakt.catalogue.episode("severance", 2, 10)
        self._tell(f"another app tells Trakt of {_name(episode)}: the card shows it, watchd records nothing")
        self._trakt.watch("watcher", episode, 60)
        await self._minutes(episode.runtime * 0.4 + 2)

    async def outage(self) -> None:
        """Trakt fails for forty minutes while an episode is watched from start to end."""
        episode = self._trakt.catalogue.episode("breaking-bad", 1, 2)
        self._tell(f"Trakt answers 503 for forty minutes; meanwhile Plex plays {_name(episode)} to the end")
        ends = self._clock.now() + round(40 * MINUTE * 1000)
        self._trakt.faults.add(Fault("status", status=503, times=None, until=ends))
        await self._players.plex("media.play", episode, 15)
        await self._minutes(episode.runtime * 0.8)
        await self._players.plex("media.stop", episode, 95)
        self.watched.append((f"{_name(episode)} (Plex, Trakt down)", episode))
        await self._minutes(8)

    async def stay(self) -> None:
        """Something to look at for as long as the demo runs: an episode in real time, begun again when it is over."""
        episode = self._trakt.catalogue.episode("severance", 2, 10)
        while True:
            await self._players.plex("media.play", episode, 35)
            await self._minutes(episode.runtime * 0.6)
            await self._players.plex("media.stop", episode, 95)
            await self._minutes(episode.runtime)

    async def _minutes(self, minutes: float) -> None:
        await self._clock.sleep(minutes * MINUTE)


def _name(item: Watchable) -> str:
    return f"{item.show.title} S{item.season}E{item.number}" if isinstance(item, Episode) else item.title
