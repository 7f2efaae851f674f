"""Screens: what a watcher remembers of a server's players, and what it tells the recorder of them."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace

import structlog

from watchd.model.media import label
from watchd.model.playback import NOBODY, Action, Play, PlaybackEvent
from watchd.model.receipts import Fate, RawEvent
from watchd.model.sessions import Session, Sessions
from watchd.rules.household import Refused
from watchd.rules.watch import Followed, Habits, Screen, follow, recalled, unanswered
from watchd.services.doorkeeper import Doorkeeper
from watchd.services.recorder import Recorder
from watchd.telemetry.metrics import Metrics

log = structlog.get_logger()

VERB = "watcher"


class Screens:
    """All screens of one server. What could not be recorded is told again at the next look."""

    def __init__(self, source: str, habits: Habits, recorder: Recorder, doorkeeper: Doorkeeper, metrics: Metrics) -> None:
        self._source = source
        self._habits = habits
        self._recorder = recorder
        self._doorkeeper = doorkeeper
        self._metrics = metrics
        self._screens: dict[str, Screen] = {}
        self._owners: dict[str, int] = {}
        self._refused: dict[str, str] = {}

    @property
    def busy(self) -> bool:
        """Whether anything plays or is paused."""
        return bool(self._screens)

    @property
    def in_doubt(self) -> bool:
        """Whether something that played was missing from the last answer, so that it is not settled yet what is true."""
        return any(screen.missed for screen in self._screens.values())

    def recall(self, plays: Collection[Play], players: str) -> None:
        """Go on with the open plays that players of this server told of before the daemon was started."""
        for play in sorted(plays, key=lambda play: play.updated_at):
            for teller in play.tellers:
                if teller.source == self._source and teller.player.startswith(players):
                    self._screens[teller.player] = recalled(play, self._source, teller.player)
                    self._owners[teller.player] = play.account_id

    def reanchor(self, by: int) -> None:
        """The wall clock jumped by so many ms."""
        self._screens = {
            key: replace(screen, seen_at=screen.seen_at + by, moved_at=screen.moved_at + by)
            for key, screen in self._screens.items()
        }

    async def follow(self, sessions: Sessions, now: int) -> None:
        """A good answer at `now` (ms); StoreUnavailable when what it means could not be recorded."""
        shown: dict[str, list[Session]] = {}
        for session in self._present(sessions):
            shown.setdefault(session.screen, []).append(session)
        for key in dict.fromkeys([*self._screens, *shown]):
            await self._keep(key, follow(self._screens.get(key), shown.get(key, ()), now, self._habits), now)

    def _present(self, sessions: Sessions) -> Iterator[Session]:
        """What may be somebody's play; who watches along counts where that is another account than those before."""
        for session in (*sessions.playing, *(sessions.live if self._doorkeeper.live_tv else ())):
            yield session
            accounts = {self._account_of(session)} if session.also else set()
            for guest in session.guests:
                account = self._account_of(guest)
                if account is not None and account not in accounts:
                    accounts.add(account)
                    yield guest

    def _account_of(self, session: Session) -> int | None:
        account, admitted = self._doorkeeper.admit(session.told, self._source, None, rehearsing=True)
        return None if isinstance(admitted, Refused) else account

    async def unanswered(self, now: int) -> None:
        """No answer at `now` (ms)."""
        for key, screen in list(self._screens.items()):
            await self._keep(key, unanswered(screen, now, self._habits), now)

    async def _keep(self, key: str, followed: Followed, now: int) -> None:
        events, screen = followed
        for event in events:
            await self._tell(key, event, now)
        if screen is not None:
            self._screens[key] = screen
            return
        for memory in (self._screens, self._owners, self._refused):
            memory.pop(key, None)

    async def _tell(self, key: str, event: PlaybackEvent, now: int) -> None:
        owner = self._owners.get(key) if event.sender is NOBODY else None
        account_id, admitted = self._doorkeeper.admit(event, self._source, owner)
        if isinstance(admitted, Refused):
            what = f"{event.user}|{label(event.media)}"
            if self._refused.get(key) == what or event.action is Action.STOP:
                return
            self._refused[key] = what
            log.info("watcher.refused", source=self._source, reason=admitted.reason)
        raw = RawEvent(account_id, self._source, now, described(event), VERB, event.user)
        receipt = await self._recorder.record(raw, admitted)
        if receipt.fate is Fate.ACCEPTED:
            self._metrics.events_received.labels(self._source, str(event.action)).inc()
        else:
            self._metrics.events_rejected.labels(self._source, str(receipt.fate)).inc()


def described(event: PlaybackEvent) -> str:
    """What a watcher makes of what it saw, as the text that is kept; the server's own answer holds more than is needed."""
    media = event.media
    told = {
        "action": str(event.action),
        "item": label(media),
        "ids": dict(media.ids.items()),
        "position": event.position,
        "duration": event.duration,
        "player": event.player_name or event.player,
        "user": event.user,
        "server": event.sender.server_name or event.sender.server,
        "library": event.sender.library,
    }
    return json.dumps({name: value for name, value in told.items() if value not in (None, {})}, ensure_ascii=False)
